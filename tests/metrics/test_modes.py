import math

import numpy as np
import pytest

from keras_iidgan import metrics

EPSILON = math.exp(-4.5)


def naive(mode, good, weights, low_quality):
    """The formulas once more, with loops."""
    count = [0] * len(weights)
    assigned = [0] * len(weights)
    for k, fine in zip(mode, good, strict=True):
        count[k] += bool(fine)
        assigned[k] += 1
    total, kept = len(mode), sum(count)

    def divergence(pairs):
        return sum(p * math.log(p / q) for p, q in pairs if p > 0)

    share = [c / total for c in count]
    bins = [*zip(share, [(1 - low_quality) * w for w in weights], strict=True)]
    return {
        "modes_covered": sum(c >= 3 for c in count),
        "modes_assigned": sum(c >= 3 for c in assigned),
        "modes_total": len(weights),
        "high_quality": kept / total,
        "reverse_kl": divergence(zip(share, weights, strict=True)),
        "reverse_kl_normalised": divergence(
            (c / kept, w) for c, w in zip(count, weights, strict=True)
        ),
        "kl": divergence([*bins, (1 - kept / total, low_quality)]),
        "samples": total,
        "modes_covered_1": sum(c > 0 for c in count),
    }


def spread_evenly(quality, num_modes, size=100_000):
    """Samples of which a share is good, spread evenly over the modes."""
    good = np.arange(size) < round(quality * size)
    return np.arange(size) % num_modes, good


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_equals_its_formula_in_loops(seed):
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.ones(7))
    mode, good = rng.choice(7, 300, p=rng.dirichlet(np.full(7, 0.4))), rng.random(300) < 0.7
    figures = metrics.mode_metrics(
        mode, good, 7, threshold=3, mode_weights=weights, low_quality=0.02
    )
    assert figures == pytest.approx(naive(mode, good, weights, 0.02))
    assert all(type(value) is float for value in figures.values())


@pytest.mark.parametrize(("quality", "kl"), [(0.91, 0.113), (0.83, 0.318), (0.82, 0.348)])
def test_kl_over_26_bins_gives_the_published_relation_to_quality(quality, kl):
    figures = metrics.mode_metrics(*spread_evenly(quality, 25), 25, low_quality=EPSILON)
    assert figures["kl"] == pytest.approx(kl, abs=0.0005)


def test_a_perfect_sampler_gets_its_floors():
    rng = np.random.default_rng(1)
    mode = rng.integers(8, size=100_000)
    good = np.linalg.norm(rng.standard_normal((100_000, 2)), axis=1) <= 3
    figures = metrics.mode_metrics(mode, good, 8, low_quality=EPSILON)
    # Four standard errors of the quality; d(q log q)/dq is near 1, so they hold for both.
    error = 4 * math.sqrt(EPSILON * (1 - EPSILON) / 100_000)
    assert figures["high_quality"] == pytest.approx(0.98889, abs=error)
    assert figures["reverse_kl"] == pytest.approx(-0.011, abs=error)
    assert 0 <= figures["reverse_kl_normalised"] < 4 * 7 / 200_000
    assert figures["modes_covered"] == figures["modes_covered_1000_of_50000"] == 8


def test_reverse_kl_is_least_near_37_percent_quality_and_zero_without_good_samples():
    def reverse_kl(quality):
        return metrics.mode_metrics(*spread_evenly(quality, 10), 10)["reverse_kl"]

    assert reverse_kl(math.exp(-1)) == pytest.approx(-math.exp(-1), abs=1e-3)
    assert reverse_kl(0.0) == 0


def test_uneven_modes_are_measured_against_their_own_shares():
    weights = np.array([0.5, 0.25, 0.25])
    mode, good = np.repeat([0, 1, 2], [200, 100, 100]), np.ones(400, bool)
    matched = metrics.mode_metrics(mode, good, 3, mode_weights=weights)
    assert matched["reverse_kl"] == pytest.approx(0, abs=1e-12)
    assert matched["kl"] == pytest.approx(0, abs=1e-12)
    even = metrics.mode_metrics(mode, good, 3)
    assert even["reverse_kl"] == pytest.approx(0.5 * math.log(1.5) + 0.5 * math.log(0.75))


def test_without_a_low_quality_bin_kl_counts_bad_samples_that_have_a_mode():
    mode = np.array([0, 0, 1, 1, -1])
    good = np.array([True, False, False, False, False])
    figures = metrics.mode_metrics(mode, good, 2)
    assert figures["kl"] == pytest.approx(0)
    assert figures["reverse_kl_normalised"] == pytest.approx(math.log(2))
    assert (figures["modes_covered"], figures["modes_assigned"]) == (1, 2)
    assert figures["high_quality"] == pytest.approx(0.2)


def test_no_good_sample_gives_the_documented_limits():
    mode, good = np.full(10, -1), np.zeros(10, bool)
    weights = np.array([0.8, 0.2])
    points = metrics.mode_metrics(mode, good, 2, mode_weights=weights, low_quality=EPSILON)
    images = metrics.mode_metrics(mode, good, 2, mode_weights=weights)
    assert points["kl"] == pytest.approx(4.5)
    assert images["kl"] == images["reverse_kl_normalised"] == pytest.approx(math.log(5))
    assert points["modes_covered"] == points["high_quality"] == points["reverse_kl"] == 0


def test_all_samples_good_gives_a_finite_kl():
    figures = metrics.mode_metrics(*spread_evenly(1.0, 25), 25, low_quality=EPSILON)
    assert figures["kl"] == pytest.approx(-math.log(1 - EPSILON))


def test_the_threshold_is_the_least_count_of_a_covered_mode():
    mode, good = np.repeat([0, 1, 2], [4, 5, 6]), np.ones(15, bool)
    covered = [
        metrics.mode_metrics(mode, good, 3, threshold=t)["modes_covered"] for t in (4, 5, 6, 7)
    ]
    assert covered == [3, 2, 1, 0]


def test_paper_thresholds_count_the_first_samples_and_are_not_scaled():
    # Mode 0 has exactly 20 good among the first 2,048, mode 1 has 21, mode 2 the rest.
    mode = np.repeat([0, 1, 2], [20, 21, 60_000])
    good = np.ones(len(mode), bool)
    counted = metrics.modes_covered_at_papers(mode, good, 3)
    assert counted == {
        "modes_covered_1": 3,
        "modes_covered_20_of_2048": 2,
        "modes_covered_1000_of_50000": 1,
    }
    late = metrics.modes_covered_at_papers(mode[::-1], good, 3)
    assert late["modes_covered_20_of_2048"] == 1


def test_a_paper_protocol_that_does_not_apply_is_left_out():
    mode, good = np.arange(60_000) % 1000, np.ones(60_000, bool)
    assert set(metrics.modes_covered_at_papers(mode, good, 1000)) == {"modes_covered_1"}
    few = metrics.modes_covered_at_papers(mode[:2047] % 8, good[:2047], 8)
    assert set(few) == {"modes_covered_1"}


def test_std_ratio_is_that_of_a_gaussian_cut_at_three_sigma():
    rng = np.random.default_rng(0)
    centers = np.array([[0.0, 0.0], [5.0, 5.0]])
    mode = np.repeat([0, 1], 50_000)
    noise = rng.standard_normal((100_000, 2)) * np.array([[0.1], [0.05]])[mode]
    good = np.linalg.norm(noise, axis=1) <= 0.3
    ratios = metrics.mode_std_ratio(centers[mode] + noise, mode, good, centers, 0.1)
    cut = math.sqrt((1 - 5.5 * EPSILON) / (1 - EPSILON))
    # Relative standard error of a std from 100,000 numbers: 0.0022.
    assert ratios["std_ratio_per_mode"] == pytest.approx([cut, 0.5], rel=0.01)
    assert ratios["std_ratio_max"] == ratios["std_ratio_per_mode"][0]
    assert ratios["std_ratio_min"] == ratios["std_ratio_per_mode"][1]
    assert ratios["std_ratio"] == pytest.approx(sum(ratios["std_ratio_per_mode"]) / 2)


def test_std_ratio_leaves_out_modes_without_two_good_samples():
    x = np.array([[0.0, 0.0], [0.2, 0.2], [5.0, 5.0], [np.nan, 0.0]])
    mode = np.array([0, 0, 1, -1])
    good = np.array([True, True, True, False])
    ratios = metrics.mode_std_ratio(x, mode, good, np.zeros((3, 2)), 0.1)
    assert ratios["std_ratio_per_mode"] == [pytest.approx(math.sqrt(2)), None, None]
    assert ratios["std_ratio"] == ratios["std_ratio_min"] == ratios["std_ratio_max"]
    none = metrics.mode_std_ratio(x, mode, np.zeros(4, bool), np.zeros((3, 2)), 0.1)
    assert (none["std_ratio"], none["std_ratio_per_mode"]) == (0, [None] * 3)


MODE, GOOD = np.array([0, 1]), np.array([True, True])


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((MODE, GOOD[:1], 2), {}, r"mode and good must be \[N >= 1\]; got \(2,\) and \(1,\)"),
        ((MODE[:0], GOOD[:0], 2), {}, "mode and good must be"),
        ((MODE, MODE, 2), {}, "good must be bool; got int64"),
        ((MODE, GOOD, 1), {}, r"mode must be integers in -1\.\.0; got int64 in 0\.\.1"),
        ((MODE - 2, GOOD, 2), {}, r"mode must be integers in -1\.\.1"),
        ((MODE * 1.0, GOOD, 2), {}, "mode must be integers.*got float64"),
        ((MODE - 1, GOOD, 2), {}, "good must be False where mode is -1"),
        ((MODE, GOOD, 2), {"threshold": 0}, "threshold must be at least 1; got 0"),
        ((MODE, GOOD, 2), {"low_quality": 0.0}, r"low_quality must lie in \(0, 1\); got 0.0"),
        ((MODE, GOOD, 2), {"mode_weights": [1.0, 0.0]}, "mode_weights must be 2 shares above 0"),
        ((MODE, GOOD, 2), {"mode_weights": [0.3, 0.3]}, "mode_weights.*sum 0.6"),
        ((MODE, GOOD, 2), {"mode_weights": [1.0]}, r"mode_weights.*shape \(1,\)"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        metrics.mode_metrics(*arguments, **options)


def test_std_ratio_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match=r"x must be \[2, 2\]; got \(3, 2\)"):
        metrics.mode_std_ratio(np.zeros((3, 2)), MODE, GOOD, np.zeros((2, 2)), 0.1)
    with pytest.raises(ValueError, match="std must be a finite number above 0; got 0"):
        metrics.mode_std_ratio(np.zeros((2, 2)), MODE, GOOD, np.zeros((2, 2)), 0)
