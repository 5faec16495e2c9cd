import numpy as np
import pytest
from scipy import stats

from keras_iidgan.diagnostics import dependence, diagnose_codes


def u_centred(x):
    """By the definition of Szekely and Rizzo, an entry at a time."""
    n = len(x)
    a = np.abs(x[:, None] - x)
    out = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if i != j:
                rows = a[i].sum() / (n - 2) + a[:, j].sum() / (n - 2)
                out[i, j] = a[i, j] - rows + a.sum() / ((n - 1) * (n - 2))
    return out


def naive(x, y):
    a, b = u_centred(x), u_centred(y)
    return np.sum(a * b) / np.sqrt(np.sum(a * a) * np.sum(b * b))


@pytest.mark.parametrize("chunk", [2**22, 100])
def test_each_pair_by_the_definition(monkeypatch, chunk):
    monkeypatch.setattr(dependence, "CHUNK", chunk)  # 100: blocks of a row or two.
    rng = np.random.default_rng(0)
    z = rng.normal(size=(17, 3))
    z[:, 2] += z[:, 0] ** 2
    z[3] = z[4]  # Ties.
    found = dependence.distance_correlations(z)
    expected = [[naive(x, y) for y in z.T] for x in z.T]
    assert found == pytest.approx(np.array(expected))


def test_known_values():
    """1 of what is linear in each other, 0 of a constant."""
    z = np.random.default_rng(1).normal(size=(50, 1))
    found = dependence.distance_correlations(np.column_stack([z, -3 * z + 1, np.ones(50)]))
    assert found == pytest.approx(np.array([[1, 1, 0], [1, 1, 0], [0, 0, 0]]))


def test_a_correlated_gaussian_has_the_distance_correlation_of_the_closed_form():
    """Szekely, Rizzo and Bakirov, 2007, theorem 7."""
    rho, root = 0.6, np.sqrt(1 - 0.6**2)
    x, e = np.random.default_rng(2).normal(size=(2, 3_000))
    found = dependence.distance_correlations(np.column_stack([x, rho * x + root * e]))[0, 1]
    above = rho * np.arcsin(rho) + root - rho * np.arcsin(rho / 2) - np.sqrt(4 - rho**2) + 1
    assert found == pytest.approx(above / (1 + np.pi / 3 - np.sqrt(3)), abs=0.03)


def test_the_expectation_for_independent_dimensions_is_0():
    rng = np.random.default_rng(3)
    found = [dependence.distance_correlations(z)[0, 1] for z in rng.normal(size=(2_000, 20, 2))]
    assert abs(np.mean(found)) < 4 * np.std(found) / len(found) ** 0.5


@pytest.mark.parametrize("dimensions", [2, 10])
def test_independent_dimensions_are_rejected_at_most_at_the_nominal_rate(dimensions):
    """It is a bound: conservative, by less than a factor of 10 at 0.05."""
    runs, rows = 1_000, 60
    found = []
    for z in np.random.default_rng(4).standard_normal((runs, rows, dimensions)):
        correlations = dependence.distance_correlations(z)[np.triu_indices(dimensions, 1)]
        found.append(len(correlations) * dependence.upper_p(correlations.max(), rows))
    for level in (0.01, 0.05):
        assert np.sum(np.array(found) <= level) <= stats.binom.ppf(0.9995, runs, level)
    assert np.mean(np.array(found) <= 0.05) > 0.005


def test_dependence_without_correlation_is_found_and_named():
    """A circle's coordinates, in dimensions 1 and 4 of five."""
    rng = np.random.default_rng(5)
    z, angle = rng.standard_normal((600, 5)), rng.uniform(0, 2 * np.pi, 600)
    z[:, 1], z[:, 4] = np.sqrt(2) * np.cos(angle), np.sqrt(2) * np.sin(angle)
    found = diagnose_codes(z)["distance_correlation"]
    assert found.p_value < 1e-4
    assert found.details["worst_pairs"][0] == "1 and 4"
    z[:, 4] = np.abs(z[:, 1])
    assert diagnose_codes(z)["distance_correlation"].matters
