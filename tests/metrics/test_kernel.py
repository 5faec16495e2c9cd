import itertools

import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan import metrics
from keras_iidgan.tfgan_shim import tfgan


def k(x, y):
    return (sum(a * b for a, b in zip(x, y, strict=True)) / len(x) + 1) ** 3


def naive(x, y):
    """The unbiased estimate of one block, a pair at a time."""
    within = [np.mean([k(a, b) for a, b in itertools.permutations(side, 2)]) for side in (x, y)]
    return sum(within) - 2 * np.mean([k(a, b) for a in x for b in y])


def test_one_block_pair_by_pair():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(9, 4)), rng.normal(size=(12, 4)) + 0.5
    found = metrics.kid(x, y)
    assert found["kid"] == pytest.approx(naive(x, y))
    assert found["kid_samples"] == 9
    assert "kid_std_error" not in found  # One block says nothing of it.


def test_blocks_and_their_standard_error():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(20, 3)), 2 * rng.normal(size=(20, 3))
    deal = np.random.default_rng(4)
    dealt = [deal.permutation(rows) for rows in (x, y)]
    parts = [naive(*(rows[i : i + 5] for rows in dealt)) for i in range(0, 20, 5)]
    found = metrics.kid(x, y, block_size=5, seed=4)
    assert found["kid"] == pytest.approx(np.mean(parts))
    assert found["kid_std_error"] == pytest.approx(np.std(parts, ddof=1) / np.sqrt(4))


def test_it_is_that_of_tf_gan():
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(50, 6)), rng.normal(size=(70, 6)) + 0.3
    expected = tfgan().eval.kernel_classifier_distance_from_activations(
        tf.constant(y), tf.constant(x), dtype=tf.float64
    )
    assert metrics.kid(x, y)["kid"] == pytest.approx(float(expected))


def test_the_order_of_the_rows_is_no_matter_of_the_callers():
    """Features sorted by class would make every block one of a class of its own."""
    rng = np.random.default_rng(5)
    x, y = (np.repeat([0.0, 9.0], 200)[:, None] + rng.normal(size=(400, 2)) for _ in range(2))
    sorted_error = metrics.kid(x, y, block_size=100)["kid_std_error"]
    mixed = metrics.kid(rng.permutation(x), rng.permutation(y), block_size=100)["kid_std_error"]
    assert 1 / 5 < sorted_error / mixed < 5
    assert sorted_error > 100  # Of two blocks a class each it would be that of one class alone.


def test_a_perfect_sampler_has_0_within_the_error_that_is_stated():
    rng = np.random.default_rng(2)
    scores = []
    for _ in range(40):
        found = metrics.kid(*rng.normal(size=(2, 400, 3)), block_size=50)
        scores.append(found["kid"] / found["kid_std_error"])
    assert abs(np.mean(scores)) < 4 / np.sqrt(40)
    assert np.std(scores) == pytest.approx(1, abs=0.6)


@pytest.mark.parametrize(
    ("x", "y", "options", "message"),
    [
        (np.zeros((4, 3)), np.zeros((4, 2)), {}, "generated must have the 2 features of the refe"),
        (np.zeros(4), np.zeros((4, 2)), {}, r"generated must have shape \(N >= 2, D\); got \(4,\)"),
        (np.zeros((4, 2)), np.full((4, 2), np.inf), {}, "reference must be finite"),
        (np.zeros((4, 2)), np.zeros((4, 2)), {"block_size": 1}, "block_size must leave 2 rows"),
        (np.zeros((4, 2)), np.zeros((40, 2)), {"block_size": 5}, "for 4 and 40 rows"),
    ],
)
def test_what_does_not_fit_is_refused(x, y, options, message):
    with pytest.raises(ValueError, match=message):
        metrics.kid(x, y, **options)
