import numpy as np
import pytest
from scipy import stats

from keras_iidgan import data
from keras_iidgan.data import toys


def test_counts_have_the_negative_binomial_s_moments_and_shares():
    counts = data.load("negative_binomial", seed=3)
    # A Poisson whose rate is Gamma(2, 1): mean 2, variance 2 + 2, but for the tail.
    assert counts.train.mean() == pytest.approx(2, abs=0.02)
    assert counts.train.var() == pytest.approx(4, abs=0.06)
    expected = [(k + 1) * 0.5 ** (k + 2) for k in range(5)]
    assert counts.mode_weights[:5] == pytest.approx(expected, rel=2e-4)


def test_the_mixture_is_half_poisson_and_half_negative_binomial():
    shares = data.load("poisson_mixture", size=10).mode_weights
    k = np.arange(5)
    # Gamma(r) times p / (1 - p) = 9 as the rate: (1 - p)^r at 0.
    negative = np.array([0.1**0.2, 0.2 * 0.9 * 0.1**0.2])
    expected = (stats.poisson.pmf(k[:2], 10) + negative) / 2
    assert shares[:2] == pytest.approx(expected, rel=3e-4)
    mean = shares @ np.arange(len(shares))
    assert mean == pytest.approx((10 + 0.2 * 9) / 2, abs=0.02)


def test_a_sample_belongs_to_the_nearest_count_and_is_good_if_there_is_one():
    x = np.array([[0.4], [-0.6], [2.6], [3.4], [9.0], [np.nan]])
    found = toys.nearest_count(x, num_modes=4)
    assert found.mode.tolist() == [0, 0, 3, 3, 3, -1]
    assert found.good.tolist() == [True, False, True, True, False, False]


def test_the_circle_has_its_radius_and_noise_and_no_modes():
    circle = data.load("noisy_circle", seed=1)
    # E|x|^2 = r^2 + 2 s^2.
    assert np.square(circle.train).sum(axis=1).mean() == pytest.approx(4.02, abs=0.01)
    assert np.linalg.norm(circle.train, axis=1).std() == pytest.approx(0.1, abs=0.002)
    assert (circle.num_modes, circle.num_classes, circle.assign) == (0, 0, None)


@pytest.mark.parametrize("name", toys.DATASETS)
def test_a_seed_gives_the_same_and_another_seed_others(name):
    first, same, other = (data.load(name, seed=seed, size=50).train for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()
    assert len(first) == 50
