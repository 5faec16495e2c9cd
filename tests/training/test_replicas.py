"""The noise of training, and replica arithmetic outside of a strategy."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from keras_iidgan.training import replicas


def draw(shape, seed, **options):
    """Draw inside a `tf.function` with a seed that isn't a constant, so that nothing is folded."""
    function = tf.function(lambda s: replicas.local_normal(shape, s), **options)
    return function(tf.Variable(seed, dtype=tf.int64)).numpy()


def test_noise_is_standard_normal():
    z = draw([50_000, 2], [3, 5])
    assert z.dtype == np.float32
    # Seeded; a correct sampler would fail one seed in a thousand.
    assert stats.kstest(z[:, 0], "norm").pvalue > 0.001
    assert stats.kstest(z[:, 1], "norm").pvalue > 0.001
    assert abs(stats.pearsonr(z[:, 0], z[:, 1]).statistic) < 0.015
    first, second = z[:25_000].ravel(), z[25_000:].ravel()  # Cosines and sines of equal angles.
    assert abs(stats.pearsonr(first, second).statistic) < 0.015
    assert abs(stats.pearsonr(first**2, second**2).statistic) < 0.015


@pytest.mark.parametrize("shape", [[128, 2], [5, 3], [1, 1]])
def test_noise_is_the_same_with_xla_as_without(shape):
    plain, compiled = draw(shape, [3, 5]), draw(shape, [3, 5], jit_compile=True)
    assert plain.shape == tuple(shape)
    np.testing.assert_allclose(plain, compiled, rtol=1e-4, atol=1e-6)


def test_noise_depends_on_both_parts_of_the_seed():
    draws = [draw([8, 2], seed) for seed in ([0, 0], [0, 1], [1, 0], [1, 1], [2**40, 0])]
    for i, one in enumerate(draws):
        for other in draws[i + 1 :]:
            assert not np.isclose(one, other).any()


def test_no_draw_is_infinite():
    assert np.isfinite(draw([3_000_000, 2], [1, 1])).all()


def test_without_a_strategy_there_is_one_replica_and_a_sum_is_itself():
    tensors = [tf.constant([1.0, 2.0]), tf.constant(3.0)]
    assert replicas.count() == 1
    assert replicas.all_reduce_sum(tensors) is tensors


def test_uniform_draws_fill_the_unit_interval_and_are_the_same_with_xla():
    function = tf.function(lambda s: replicas.local_uniform([50_000, 1], s))
    seed = tf.Variable([3, 5], dtype=tf.int64)
    share = function(seed).numpy()
    assert (share.dtype, share.shape) == (np.float32, (50_000, 1))
    assert share.min() >= 0 and share.max() < 1
    assert stats.kstest(share[:, 0], "uniform").pvalue > 0.001  # Seeded.
    compiled = tf.function(lambda s: replicas.local_uniform([50_000, 1], s), jit_compile=True)
    np.testing.assert_array_equal(share, compiled(seed))
