import math

import numpy as np
import pytest

from keras_iidgan import metrics
from keras_iidgan.metrics import distances


def naive(y, x, k):
    """The four figures, a pair at a time."""
    r = [sorted(math.dist(a, b) for b in x)[k] for a in x]  # The 0th is the distance to itself.
    s = [sorted(math.dist(a, b) for b in y)[k] for a in y]
    pairs = [[math.dist(a, b) < r[i] for b in y] for i, a in enumerate(x)]
    return {
        "precision": np.mean([any(row[j] for row in pairs) for j in range(len(y))]),
        "recall": np.mean([any(math.dist(a, b) < s[j] for j, b in enumerate(y)) for a in x]),
        "density": sum(map(sum, pairs)) / (k * len(y)),
        "coverage": np.mean([any(row) for row in pairs]),
    }


@pytest.mark.parametrize("k", [1, 3])
def test_pair_by_pair_and_in_chunks(monkeypatch, k):
    monkeypatch.setattr(distances, "CHUNK", 7)
    rng = np.random.default_rng(k)
    x, y = rng.normal(size=(40, 2)), 0.7 * rng.normal(size=(30, 2)) + 0.8
    found = metrics.neighbour_figures(y, x, k=k)
    among = {j for a in x for j in sorted(range(40), key=lambda j: math.dist(a, x[j]))[1 : k + 1]}
    assert found["precision_perfect"] == len(among) / 40
    assert {name: found[name] for name in naive(y, x, k)} == pytest.approx(naive(y, x, k))
    assert found["neighbours"] == k


@pytest.mark.parametrize("scale", [1, 1e4])
def test_ties_are_those_of_the_differences(scale):
    rng = np.random.default_rng(3)
    # A lattice far from 0, with copies of the data among the samples: most distances are ties.
    x, y = (rng.integers(4, size=(n, 3)) + scale for n in (60, 50))
    y[:20] = x[:20]
    found = metrics.neighbour_figures(y, x, k=3)
    assert {name: found[name] for name in naive(y, x, 3)} == naive(y, x, 3)


def test_many_dimensions_far_from_0_are_counted_as_pair_by_pair():
    rng = np.random.default_rng(4)
    x, y = (100 + rng.normal(size=(n, 300)).astype(np.float32) for n in (50, 40))
    y[:10] = x[:10] + np.float32(1e-3) * rng.normal(size=(10, 300))
    found = metrics.neighbour_figures(y, x, k=3)
    assert {name: found[name] for name in naive(y, x, 3)} == naive(y, x, 3)


def test_a_lost_mode_costs_coverage_and_recall_and_junk_costs_precision():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, 2)) + rng.choice([-20, 20], size=(400, 1))
    lost = metrics.neighbour_figures(rng.normal(size=(400, 2)) + 20, x)
    share = (x[:, 0] > 0).mean()
    assert lost["coverage"] <= share and lost["recall"] <= share and lost["precision"] > 0.9
    junk = metrics.neighbour_figures(rng.normal(loc=(0, 50), size=(400, 2)), x)
    assert junk["precision"] == junk["density"] == junk["coverage"] == 0


@pytest.mark.parametrize(("n", "m", "k"), [(200, 200, 5), (150, 60, 3)])
def test_a_perfect_sampler_has_the_values_that_are_stated(n, m, k):
    rng, found = np.random.default_rng(0), []
    for _ in range(60):
        y, x = rng.normal(size=(m, 3)), rng.normal(size=(n, 3))
        found.append(metrics.neighbour_figures(y, x, k=k))
    for name in ("density", "coverage", "precision", "recall"):
        values, stated = ([each[key] for each in found] for key in (name, f"{name}_perfect"))
        spread = np.hypot(np.std(values), np.std(stated)) / np.sqrt(len(values))
        assert np.mean(values) == pytest.approx(np.mean(stated), abs=4 * spread + 0.01)
    assert "recall_perfect" not in metrics.neighbour_figures(x[:50], x[:20])


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (np.zeros((9, 3)), np.zeros((9, 2)), "generated must have the 3 features of the refere"),
        (np.zeros((5, 3)), np.zeros((9, 3)), r"reference must have shape \(N > k, D\) with k = 5"),
        (np.zeros((9, 3)), np.zeros(9), r"generated must have shape .* got \(9,\)"),
        (np.zeros((9, 3)), np.full((9, 3), np.nan), "generated must be finite"),
    ],
)
def test_what_does_not_fit_is_refused(x, y, message):
    with pytest.raises(ValueError, match=message):
        metrics.neighbour_figures(y, x)
