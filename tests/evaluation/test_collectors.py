"""Metrics of samples that come in chunks: those of all samples at once, and memory that stays."""

import numpy as np
import pytest

from keras_iidgan import evaluation, figures, metrics
from keras_iidgan.data import Assignment, Data, load
from keras_iidgan.evaluation import base as evaluation_base
from keras_iidgan.features import Extractor, Unavailable

SHAPE = (4, 4, 1)


def images(count, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (count, *SHAPE)).astype(np.float32)


def assign(x):
    mode = (x[:, 0, 0, 0] > 0).astype(np.int32) + 2 * (x[:, 1, 1, 0] > 0.3)
    confidence = np.abs(x[:, 2, 2, 0]).astype(np.float64)
    return Assignment(mode.astype(np.int32), confidence >= 0.5, confidence=confidence)


def of_modes(train=None):
    weights = np.array([0.1, 0.2, 0.3, 0.4])
    train = images(150, 9) if train is None else train
    return Data("mine", "images", train, images(9), 4, assign, weights)


class Sampler:
    """A model that gives the rows of an array."""

    can_invert = False

    def __init__(self, x, size=37):
        self.x, self.size = x, size

    def sample_chunks(self, count, seed):
        for start in range(0, count, self.size):
            yield self.x[start : min(start + self.size, count)]


class Backbone:
    """A linear map that counts its calls, and its softmax."""

    def __init__(self, dim=5, with_classes=True):
        self.weights = np.random.default_rng(1).normal(size=(16, dim)).astype(np.float32)
        self.with_classes, self.rows = with_classes, 0

    def __call__(self, x):
        self.rows += len(x)
        found = x.reshape(len(x), -1) @ self.weights
        p = np.exp(found.astype(np.float64))
        return found, p / p.sum(axis=1, keepdims=True) if self.with_classes else None

    def make(self, **values):
        return Extractor("linear", f"{len(self.weights[0])}{self.with_classes}", self, **values)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_IIDGAN_CACHE", str(tmp_path / "cache"))


def measured(x, data, names, backbone=None, **values):
    backbone = backbone or Backbone()
    return figures.measure(
        Sampler(x),
        data,
        samples=len(x),
        seed=1,
        names=names,
        make_extractor=backbone.make,
        **values,
    )


def agrees(found, expected):
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=1e-12, abs=1e-13)


def test_modes_and_kl_are_those_of_all_samples():
    x, data = images(230), of_modes()
    found = measured(x, data, ["modes", "kl"], threshold=3)
    mode, good, *_ = assign(x)
    expected = metrics.mode_metrics(mode, good, 4, threshold=3, mode_weights=data.mode_weights)
    assert {name: found[name] for name in expected} == expected
    one_hot = np.eye(4)[mode] * 0.5 + 0.125
    one_hot[good] = np.eye(4)[mode[good]]
    assert found | metrics.class_figures(one_hot, train_shares=data.mode_weights) == found | {
        "classes_covered": 4.0
    }
    assert "left_out" not in found


def test_points_have_the_figures_of_all_points():
    ring = load("ring", std="standard", size=80)
    rng = np.random.default_rng(0)
    x = (ring.centers[rng.integers(8, size=300)] + 0.05 * rng.normal(size=(300, 2))).astype("f4")
    found = measured(x, ring, None)
    a = ring.assign(x)
    expected = metrics.mode_std_ratio(x, a.mode, a.good, ring.centers, ring.std)
    assert {name: found[name] for name in expected} == expected


def test_features_have_the_figures_of_all_features():
    x, data, backbone = images(230), of_modes(), Backbone()
    names = ["fid", "kid", "inception_score", "mode_score", "prdc"]
    found = measured(x, data, names, backbone)
    assert backbone.rows == 150 + 230  # Every image once, whatever number of metrics.
    y, p = backbone(x)
    real, p_real = backbone(data.train)
    moments = [metrics.FeatureMoments(5).update(rows) for rows in (y, real)]
    agrees(found, metrics.fid(*moments))
    agrees(found, metrics.inception_score(p))
    shares = p_real.mean(axis=0)
    for form in ("che2017", "xu2018"):
        agrees(found, metrics.mode_score(p, shares / shares.sum(), form=form))
    mixed = real[np.random.default_rng(0).permutation(150)]
    agrees(found, metrics.kid(y, mixed))
    agrees(found, metrics.neighbour_figures(y, mixed))
    assert found["protocol_features"] == "linear" and found["protocol_samples"] == 230
    assert found["protocol_mode_score_shares"] == "mean probabilities"
    assert (found["neighbours_samples"], found["kid_reference_samples"]) == (230, 150)


@pytest.mark.parametrize("stored", [np.float32, np.uint8])
def test_cells_are_of_pixels_in_the_units_of_the_samples(stored):
    train = images(150, 9)
    if stored == np.uint8:
        train = np.round((train + 1) * 127.5).astype(np.uint8)
    found = measured(images(230), of_modes(train), ["jsd"])
    scaled = train if stored != np.uint8 else (train / 127.5 - 1).astype(np.float32)
    agrees(found, metrics.NearestBins(scaled)(images(230)))
    assert found["protocol_bins_reference_samples"] == 150


def test_of_kept_rows_there_are_as_many_as_is_said(monkeypatch):
    monkeypatch.setattr(evaluation_base, "KEPT", 60)
    found = measured(images(230), of_modes(), ["kid", "prdc", "fid"])
    sizes = ("kid_samples", "kid_reference_samples", "neighbours_samples", "fid_samples")
    assert [found[name] for name in sizes] == [60, 60, 60, 230]


def test_a_smaller_confidence_makes_more_samples_good():
    x, data = images(230), of_modes()
    for least in (0.5, 0.2, None):
        found = measured(x, data, ["modes"], least_confidence=least)
        share = (assign(x).confidence >= (0.5 if least is None else least)).mean()
        assert found["high_quality"] == pytest.approx(share)


def test_a_metric_that_cannot_be_had_leaves_the_others():
    def none():
        raise Unavailable("no such backbone")

    bare = Data("bare", "images", images(150, 9), images(9))
    found = figures.measure(
        Sampler(images(50)),
        bare,
        samples=50,
        seed=1,
        names=["modes", "fid", "kid", "jsd", "codes"],
        make_extractor=none,
    )
    assert found["left_out"] == {
        "modes": "nobody can say which mode a sample of bare belongs to",
        "fid": "no such backbone",
        "kid": "no such backbone",
        "codes": "the method has no encoder",
    }
    assert np.isfinite(found["jsd"]) and "JSD" in figures.one_line(found)


def test_samples_that_are_not_finite_and_backbones_without_classes_cost_their_metrics_alone():
    x = images(100)
    x[60] = np.nan
    backbone = Backbone(with_classes=False)
    found = measured(x, of_modes(), ["modes", "fid", "inception_score", "mode_score"], backbone)
    assert found["left_out"] == {
        "fid": "features must be finite; got NaN or infinity",
        "inception_score": "linear gives no class probabilities",
        "mode_score": "linear gives no class probabilities",
    }
    assert found["samples"] == 100


def test_too_few_samples_are_a_reason():
    found = measured(images(5), of_modes(), ["inception_score", "prdc"])
    assert found["left_out"]["inception_score"] == "it needs 10 samples or more; got 5"
    assert found["left_out"]["prdc"].startswith("generated must have shape (N > k, D) with k = 5")


def arrays(value, seen):
    """The arrays that a collector holds, by where they lie, those of the setting left out."""
    if id(value) in seen or isinstance(value, evaluation.Setting):
        return {}
    seen[id(value)] = value
    if isinstance(value, np.ndarray):
        owner = value if value.base is None else value.base
        return {id(owner): owner}
    if isinstance(value, (list, tuple)):
        parts = value
    else:
        parts = (value if isinstance(value, dict) else vars(value)).values()
    found = {}
    for part in parts:
        if hasattr(part, "__dict__") or isinstance(part, (list, tuple, dict, np.ndarray)):
            found |= arrays(part, seen)
    return found


def test_what_is_held_does_not_grow_with_the_samples(monkeypatch):
    monkeypatch.setattr(evaluation_base, "KEPT", 500)
    data, backbone = of_modes(), Backbone()
    names = [name for name in evaluation.METRICS if name != "codes"]

    def peak(samples):
        model = Sampler(images(samples), size=500)
        setting = evaluation.Setting(model, data, samples, 1, make_extractor=backbone.make)
        made = [evaluation.METRICS[name](setting) for name in names]
        for x in model.sample_chunks(samples, 1):
            chunk = evaluation.Chunk(x, setting)
            for each in made:
                each.update(chunk)
        return sum(array.nbytes for array in arrays(made, {}).values())

    assert peak(16_000) == peak(4_000)
