import math

import numpy as np
import pytest

from keras_iidgan import metrics
from keras_iidgan.metrics.bins import bin_figures


def blobs(n, weights, seed=0):
    """Points about the corners of a large square, of these shares."""
    rng = np.random.default_rng(seed)
    corners = np.array([[0, 0], [0, 100], [100, 0], [100, 100]])
    return corners[rng.choice(4, size=n, p=weights)] + rng.normal(size=(n, 2))


def naive(a, b):
    """JSD and NDB a cell at a time."""
    n, m = sum(a), sum(b)
    jsd, ndb = 0.0, 0
    for i, j in zip(a, b, strict=True):
        p, q = i / n, j / m
        half = (p + q) / 2
        jsd += sum(s * math.log(s / half) / 2 for s in (p, q) if s)
        pooled = (i + j) / (n + m)
        error = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
        ndb += abs(p - q) > 1.959964 * error
    return jsd, ndb


def test_the_figures_cell_by_cell():
    a, b = [10, 40, 50, 0, 900], [30, 20, 55, 7, 388]
    found = bin_figures(a, b)
    assert (found["jsd"], found["ndb"]) == pytest.approx(naive(a, b))
    assert found["ndb_share"] == found["ndb"] / 5
    assert (found["bins"], found["bins_samples"]) == (5, 500)


def test_closed_forms():
    assert bin_figures([5, 5], [7, 7])["jsd"] == pytest.approx(0)
    apart = bin_figures([50, 0], [0, 50])
    assert (apart["jsd"], apart["ndb"]) == pytest.approx((math.log(2), 2))


def test_cells_are_those_of_the_data_and_a_lost_one_is_seen():
    weights = [0.4, 0.3, 0.2, 0.1]
    bins = metrics.NearestBins(blobs(2000, weights), 4)
    assert sorted(bins.train_counts / 2000) == pytest.approx(sorted(weights), abs=0.05)
    same, lost = bins(blobs(1000, weights, 1)), bins(blobs(1000, [0.4, 0.4, 0.2, 0], 1))
    assert same["ndb"] < lost["ndb"]
    assert same["jsd"] < 0.005 < lost["jsd"]


def test_chunks_add_up():
    bins = metrics.NearestBins(blobs(300, [0.25] * 4), 4)
    x = blobs(100, [0.25] * 4, 1)
    parts = sum(bins.counts(part) for part in np.array_split(x, 3))
    np.testing.assert_array_equal(parts, bins.counts(x))


def test_whitening_lets_a_small_dimension_count():
    rng = np.random.default_rng(0)
    x = np.stack([100 * rng.normal(size=400), rng.choice([-1, 1], size=400)], axis=1)

    def purity(whiten):
        """How much the counts of one half of the small dimension differ from the other's."""
        bins = metrics.NearestBins(x, 2, whiten=whiten)
        one = bins.counts(x[x[:, 1] > 0])
        return abs(one[0] - one[1]) / one.sum()

    assert purity(True) == 1 and purity(False) < 0.5


def test_of_many_dimensions_a_random_sixth_is_taken():
    x = np.random.default_rng(0).normal(size=(30, 1200))
    assert len(metrics.NearestBins(x, 3)._chosen) == 200
    assert len(metrics.NearestBins(x[:, :1000], 3)._chosen) == 1000


def test_the_floors_are_what_a_perfect_sampler_has():
    rng, weights, found = np.random.default_rng(0), np.full(20, 0.05), []
    for _ in range(300):
        found.append(bin_figures(*(rng.multinomial(n, weights) for n in (4000, 1000))))
    for name in ("jsd", "ndb"):
        values = [each[name] for each in found]
        spread = np.std(values) / np.sqrt(len(values))
        assert np.mean(values) == pytest.approx(found[0][f"{name}_floor"], abs=4 * spread)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: metrics.NearestBins(np.zeros((4, 2)), 5), r"num_bins must be in 2\.\.4; got 5"),
        (lambda: metrics.NearestBins(np.full((4, 2), np.nan), 2), "train must be finite"),
        (
            lambda: metrics.NearestBins(np.eye(2)[[0, 1, 1]], 3),
            "num_bins = 3 rows that differ; got 2",
        ),
        (lambda: metrics.NearestBins(np.zeros(4), 2), r"train must have shape .* got \(4,\)"),
        (lambda: metrics.NearestBins(np.eye(4), 2)(np.eye(3)), "x must have 4 values a sample; g"),
        (lambda: bin_figures([1, 2], [1, 2, 3]), r"counts must be \[K\]"),
        (lambda: bin_figures([1, 2], [0, 0]), "counts must be non-negative and not all 0"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
