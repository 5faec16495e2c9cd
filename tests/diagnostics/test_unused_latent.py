import math

import numpy as np
import pytest

from keras_iidgan import diagnostics
from keras_iidgan.diagnostics import unused


@pytest.mark.parametrize("dims", [1, 2, 10, 60])
def test_draws_of_the_prior_leave_nothing_unused(dims):
    rng, found = np.random.default_rng(dims), []
    for seed in range(10):
        rows = diagnostics.diagnose_unused(rng.standard_normal((400, dims)), seed=seed)
        assert not any(row.matters for row in rows)
        found.append(rows["unused_mass"].statistic)
    by_chance = math.prod((399 - i) / (799 - i) for i in range(5))
    assert rows["unused_mass"].details["by_chance"] == pytest.approx(by_chance)
    error = 4 * np.std(found) / math.sqrt(10)
    assert np.mean(found) == pytest.approx(by_chance, abs=error)


def test_unused_mass_is_that_of_all_pairs():
    z, k = np.random.default_rng(5).normal(1, 1, size=(60, 3)), 2
    fresh = np.random.default_rng(9).standard_normal((60, 3))
    radii = [sorted(math.dist(a, b) for b in fresh)[k] for a in fresh]
    missed = [all(math.dist(u, c) >= r for c in z) for u, r in zip(fresh, radii, strict=True)]
    found = diagnostics.diagnose_unused(z, k=k, seed=9)["unused_mass"]
    assert found.statistic == np.mean(missed)


@pytest.mark.parametrize(("share", "dims"), [(0.25, 2), (0.5, 2), (0.5, 5)])
def test_a_wedge_without_codes_is_found_with_its_mass(share, dims):
    z = np.random.default_rng(0).standard_normal((8000, dims))
    angle = np.arctan2(z[:, 1], z[:, 0]) % (2 * np.pi)
    rows = diagnostics.diagnose_unused(z[angle > 2 * np.pi * share][:4000])
    assert rows["unused_mass"].matters
    assert 0.6 * share < rows["unused_mass"].effect < 1.05 * share
    if dims == 2:
        cells = rows["empty_cells"]
        assert cells.effect == pytest.approx(share, abs=0.05)
        wedge = np.array(cells.details["empty"]) // cells.details["radii"]
        assert set(wedge) == set(range(round(share * cells.details["angles"])))


def test_polar_cells_have_equal_mass_and_stated_numbers():
    z = np.random.default_rng(0).standard_normal((20_000, 2))
    cells = unused.polar_cells(z, 5, 4)
    for (x, y), cell in zip(z[:200], cells[:200], strict=True):
        turn = math.atan2(y, x) / (2 * math.pi)
        a, r = math.floor(5 * (turn % 1)), math.floor(4 * (1 - math.exp(-(x * x + y * y) / 2)))
        assert cell == 4 * a + r
    counts = np.bincount(cells, minlength=20)
    assert abs(counts - 1000).max() < 5 * math.sqrt(1000)


def test_constant_codes_use_nearly_nothing():
    rows = diagnostics.diagnose_unused(np.zeros((500, 2)))
    assert rows["unused_mass"].effect > 0.9 and rows["empty_cells"].effect > 0.9


@pytest.mark.parametrize(
    ("z", "message"),
    [
        (np.zeros(9), r"z must have shape \(N > k, M\); got \(9,\)"),
        (np.zeros((5, 2)), r"z must have shape \(N >= 6, ...\)"),
        (np.full((9, 2), np.nan), "z must be finite"),
    ],
)
def test_codes_that_do_not_fit_are_refused(z, message):
    with pytest.raises(ValueError, match=message):
        diagnostics.diagnose_unused(z)
