import math

import mixtures
import numpy as np
import pytest
from scipy import stats

from keras_iidgan import diagnostics


def support(generated, real, **arguments):
    return diagnostics.diagnose_duplicates(generated, real, **arguments)["support"]


def test_near_duplicates_are_those_of_all_pairs():
    rng = np.random.default_rng(0)
    real, made = rng.normal(size=(60, 2)), 0.2 * rng.normal(size=(60, 2))
    row = support(made, real)
    same = np.quantile([sorted(math.dist(a, b) for b in real)[1] for a in real], 0.01)
    near = [[math.dist(a, b) <= same for b in made] for a in made]
    pairs = (np.sum(near) - 60) / 2
    assert row.details["pairs"] == pairs and row.details["distance"] == pytest.approx(same)
    assert row.statistic == pytest.approx(60 * 59 / 2 / pairs)
    assert row.details["birthday"] == pytest.approx(math.sqrt(2 * math.log(2) * row.statistic))


def test_a_support_of_100_samples_is_estimated_within_its_interval():
    rng, inside, estimates = np.random.default_rng(0), 0, []
    real = mixtures.draw(rng, 1000)[0]
    for _ in range(60):
        points = mixtures.draw(rng, 100)[0]
        row = support(points[rng.integers(100, size=1000)], real)
        estimates.append(row.statistic)
        inside += row.details["low"] <= 100 <= row.details["high"]
        assert row.matters
    assert np.mean(estimates) == pytest.approx(100, rel=0.03)
    assert stats.binomtest(inside, 60, 0.95).pvalue > 1e-3


def test_two_of_a_birthday_batch_are_the_same_in_every_second_one():
    rng = np.random.default_rng(0)
    points = np.arange(500.0)[:, None]
    row = support(points[rng.integers(500, size=2000)], rng.normal(size=(2000, 1)))
    batches = rng.integers(500, size=(2000, round(row.details["birthday"])))
    same = np.mean([len(set(batch)) < len(batch) for batch in batches.tolist()])
    assert same == pytest.approx(0.5, abs=0.06)


def test_fresh_data_have_the_support_of_the_data():
    rng = np.random.default_rng(0)
    real, fresh = mixtures.draw(rng, 1500)[0], mixtures.draw(rng, 1500)[0]
    row = support(fresh, real)
    assert not row.matters and row.effect < 0.5
    half = mixtures.draw(rng, 1500, weights=mixtures.without([0, 1, 2, 3]))[0]
    assert not support(half, real).matters  # Lost modes are another finding.


def test_where_no_pair_is_near_the_support_is_at_least_what_95_percent_say():
    lattice = np.stack(np.meshgrid(np.arange(20.0), np.arange(20.0)), axis=-1).reshape(-1, 2)
    row = support(lattice, np.random.default_rng(0).normal(size=(400, 2)))
    least = 400 * 399 / 2 / 3
    assert row.statistic == row.details["low"] == least and row.details["high"] is None
    # With such a support no pair is near in exp(-3) of all cases.
    assert (1 - 1 / least) ** (400 * 399 / 2) == pytest.approx(math.exp(-3), rel=0.01)


def test_a_single_sample_is_a_support_of_one():
    real = np.random.default_rng(0).normal(size=(100, 30))
    assert support(np.ones((100, 30)), real).statistic == 1


def memorised(*arguments):
    return diagnostics.diagnose_memory(*arguments)["memorised"]


@pytest.mark.parametrize("dims", [2, 50])
@pytest.mark.parametrize("has_test", [True, False])
def test_copies_are_found_and_fresh_samples_are_none(dims, has_test):
    rng = np.random.default_rng(dims)
    train, test, made = rng.normal(size=(3, 800, dims))
    test = test if has_test else None
    assert not memorised(made, train, test).matters
    made[100:340] = train[:240] + 1e-4 * rng.normal(size=(240, dims))
    row = memorised(made, train, test)
    assert row.matters and row.effect == pytest.approx(0.3, abs=0.03)
    assert set(row.details["closest"]) <= set(range(100, 340))


def test_distances_and_p_value_are_those_of_all_pairs():
    rng = np.random.default_rng(0)
    train, test = rng.normal(size=(2, 100, 2))
    made = np.concatenate([train[:6], rng.normal(size=(24, 2))])
    near = [[min(math.dist(a, b) for b in train) for a in rows] for rows in (made, test)]
    limit = np.quantile(near[1], 0.01)
    counts = [int(np.sum(np.array(part) < limit)) for part in near]
    row = memorised(made, train, test)
    assert row.statistic == counts[0] / 30 and row.details["distance"] == pytest.approx(limit)
    # At least as many of all small distances among the 30, of 130.
    total = sum(counts)
    p = sum(
        math.comb(30, i) * math.comb(100, total - i) for i in range(counts[0], total + 1)
    ) / math.comb(130, total)
    assert row.p_value == pytest.approx(p)


def test_a_narrow_sampler_copies_nothing():
    rng = np.random.default_rng(0)
    train, test = (mixtures.draw(rng, 2000)[0] for _ in range(2))
    assert not memorised(mixtures.draw(rng, 2000, scale=0.3)[0], train, test).matters


@pytest.mark.parametrize(
    ("generated", "others", "message"),
    [
        (np.zeros((0, 2)), np.zeros((20, 2)), "generated must have shape"),
        (np.zeros((20, 3)), np.zeros((20, 2)), "generated must have 2 values a sample; got 3"),
        (np.zeros((20, 2)), np.zeros((5, 2)), r"(real|train) must have shape \(N >= 10, ...\)"),
        (np.full((20, 2), np.nan), np.zeros((20, 2)), "generated must be finite"),
    ],
)
def test_samples_without_variety_figures_are_refused(generated, others, message):
    for diagnosis in (diagnostics.diagnose_duplicates, diagnostics.diagnose_memory):
        with pytest.raises(ValueError, match=message):
            diagnosis(generated, others)
    with pytest.raises(ValueError, match="test must have 2 values a sample; got 3"):
        diagnostics.diagnose_memory(np.ones((9, 2)), np.zeros((20, 2)), np.zeros((20, 3)))
