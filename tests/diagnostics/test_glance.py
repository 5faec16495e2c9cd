"""A look at few samples: what it calls lost, repeated and far from N(0, I)."""

import numpy as np
import pytest
from scipy import stats

from keras_iidgan import data, metrics
from keras_iidgan.diagnostics import Glance

CENTERS = np.array([[0.0, 0.0], [6.0, 0.0], [0.0, 6.0], [6.0, 6.0]])
SHARES = np.array([0.4, 0.3, 0.2, 0.1])


def mixture(count, seed, modes=(0, 1, 2, 3), spread=1.0):
    """Points of Gaussian modes in the plane, and their modes."""
    generator = np.random.default_rng(seed)
    shares = SHARES[list(modes)] / SHARES[list(modes)].sum()
    mode = generator.choice(modes, count, p=shares)
    return CENTERS[mode] + 0.5 * spread * generator.normal(size=(count, 2)), mode


@pytest.fixture(scope="module")
def glance():
    real, mode = mixture(1000, seed=0)
    return Glance(real, mode, names=("a", "b", "c", "d"))


def by_hand(real, mode, fake):
    """Near samples of each mode: loops over all pairs."""
    apart = np.array([np.sort(np.linalg.norm(real - row, axis=1))[1] for row in real])
    radius = [2 * np.quantile(apart[mode == k], 0.99) for k in range(4)]
    near = np.zeros(4)
    for row in fake:
        distances = np.linalg.norm(real - row, axis=1)
        nearest = distances.argmin()
        near[mode[nearest]] += distances[nearest] <= radius[mode[nearest]]
    return near / len(fake)


def test_the_shares_are_those_of_a_second_implementation(glance):
    real, mode = mixture(1000, seed=0)
    fake = mixture(300, seed=3, modes=(0, 2))[0]
    fake[:40] += 3
    shares = by_hand(real, mode, fake)
    found = glance(fake)
    true = np.bincount(mode) / 1000
    assert found["near"] == pytest.approx(shares.sum())
    assert found["coverage_overlap"] == pytest.approx(np.minimum(shares, true).sum())
    # Mode d has too small a share to be judged by 300 samples.
    assert found["lost"] == ["b"]
    assert found["coverage"] == pytest.approx(1 - true[1])


def test_the_data_themselves_have_lost_nothing_and_overlap_as_stated(glance):
    found = [glance(mixture(1000, seed)[0]) for seed in range(1, 40)]
    assert all(each["collapse"] == 0 and each["lost"] == [] for each in found)
    assert max(each["repeated"] for each in found) < 0.02
    # sum_g E|p_g - w_g| / 2 of a Gaussian p_g; the fixed rows' own shares are as far from the true.
    w = glance.shares
    stated = 1 - np.sqrt(w * (1 - w) / (2 * np.pi * 1000)).sum()
    outside = 1 - np.mean([each["near"] for each in found])
    overlaps = np.mean([each["coverage_overlap"] for each in found])
    assert overlaps == pytest.approx(stated, abs=outside + 0.02)


@pytest.mark.parametrize(
    ("modes", "lost", "light"),
    [
        ((0, 1, 2), ["d"], 1),
        ((0, 1), ["c", "d"], 1),
        ((2, 3), ["a", "b"], 2),
        ((3,), ["a", "b", "c"], 2),
    ],
)
def test_lost_modes_are_named_the_largest_first(glance, modes, lost, light):
    found = glance(mixture(1000, 1, modes)[0])
    assert (found["lost"], found["collapse"]) == (lost, light)
    judged = 1 - sum(glance.shares[glance.names.index(name)] for name in lost)
    assert found["coverage"] == pytest.approx(judged)


def test_what_lies_between_the_modes_counts_for_none(glance):
    line = np.linspace(CENTERS[0] + 2.2, CENTERS[3] - 2.2, 1000)
    found = glance(line)
    assert found["near"] < 0.2 and found["collapse"] == 2


def test_a_few_points_over_and_over_are_repeated(glance):
    real = mixture(20, 5)[0]
    found = glance(np.repeat(real, 50, axis=0))
    assert found["repeated"] == 1 and found["collapse"] == 2


def test_samples_that_are_not_finite_are_bad(glance):
    fake = mixture(1000, 1)[0]
    fake[:500] = np.nan
    found = glance(fake)
    assert found["near"] == pytest.approx(glance(fake[500:])["near"] / 2)
    assert glance(np.full([1000, 2], np.inf))["coverage"] == 0


def test_codes_have_the_figures_of_code_moments_and_of_scipys_test(glance):
    fake = mixture(1000, 1)[0]
    for scale, shift, light in ((1, 0, 0), (1, 1, 1), (2, 0, 1), (0.3, 0, 1)):
        codes = scale * np.random.default_rng(0).normal(size=(1000, 5)) + shift
        found = glance(fake, codes)
        for name, value in metrics.code_moments(codes).items():
            assert found[name] == pytest.approx(value)
        assert found["codes_shift"] == pytest.approx(found["codes_mean"] / np.sqrt(5))
        lengths = np.sort((codes**2).sum(axis=1))
        steps, law = np.arange(1001) / 1000, stats.chi2(5).cdf(lengths)
        apart = max((steps[1:] - law).max(), (law - steps[:-1]).max())
        assert found["codes_radius"] == pytest.approx(apart)
        assert found["collapse"] == light, (scale, shift)


def test_codes_that_are_not_finite_are_as_far_as_can_be(glance):
    found = glance(mixture(1000, 1)[0], np.full([1000, 5], np.nan))
    assert found["codes_radius"] == 1 and found["collapse"] == 1


def test_without_groups_a_lost_mode_is_a_lost_cluster():
    glance = Glance(mixture(1000, seed=0)[0])
    whole, part = (glance(mixture(1000, 1, m)[0]) for m in ((0, 1, 2, 3), (0, 1, 2)))
    assert whole["lost"] == []
    assert part["lost"] and all(name.startswith("c") for name in part["lost"])
    assert part["coverage"] == pytest.approx(0.9, abs=0.03)


def test_groups_too_small_to_be_judged_give_way_to_clusters():
    real, mode = mixture(1000, seed=0)
    mode[:10] = 4
    assert len(Glance(real, mode).names) == 16


def test_images_of_lost_classes_are_missed():
    digits = data.load("digits", size=1400)
    real, labels = digits.train[:700], digits.labels[:700]
    glance = Glance(real, labels, digits.class_names)
    others, their = digits.train[700:], digits.labels[700:]
    assert glance(others)["lost"] == []
    without = others[(their != 3) & (their != 7)]
    assert sorted(glance(without)["lost"]) == sorted(glance.names[k] for k in (3, 7))


@pytest.mark.parametrize(
    ("real", "groups", "message"),
    [
        (np.zeros([59, 2]), None, r"real must have shape \(N >= 60, ...\); got \(59, 2\)"),
        (np.full([60, 2], np.nan), None, "real must be finite"),
        (np.zeros(60), None, r"real must have shape .* got \(60,\)"),
        (np.zeros([60, 2]), np.zeros(59, int), r"groups must be \[60\]; got \(59,\)"),
    ],
)
def test_what_makes_no_sense_is_refused(real, groups, message):
    with pytest.raises(ValueError, match=message):
        Glance(real, groups)
