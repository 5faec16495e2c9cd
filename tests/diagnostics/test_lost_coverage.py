import math

import mixtures
import numpy as np
import pytest
from scipy import stats

from keras_iidgan import diagnostics, metrics
from keras_iidgan.diagnostics import balls, coverage


@pytest.fixture(scope="module")
def ring():
    real, mode = mixtures.draw(np.random.default_rng(0), 2000)
    return real, mode, diagnostics.find_clusters(real)


def of(ring, **failure):
    made, _ = mixtures.draw(np.random.default_rng(1), 2000, **failure)
    return diagnostics.diagnose_coverage(ring[0], made, clusters=ring[2])


@pytest.mark.parametrize("dims", [2, 20])
def test_density_and_coverage_are_those_of_the_metrics(dims):
    rng = np.random.default_rng(dims)
    real, made = rng.normal(size=(90, dims)), 0.8 * rng.normal(size=(70, dims))
    found = diagnostics.diagnose_coverage(real, made, k=3).findings
    expected = metrics.neighbour_figures(made, real, k=3)
    assert found["density"].statistic == pytest.approx(expected["density"])
    assert found["coverage"].statistic == pytest.approx(expected["coverage"])
    assert found["coverage"].details["expected"] == pytest.approx(expected["coverage_perfect"])


def test_good_samples_are_counted_as_pair_by_pair():
    rng = np.random.default_rng(0)
    real, made, of_each = rng.normal(size=(60, 2)), 2 * rng.normal(size=(50, 2)), np.arange(60) % 2
    found = diagnostics.diagnose_coverage(real, made, groups=of_each, k=3)
    apart = np.array([sorted(math.dist(a, b) for b in real)[1] for a in real])
    scale = [np.quantile(apart[of_each == g], 0.99) for g in range(2)]
    near = [min(range(60), key=lambda i: math.dist(y, real[i])) for y in made]
    good = [math.dist(y, real[i]) <= scale[of_each[i]] for y, i in zip(made, near, strict=True)]
    assert found.findings["good"].statistic == np.mean(good)
    counts = np.bincount(of_each[near], weights=good, minlength=2)
    apart = 0.5 * sum(abs(n / sum(good) - 0.5) for n in counts)
    assert found.findings["uneven"].statistic == pytest.approx(apart)
    to_made = [min(math.dist(x, y) for y in made) for x in real]
    assert found.measure == pytest.approx(np.array(to_made) / np.array(scale)[of_each])


def test_nothing_matters_of_a_perfect_sampler_and_its_figures_are_those_expected():
    rng, rows = np.random.default_rng(0), []
    for _ in range(40):
        real, mode = mixtures.draw(rng, 300)
        found = diagnostics.diagnose_coverage(
            real, mixtures.draw(rng, 300)[0], groups=mode, k=3
        ).findings
        assert not any(finding.matters for finding in found)
        assert found["reached"].statistic == pytest.approx(1)
        rows.append([found[name].statistic for name in ("good", "density", "coverage", "uneven")])
        rows[-1][3] -= found["uneven"].statistic - found["uneven"].effect
    good, density, covered, _ = np.mean(rows, axis=0)
    error = 4 * np.std(rows, axis=0) / math.sqrt(40)
    assert good == pytest.approx(coverage.GOOD, abs=error[0] + 0.015)
    assert density == pytest.approx(1, abs=error[1] + 0.01)
    assert covered == pytest.approx(balls.coverage_of_perfect(300, 300, 3), abs=error[2])


def test_the_shares_of_a_perfect_sampler_differ_by_what_is_said():
    rng, shares, n, m = np.random.default_rng(0), np.array([0.5, 0.3, 0.2]), 400, 300
    found = []
    for _ in range(400):
        real, good = rng.multinomial(n, shares), rng.multinomial(m, shares)
        row = next(coverage._uneven(good, real))
        found.append([row.statistic, row.p_value])
    by_chance = np.sqrt(2 / np.pi * shares * (1 - shares) * (1 / n + 1 / m)).sum() / 2
    statistic, p_value = np.array(found).T
    assert statistic.mean() == pytest.approx(by_chance, rel=0.1)
    assert stats.kstest(p_value, "uniform").pvalue > 1e-3


def test_dropped_modes_are_found_and_named(ring):
    found = of(ring, weights=mixtures.without([0, 2, 5]))
    row = found.findings["lost_groups"]
    assert row.matters and row.statistic == 3
    places = sorted(name.split(" at ")[1] for name in row.details["lost"])
    assert places == ["(-1.41, -1.41)", "(0, 2)", "(2, 0)"]
    members = np.concatenate([group.members for group in found.lost])
    assert sorted(members) == np.flatnonzero(np.isin(ring[1], [0, 2, 5])).tolist()
    assert found.findings["reached"].statistic == pytest.approx(5 / 8, abs=0.05)
    assert found.findings["good"].statistic > 0.95


def test_modes_of_little_mass_are_not_lost_but_uneven(ring):
    found = of(ring, weights=[0.1, 0.1] + 6 * [1])
    assert not found.lost and found.findings["reached"].statistic == 1
    assert found.findings["uneven"].matters


def test_narrow_modes_are_reached_and_blurred_ones_are_not(ring):
    narrow = of(ring, scale=0.3).findings
    assert narrow["reached"].statistic == narrow["good"].statistic == 1
    assert narrow["coverage"].matters
    blurred = of(ring, scale=60).findings
    assert blurred["reached"].statistic < 0.6 and blurred["good"].statistic < 0.02
    beside = of(ring, offset=8).findings
    assert beside["reached"].statistic == beside["good"].statistic == 0
    assert math.isfinite(beside["density"].effect)
    assert "uneven" not in {finding.name for finding in beside}


def test_few_samples_lose_no_group_by_chance():
    rng = np.random.default_rng(0)
    real, mode = mixtures.draw(rng, 4000, mixtures.GRID)
    lost = [
        diagnostics.diagnose_coverage(real, rng.permutation(real)[:30], groups=mode).lost
        for _ in range(5)
    ]
    assert lost == [()] * 5


def test_half_of_data_without_clusters_is_half_reached():
    rng = np.random.default_rng(0)
    real, made = rng.normal(size=(2, 1500, 2))
    made[:, 0] = abs(made[:, 0])
    found = diagnostics.diagnose_coverage(real, made).findings
    assert found["reached"].details["by"] == "points"
    assert found["reached"].statistic == pytest.approx(0.5, abs=0.06)


def test_units_and_turns_change_nothing(ring):
    real, _, _ = ring
    made, _ = mixtures.draw(np.random.default_rng(1), 500, weights=mixtures.without([1]))
    turn = np.array([[0, -7.0], [7, 0]])
    first = diagnostics.diagnose_coverage(real, made, clusters=8).findings
    second = diagnostics.diagnose_coverage(real @ turn + 3, made @ turn + 3, clusters=8).findings
    for name in ("good", "density", "coverage", "lost_groups", "reached"):
        assert first[name].statistic == pytest.approx(second[name].statistic, abs=0.01)


@pytest.mark.parametrize(
    ("real", "generated", "message"),
    [
        (np.zeros((9, 2)), np.zeros((0, 2)), r"generated must have shape \(N >= 6"),
        (np.zeros((9, 2)), np.zeros((5, 2)), r"generated must have shape \(N >= 6"),
        (np.zeros((9, 2)), np.zeros((9, 3)), "generated must have 2 values a sample; got 3"),
        (np.full((9, 2), np.nan), np.zeros((9, 2)), "real must be finite"),
        (np.zeros((9, 2)), np.full((9, 2), np.inf), "generated must be finite"),
    ],
)
def test_samples_that_do_not_fit_are_refused(real, generated, message):
    with pytest.raises(ValueError, match=message):
        diagnostics.diagnose_coverage(real, generated)
