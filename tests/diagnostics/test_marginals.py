import itertools

import numpy as np
import pytest
from scipy import integrate, special, stats

from keras_iidgan.diagnostics import anderson_darling, diagnose_codes, marginals
from keras_iidgan.diagnostics.rows import holm


def codes(rows=80, dimensions=3, seed=0):
    return np.random.default_rng(seed).standard_normal((rows, dimensions)) * 1.2 + 0.1


def test_kolmogorov_smirnov_is_scipys():
    z = codes()
    expected = [stats.kstest(column, stats.norm.cdf).statistic for column in z.T]
    assert marginals.kolmogorov_smirnov(special.ndtr(z)) == pytest.approx(expected)


def test_anderson_darling_is_the_weighted_integral():
    """N int (F_N - Phi)^2 / (Phi (1 - Phi)) dPhi, between each value and the next."""
    z = np.sort(codes(12, 1)[:, 0])
    edges = np.concatenate([[0], stats.norm.cdf(z), [1]])
    integral = sum(
        integrate.quad(lambda p, level=i / 12: (level - p) ** 2 / (p * (1 - p)), low, high)[0]
        for i, (low, high) in enumerate(itertools.pairwise(edges))
    )
    assert anderson_darling.statistic(z[:, None]) == pytest.approx([12 * integral], rel=1e-6)


def test_anderson_darling_far_out_is_finite():
    found = anderson_darling.statistic(np.full((40, 1), 1e30))
    assert np.isfinite(found).all()
    assert anderson_darling.survival(found) == pytest.approx([0])


@pytest.mark.parametrize(("statistic", "level"), [(1.933, 0.10), (2.492, 0.05), (3.857, 0.01)])
def test_the_published_critical_values(statistic, level):
    """Anderson and Darling, 1954, table 1."""
    assert anderson_darling.survival(statistic) == pytest.approx(level, abs=3e-4)


@pytest.mark.parametrize("statistic", [0.3, 1.0, 2.5, 6.0])
def test_the_limit_law_by_inversion_of_its_characteristic_function(statistic):
    """P(Q > a) = 1/2 + 1/pi int Im(exp(-i t a) phi(t)) / t dt; the terms beyond K as their mean."""
    k = np.arange(1, 2_001)

    def integrand(t):
        log_phi = -0.5 * np.sum(np.log(1 - 2j * t / (k * (k + 1)))) + 1j * t / (k[-1] + 1)
        return np.exp(log_phi - 1j * t * statistic).imag / t

    integral, _ = integrate.quad(integrand, 1e-12, 150, limit=500)
    found = anderson_darling.survival(statistic)
    assert found == pytest.approx(0.5 + integral / np.pi, abs=1e-6)


def test_the_limit_law_falls_from_1_to_0():
    found = anderson_darling.survival(np.linspace(0, 40, 400))
    assert found[0] == pytest.approx(1, abs=1e-4)
    assert (np.diff(found) <= 0).all()
    assert 0 < found[-1] < 1e-15


def test_holm_by_its_definition():
    """Sorted 0.01, 0.02, 0.03, 0.9 times 4, 3, 2, 1, and never falling."""
    assert holm([0.03, 0.01, 0.9, 0.02]) == pytest.approx([0.06, 0.04, 0.9, 0.06])
    assert holm([0.5, 0.6]) == pytest.approx([1, 1])


@pytest.mark.parametrize("dimensions", [2, 10])
def test_samples_of_n_0_i_are_rejected_at_the_nominal_rate(dimensions):
    """Holm's smallest p-value of m independent ones is below a with 1 - (1 - a/m)^m."""
    runs, rows = 600, 100
    draws = np.random.default_rng(2).standard_normal((runs, rows, dimensions))
    found = {"ks": [], "ad": []}
    for z in draws:
        distances = marginals.kolmogorov_smirnov(special.ndtr(z))
        found["ks"].append(holm(stats.kstwo.sf(distances, rows)).min())
        squares = anderson_darling.survival(anderson_darling.statistic(z))
        found["ad"].append(holm(squares).min())
    for values in found.values():
        for level in (0.01, 0.05):
            rate = 1 - (1 - level / dimensions) ** dimensions
            low, high = stats.binom.ppf([0.0005, 0.9995], runs, rate)
            assert low <= np.sum(np.array(values) <= level) <= high


def test_the_effect_of_a_shift_is_that_of_the_bound():
    """A quarter: sup |Phi(x) - Phi(x - 1/4)| = 0.0995; the bounds are a hair above and below."""
    z = np.random.default_rng(3).standard_normal((40_000, 1)) + 0.25
    table = diagnose_codes(z)
    assert table["marginal_ks"].effect == pytest.approx(2 * stats.norm.cdf(1 / 8) - 1, abs=0.006)
    assert table["marginal_ad"].effect == pytest.approx(0.173, abs=0.008)


def test_a_constant_dimension_is_named():
    z = codes(200, 3)
    z[:, 1] = 0.25
    for name in ("marginal_ks", "marginal_ad"):
        found = diagnose_codes(z)[name]
        assert found.matters
        assert "dimension 1 constant" in found.note
        assert found.details["worst_dimensions"][0] == 1
        assert found.details["worst_deviations"][0] == 0
