import itertools

import numpy as np
import pytest
from scipy import stats

from keras_iidgan.diagnostics import diagnose_codes, order


def series(rows=500, dimensions=2, coefficient=0.5, seed=0):
    """Autoregressive of order 1, with variance 1."""
    z = np.random.default_rng(seed).standard_normal((rows, dimensions))
    for i in range(1, rows):
        z[i] = coefficient * z[i - 1] + np.sqrt(1 - coefficient**2) * z[i]
    return z


def test_runs_are_counted_as_groups():
    z = series(61)
    found = order.runs(z)[0]
    expected = [
        len(
            list(
                itertools.groupby(
                    value > np.median(column) for value in column if value != np.median(column)
                )
            )
        )
        for column in z.T
    ]
    assert list(found) == expected


def test_the_moments_of_runs_are_those_of_all_orders():
    """All 8! orders of four values above and four below, which are 70 patterns."""
    patterns = [set(above) for above in itertools.combinations(range(8), 4)]
    columns = [[1.0 if i in above else -1.0 for i in range(8)] for above in patterns]
    found, expected, variance = order.runs(np.array(columns).T)
    assert found.mean() == pytest.approx(expected[0])
    assert found.var() == pytest.approx(variance[0])


def test_autocorrelations_by_the_definition():
    z = series(40)
    c = z - z.mean(axis=0)
    expected = [
        [sum(c[i, m] * c[i + k, m] for i in range(40 - k)) / np.sum(c[:, m] ** 2) for m in range(2)]
        for k in (1, 2, 3)
    ]
    assert order.autocorrelations(z, 3) == pytest.approx(np.array(expected))
    q = [40 * 42 * sum(expected[k][m] ** 2 / (39 - k) for k in range(3)) for m in range(2)]
    assert order.ljung_box(np.array(expected), 40) == pytest.approx(q)


def test_a_series_has_the_autocorrelation_and_the_runs_of_its_coefficient():
    """Signs of neighbours differ with the probability arccos(rho) / pi."""
    table = diagnose_codes(series(20_000, 1))
    assert table["autocorrelation"].effect == pytest.approx(0.5, abs=0.03)
    assert table["runs"].effect == pytest.approx(1 - 2 * np.arccos(0.5) / np.pi, abs=0.03)
    assert table["runs"].matters
    assert table["autocorrelation"].matters


def test_shuffled_they_are_found_independent():
    z = np.random.default_rng(1).permutation(series(2_000))
    assert not any(finding.matters for finding in diagnose_codes(z).group("order"))


@pytest.mark.parametrize("dimensions", [2, 10])
def test_independent_rows_are_rejected_at_the_nominal_rate(monkeypatch, dimensions):
    """The shuffling test is exact for 2 / 40 at 39 shuffles, also of rows far from Gaussian."""
    monkeypatch.setattr(order.simulated, "DRAWS", 39)
    runs = 300
    draws = np.random.default_rng(2).standard_t(2, (runs, 40, dimensions))
    p_values = [order.shuffled_p(z, 5, seed) for seed, z in enumerate(draws)]
    for level in (0.05, 0.25):
        low, high = stats.binom.ppf([0.0005, 0.9995], runs, level)
        assert low <= np.sum(np.array(p_values) <= level) <= high


def test_runs_of_independent_rows_have_standard_normal_scores():
    z = np.random.default_rng(3).standard_normal((200, 3_000))
    found, expected, variance = order.runs(z)
    scores = (found - expected) / np.sqrt(variance)
    for level in (0.01, 0.05):
        # Runs are whole numbers, so the rate can be off by half the probability of one of them.
        rejected = np.mean(2 * stats.norm.sf(np.abs(scores)) < level)
        assert rejected == pytest.approx(level, abs=0.6 * level)


def test_constant_dimensions_are_left_out_and_named():
    z = series(100, 3)
    z[:, 1] = 4.0
    for finding in diagnose_codes(z).group("order"):
        assert "dimension 1 constant, left out" in finding.note
        assert finding.matters
    for finding in diagnose_codes(np.full((100, 2), 4.0)).group("order"):
        assert finding.p_value is None
        assert not finding.matters


def test_two_valued_codes_have_runs_too():
    """Half of the values are the median itself."""
    z = np.tile([[0.0], [0.0], [1.0], [-1.0]], (20, 1))
    assert order.runs(z)[0] == pytest.approx([40])
    assert order.runs(np.tile([[1.0], [1.0], [0.0]], (20, 1)))[2] == pytest.approx([0])
