"""The toys of SIG's figure 1 have the laws that are printed there."""

import numpy as np
import pytest
from scipy import stats

from keras_iidgan import data

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
    assert made.num_modes == 0 and made.labels is None and made.kind == "points"


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
