"""What `diagnose_codes` finds, and what it leaves alone."""

import numpy as np
import pytest
from scipy import stats

from keras_iidgan.diagnostics import diagnose_codes

ROWS = 3_000


def normal(rows=ROWS, dimensions=2, seed=100):
    return np.random.default_rng(seed).standard_normal((rows, dimensions))


def mattering(z, **options):
    return {finding.name for finding in diagnose_codes(z, **options) if finding.matters}


@pytest.mark.parametrize("dimensions", [2, 10])
@pytest.mark.parametrize("rows", [500, 10_000])
def test_nothing_matters_in_a_sample_of_n_0_i(rows, dimensions):
    assert mattering(normal(rows, dimensions)) == set()


def heavy_tailed(z):
    """Multivariate t of 5 degrees of freedom, its covariance I."""
    chi = stats.chi2.rvs(5, size=len(z), random_state=7)
    return z / np.sqrt(chi / 3)[:, None]


def ring(z):
    """Of the mean squared radius of N(0, I), 0.1 wide."""
    return np.sqrt(2) * z / np.linalg.norm(z, axis=1)[:, None] + 0.1 * z[::-1]


def without_an_eighth(z):
    """A wedge is missing about the first axis."""
    return z[np.abs(np.arctan2(z[:, 1], z[:, 0])) > np.pi / 8]


def without_opposite_wedges(z):
    """What has no mean."""
    return z[np.abs(z[:, 1]) > np.abs(z[:, 0]) * np.tan(np.pi / 8)]


MADE = {
    "shifted": (lambda z: z + 0.3, {"energy_distance", "mmd", "mean_and_covariance", "rayleigh"}),
    "shifted in one": (
        lambda z: z + np.array([0, 0.4]),
        {"marginal_ks", "marginal_ad", "energy_distance"},
    ),
    "scaled": (lambda z: 0.8 * z, {"mean_and_covariance", "radius"}),
    "correlated": (
        lambda z: np.column_stack([z[:, 0], 0.4 * z[:, 0] + 0.84**0.5 * z[:, 1]]),
        {"mean_and_covariance", "distance_correlation"},
    ),
    "heavy-tailed": (heavy_tailed, {"radius", "kurtosis", "henze_zirkler"}),
    "skewed": (lambda z: z**2 / 2**0.5 - 0.5**0.5, {"skewness", "henze_zirkler", "marginal_ks"}),
    "a ring": (ring, {"radius", "kurtosis", "henze_zirkler", "energy_distance"}),
    "without a wedge": (without_an_eighth, {"rayleigh"}),
    "without opposite wedges": (without_opposite_wedges, {"bingham"}),
    "half of it": (lambda z: z[z[:, 0] > 0], {"energy_distance", "mmd", "rayleigh", "skewness"}),
    "of rank 1": (
        lambda z: z[:, [0, 0]],
        {"flat_directions", "mean_and_covariance", "bingham", "distance_correlation"},
    ),
    "a constant dimension": (
        lambda z: z * np.array([1, 0]),
        {"flat_directions", "mean_and_covariance", "marginal_ks", "marginal_ad"},
    ),
    "sorted": (lambda z: z[np.argsort(z[:, 1])], {"runs", "autocorrelation"}),
}
# Those which say nothing of the departure that was made.
SILENT = {
    "shifted": {"skewness", "kurtosis", "henze_zirkler", "runs", "distance_correlation"},
    "scaled": {"rayleigh", "bingham", "skewness", "kurtosis", "henze_zirkler", "runs"},
    "correlated": {"rayleigh", "marginal_ks", "skewness", "kurtosis", "henze_zirkler"},
    "heavy-tailed": {"rayleigh", "bingham", "distance_correlation", "runs", "flat_directions"},
    "a ring": {"rayleigh", "bingham", "runs", "autocorrelation", "flat_directions"},
    "without opposite wedges": {"rayleigh", "radius", "runs"},
    "sorted": {"energy_distance", "mean_and_covariance", "marginal_ks", "henze_zirkler"},
}


@pytest.mark.parametrize("name", MADE)
def test_each_departure_is_found_by_the_tests_that_should_find_it(name):
    make, expected = MADE[name]
    found = mattering(make(normal()))
    assert expected <= found
    assert not found & SILENT.get(name, set())


def test_departures_of_some_of_ten_dimensions_are_found_and_named():
    z = normal(dimensions=10)
    z[:, 3] += 0.4
    z[:, 7] = 0.5 * z[:, 2] + 0.75**0.5 * z[:, 7]
    table = diagnose_codes(z)
    for name in ("marginal_ks", "marginal_ad"):
        assert table[name].matters
        assert table[name].details["worst_dimensions"][0] == 3
        assert "worst: dimension 3" in table[name].note
    assert table["distance_correlation"].matters
    assert table["distance_correlation"].details["worst_pairs"][0] == "2 and 7"
    assert "dimensions 2 and 7" in table["distance_correlation"].note


def test_a_departure_too_small_to_matter_is_significant_and_yet_passes():
    """At 20,000 rows a shift of 0.1 is beyond doubt, and small."""
    table = diagnose_codes(normal(20_000) + 0.1)
    assert table["mean_and_covariance"].p_value < 0.001
    assert table["mean_and_covariance"].effect == pytest.approx(0.1, abs=0.02)
    assert not any(finding.matters for finding in table)


@pytest.mark.parametrize("dimensions", [2, 10, 30])
def test_a_shift_has_the_effect_that_is_stated_in_any_number_of_dimensions(dimensions):
    """d in every dimension: half of it by energy, about d by MMD and the likelihood ratio."""
    table = diagnose_codes(normal(dimensions=dimensions) + 0.3)
    assert table["energy_distance"].effect == pytest.approx(0.15, rel=0.15)
    assert table["mmd"].effect == pytest.approx(
        0.3 * (dimensions / (dimensions + 2)) ** 0.5, rel=0.15
    )
    assert table["mean_and_covariance"].effect == pytest.approx(0.3, rel=0.08)


def test_the_effect_of_a_departure_does_not_depend_on_the_number_of_rows():
    """Of 250 rows and of 8,000, each a part of the same codes."""
    z = heavy_tailed(normal(8_000) + 0.25)
    small = [diagnose_codes(part) for part in np.split(z, 32)]
    large = diagnose_codes(z)
    for name in ("energy_distance", "mmd", "mean_and_covariance", "rayleigh"):
        effects = [table[name].effect for table in small]
        assert np.median(effects) == pytest.approx(large[name].effect, abs=0.04), name
