import numpy as np
import pytest
from scipy import stats

from keras_iidgan.diagnostics import diagnose_codes, spherical


def unit(rows=60, dimensions=3, seed=0, shift=0.4):
    z = np.random.default_rng(seed).standard_normal((rows, dimensions)) + shift
    return z / np.linalg.norm(z, axis=1)[:, None]


def uniform(runs, rows, dimensions):
    z = np.random.default_rng(8).standard_normal((runs, rows, dimensions))
    return z / np.linalg.norm(z, axis=2)[..., None]


@pytest.mark.parametrize("dimensions", [2, 3, 7])
def test_both_statistics_a_pair_of_directions_at_a_time(dimensions):
    u = unit(dimensions=dimensions)
    n, m = u.shape
    cosines = [float(a @ b) for a in u for b in u]
    rayleigh = m / n * sum(cosines)
    bingham = m * (m + 2) / (2 * n) * sum(c**2 - 1 / m for c in cosines)
    assert spherical.rayleigh(u)[0] == pytest.approx(rayleigh)
    assert spherical.bingham(u)[0] == pytest.approx(bingham)


def test_both_sizes_a_pair_at_a_time():
    u = unit()
    n, m = u.shape
    cosines = np.array([u[i] @ u[j] for i in range(n) for j in range(n) if i != j])
    assert spherical.resultant(u) == pytest.approx(cosines.mean() ** 0.5)
    assert spherical.anisotropy(u) == pytest.approx((m * np.mean(cosines**2) - 1) ** 0.5)


def test_directions_that_are_known():
    """All the same: resultant 1. Axes of the plane: none. A great circle of the sphere: half."""
    assert spherical.resultant(np.tile([0.6, 0.8], (9, 1))) == pytest.approx(1)
    axes = np.repeat(np.array([[1, 0], [-1, 0], [0, 1], [0, -1]], float), 500, axis=0)
    assert spherical.resultant(axes) == 0
    assert spherical.rayleigh(axes) == pytest.approx((0, 1))
    circle = np.column_stack([unit(50_000, 2, shift=0), np.zeros(50_000)])
    assert spherical.anisotropy(circle) == pytest.approx(0.5**0.5, abs=0.01)


@pytest.mark.parametrize(("rows", "dimensions"), [(50, 2), (50, 10), (40, 100)])
@pytest.mark.parametrize("test", [spherical.rayleigh, spherical.bingham])
def test_uniform_directions_are_rejected_at_the_nominal_rate(test, rows, dimensions):
    p_values = np.array([test(u)[1] for u in uniform(1_000, rows, dimensions)])
    for level in (0.01, 0.05, 0.25):
        low, high = stats.binom.ppf([0.0005, 0.9995], len(p_values), level)
        assert low <= np.sum(p_values <= level) <= high


@pytest.mark.parametrize("dimensions", [2, 10])
def test_the_statistics_have_the_mean_and_variance_that_is_stated(dimensions):
    n = 20
    directions = uniform(4_000, n, dimensions)
    bingham_mean = (dimensions - 1) * (dimensions + 2) / 2
    for test, mean in ((spherical.rayleigh, dimensions), (spherical.bingham, bingham_mean)):
        found = np.array([test(u)[0] for u in directions])
        assert found.mean() == pytest.approx(mean, abs=4 * found.std() / len(found) ** 0.5)
        assert found.var() == pytest.approx(2 * mean * (1 - 1 / n), rel=0.12)


def test_rows_of_0_have_no_direction_and_are_told():
    z = np.random.default_rng(1).standard_normal((100, 2))
    z[10:15] = 0
    found = diagnose_codes(z)["rayleigh"]
    assert found.samples == 95
    assert "5 rows are 0" in found.note


@pytest.mark.parametrize("scale", [1e-300, 1e-3, 1e38])
def test_directions_do_not_depend_on_the_scale(scale):
    u = unit(5)
    np.testing.assert_allclose(spherical.directions(scale * u), u, rtol=1e-12)


def test_the_radius_is_compared_with_chi_squared():
    z = 1.1 * np.random.default_rng(2).standard_normal((400, 5))
    found = diagnose_codes(z)["radius"]
    expected = stats.kstest(np.sum(z**2, axis=1), stats.chi2(5).cdf)
    assert (found.statistic, found.p_value) == pytest.approx(expected)
    assert found.details["mean_squared_radius"] == pytest.approx(1.21, abs=0.1)
