"""The toys of SIG's figure 1 have the laws that are printed there."""

import numpy as np
import pytest
from scipy import stats

from keras_iidgan import data
from keras_iidgan.data import toys

COUNTS = np.arange(12)


def negative_binomial(r, p):
    """SciPy counts failures before r successes of probability 1 - p."""
    return stats.nbinom(r, 1 - p).pmf(COUNTS)


@pytest.mark.parametrize(
    ("name", "law"),
    [
        ("negative_binomial", negative_binomial(2, 0.5)),
        ("poisson_mixture", (stats.poisson(10).pmf(COUNTS) + negative_binomial(0.2, 0.9)) / 2),
    ],
)
def test_counts_have_their_law(name, law):
    made = data.load(name)
    assert made.train.shape == (100_000, 1) and made.test.shape == (10_000, 1)
    assert (made.train == made.train.round()).all()
    for x in (made.train, made.test):
        shares = (x == COUNTS).mean(axis=0)
        error = np.sqrt(law * (1 - law) / len(x))
        assert (np.abs(shares - law) < 4.5 * error).all()
    assert made.labels is None and made.kind == "points"


def test_the_negative_binomial_is_a_poisson_of_gamma_rates():
    """Mean 2 and variance 2 + 2: twice that of a Poisson."""
    x = data.load("negative_binomial").train
    assert x.mean() == pytest.approx(2, abs=0.03) and x.var() == pytest.approx(4, rel=0.03)


@pytest.mark.parametrize("std", [None, 0.02])
def test_the_ring_is_even_and_has_noise_of_its_std(std):
    x = data.load("noisy_ring", std=std).train.astype(np.float64)
    radius, angle = np.hypot(*x.T), np.arctan2(x[:, 1], x[:, 0])
    # Noise across the radius alone moves it by s^2 / 4 on average, at radius 2.
    assert radius.mean() == pytest.approx(2 + (std or 0.1) ** 2 / 4, abs=0.002)
    assert radius.std() == pytest.approx(std or 0.1, rel=0.02)
    assert stats.kstest(angle, stats.uniform(-np.pi, 2 * np.pi).cdf).pvalue > 1e-3


@pytest.mark.parametrize("name", ["negative_binomial", "poisson_mixture", "noisy_ring"])
def test_seed_and_size_decide(name):
    one, again, other = (data.load(name, seed=seed, size=50) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.train, again.train)
    np.testing.assert_array_equal(one.test, data.load(name, seed=1, size=99).test)
    assert len(one.train) == 50 and (one.train != other.train).any()


def test_counts_have_no_standard_deviation():
    with pytest.raises(ValueError, match="std must be None, poisson_mixture has no standard dev"):
        data.load("poisson_mixture", std=0.1)


def test_every_count_is_a_mode_of_its_law_s_share():
    made = data.load("negative_binomial", size=10)
    expected = [(k + 1) * 0.5 ** (k + 2) for k in range(5)]
    assert made.mode_weights[:5] == pytest.approx(expected, rel=2e-4)
    assert made.mode_weights.sum() == pytest.approx(1)
    shares = data.load("poisson_mixture", size=10).mode_weights
    # (1 - p)^r at 0, and r p (1 - p)^r at 1.
    expected = (stats.poisson.pmf([0, 1], 10) + 0.1**0.2 * np.array([1, 0.2 * 0.9])) / 2
    assert shares[:2] == pytest.approx(expected, rel=3e-4)
    assert data.load("noisy_ring", size=10).num_modes == 0


def test_a_sample_belongs_to_the_nearest_count_and_is_good_if_there_is_one():
    x = np.array([[0.4], [-0.6], [2.6], [3.4], [9.0], [np.nan]])
    found = toys.nearest_count(x, num_modes=4)
    assert found.mode.tolist() == [0, 0, 3, 3, 3, -1]
    assert found.good.tolist() == [True, False, True, True, False, False]
