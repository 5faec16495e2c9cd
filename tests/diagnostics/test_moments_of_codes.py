import numpy as np
import pytest
from scipy import stats

from keras_iidgan.diagnostics import diagnose_codes, moments


def log_likelihood_ratio(z):
    """-2 log of the ratio, from two normal densities."""
    mean, covariance = z.mean(axis=0), np.atleast_2d(np.cov(z.T, bias=True))
    null = stats.multivariate_normal(np.zeros(z.shape[1])).logpdf(z).sum()
    return 2 * (stats.multivariate_normal(mean, covariance).logpdf(z).sum() - null)


@pytest.mark.parametrize("dimensions", [1, 2, 6])
def test_twice_n_times_the_divergence_is_the_log_likelihood_ratio(rows, dimensions):
    z = rows(50, dimensions).astype(np.float64)
    assert 2 * 50 * moments.divergence(z) == pytest.approx(log_likelihood_ratio(z))


def test_known_divergences():
    """Corners of a square about (a, a) of half side s: mean (a, a), covariance s^2 I."""
    corners = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    assert moments.divergence(corners + 0.5) == pytest.approx(0.25)
    assert moments.divergence(2 * corners) == pytest.approx(4 - np.log(4) - 1)
    assert moments.second_order(2 * corners + 0.5) == pytest.approx(0.5 * (0.5 + 0.5 * 18))


@pytest.mark.parametrize(("rows", "dimensions"), [(12, 2), (40, 10), (12, 11)])
def test_the_null_distribution_is_that_of_simulated_samples(rows, dimensions):
    draws = np.random.default_rng(5).standard_normal((3_000, rows, dimensions))
    sampled = [moments.divergence(z) for z in draws]
    drawn = moments.null_divergences(rows, dimensions, seed=6, draws=3_000)
    assert stats.ks_2samp(sampled, drawn).pvalue > 1e-3


def test_with_many_rows_the_null_distribution_is_chi_squared():
    drawn = 2 * 100_000 * moments.null_divergences(100_000, 5, seed=0, draws=4_000)
    assert stats.kstest(drawn, stats.chi2(5 + 15).cdf).pvalue > 1e-3


def test_the_second_order_agrees_near_n_0_i():
    z = np.random.default_rng(0).standard_normal((20_000, 3)) * [1.02, 0.98, 1] + 0.02
    assert moments.second_order(z) == pytest.approx(moments.divergence(z), rel=0.05)


def test_flat_directions_are_counted_where_rows_allow_it():
    rng = np.random.default_rng(1)
    z = (
        rng.normal(size=(200, 5))
        @ np.diag([1, 1, 1, 1, 0])
        @ stats.ortho_group.rvs(5, random_state=1)
    )
    assert moments.flat_directions(z) == 1
    assert moments.flat_directions(rng.normal(size=(200, 5))) == 0
    assert moments.flat_directions(np.zeros((200, 5))) == 5
    assert moments.flat_directions(rng.normal(size=(61, 60))) == 0
    assert moments.flat_directions(rng.normal(size=(30, 60))) == 0


def test_with_fewer_rows_than_dimensions_the_moments_remain():
    rng = np.random.default_rng(2)
    z = rng.standard_normal((40, 50))
    plain, scaled = (diagnose_codes(codes)["mean_and_covariance"] for codes in (z, 0.6 * z))
    assert "no likelihood ratio with 40 rows for 50 dimensions" in plain.note
    assert not plain.matters
    shifted = diagnose_codes(z + 0.5)["mean_and_covariance"]
    assert shifted.matters
    assert shifted.effect == pytest.approx(0.5, abs=0.15)
    assert scaled.statistic != plain.statistic
