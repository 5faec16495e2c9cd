import itertools

import numpy as np
import pytest
from scipy import stats

from keras_iidgan.diagnostics import diagnose_codes, shape


def skew(rows=30, dimensions=3, seed=0):
    rng = np.random.default_rng(seed)
    return rng.gamma(2.0, size=(rows, dimensions)) @ rng.normal(size=(dimensions, dimensions))


@pytest.mark.parametrize("dimensions", [1, 2, 5])
def test_mardias_statistics_a_pair_at_a_time(dimensions):
    z = skew(dimensions=dimensions)
    inverse = np.linalg.inv(np.atleast_2d(np.cov(z.T, bias=True)))
    c = z - z.mean(axis=0)
    found = shape.statistics(z)
    assert found["skewness"] == pytest.approx(
        np.mean([(a @ inverse @ b) ** 3 for a in c for b in c])
    )
    off = [(c[i] @ inverse @ c[j]) ** 3 for i, j in itertools.permutations(range(30), 2)]
    assert found["skewness_off"] == pytest.approx(np.mean(off))
    assert found["kurtosis"] == pytest.approx(np.mean([(a @ inverse @ a) ** 2 for a in c]))


def test_in_one_dimension_they_are_scipys_moments():
    z = skew(dimensions=1)
    found = shape.statistics(z)
    assert found["skewness"] == pytest.approx(stats.skew(z[:, 0]) ** 2)
    assert found["kurtosis"] == pytest.approx(stats.kurtosis(z[:, 0], fisher=False))


@pytest.mark.parametrize("dimensions", [1, 2])
def test_henze_zirkler_is_the_integral_of_the_characteristic_functions(dimensions):
    """N int |psi_N(t) - exp(-||t||^2 / 2)|^2 phi_b(t) dt, of the N(0, b I) density phi_b."""
    z = skew(20, dimensions)
    y = shape.standardised(z)
    b = shape.REACH / dimensions
    edges = np.linspace(-8, 8, 161) * b**0.5
    grid = np.stack(np.meshgrid(*[edges] * dimensions), axis=-1).reshape(-1, dimensions)
    psi = np.exp(1j * grid @ y.T).mean(axis=1)
    difference = np.abs(psi - np.exp(-np.sum(grid**2, axis=1) / 2)) ** 2
    weight = stats.multivariate_normal(np.zeros(dimensions), b * np.eye(dimensions)).pdf(grid)
    integral = np.sum(difference * weight) * (edges[1] - edges[0]) ** dimensions
    assert shape.statistics(z)["henze_zirkler"] == pytest.approx(20 * integral, rel=1e-6)


def test_affine_maps_change_nothing():
    z = skew(100, 4)
    mixed = z @ np.random.default_rng(1).normal(size=(4, 4)) * 1e5 - 300
    assert shape.statistics(mixed) == pytest.approx(shape.statistics(z))
    a, b = diagnose_codes(z), diagnose_codes(mixed)
    for first, second in zip(a.group("shape"), b.group("shape"), strict=True):
        assert first.p_value == second.p_value
        assert first.effect == pytest.approx(second.effect)


def test_the_mean_kurtosis_of_normal_samples_is_the_exact_one():
    n, m = 30, 3
    draws = np.random.default_rng(2).standard_normal((3_000, n, m))
    found = np.array([shape.statistics(z)["kurtosis"] for z in draws])
    expected = m * (m + 2) * (n - 1) / (n + 1)
    assert found.mean() == pytest.approx(expected, abs=4 * found.std() / len(found) ** 0.5)


def test_effects_of_known_distributions():
    """Exponential: skewness 2. Uniform: excess kurtosis -1.2, so relative to 15 in M = 3 -0.24."""
    rng = np.random.default_rng(3)
    assert diagnose_codes(rng.exponential(size=(8_000, 2)))["skewness"].effect == pytest.approx(
        2, abs=0.4
    )
    found = diagnose_codes(rng.uniform(size=(8_000, 3)))["kurtosis"]
    assert found.effect == pytest.approx(0.24, abs=0.03)
    assert found.matters


@pytest.mark.parametrize("rows", [200, 1_000])
def test_heavy_tails_are_not_taken_for_skewness(rows):
    """Mardia's statistic itself rejects, as it does; the size says that there is none."""
    z = np.random.default_rng(5).standard_t(8, size=(rows, 20))
    found = diagnose_codes(z)["skewness"]
    assert found.p_value < 0.01
    assert not found.matters


def test_standardised_codes_have_mean_0_and_covariance_i_in_their_rank():
    z = skew(50, 3)
    y = shape.standardised(np.column_stack([z, z[:, 0] - z[:, 1], np.full(50, 7.0)]))
    assert y.shape == (50, 3)
    assert y.mean(axis=0) == pytest.approx(np.zeros(3), abs=1e-9)
    assert y.T @ y / 50 == pytest.approx(np.eye(3))
    assert shape.standardised(np.full((40, 2), 0.1)).shape == (40, 0)


def test_a_gaussian_in_a_plane_is_one():
    z = np.random.default_rng(4).standard_normal((400, 2))
    table = diagnose_codes(np.column_stack([z, z.sum(axis=1)])).group("shape")
    for finding in table:
        assert not finding.matters
        assert "in the 2 of 3 directions that vary" in finding.note
