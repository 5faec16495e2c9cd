"""The one pass over a model's samples finds what the metrics find of all of them at once."""

import dataclasses

import numpy as np
import pytest
from scipy import special

from keras_iidgan import evaluation, metrics
from keras_iidgan.data import Assignment, Data
from keras_iidgan.data.base import pixels
from keras_iidgan.evaluation import coverage, distances, reference
from keras_iidgan.features import Extractor, Unavailable

CLASSES, SIDE = 4, 6
SAMPLES = 1000


def made(count, seed):
    """Images whose first pixels say how much of each class they are."""
    x = np.random.default_rng(seed).uniform(-1, 1, (count, SIDE, SIDE, 1)).astype(np.float32)
    x[:, 0, 0, 0] = np.round(x[:, 0, 0, 0], 1)
    return x


def probabilities(x):
    return special.softmax(3 * x[:, 0, :CLASSES, 0].astype(np.float64), axis=1)


def assign(x):
    p = probabilities(x)
    return Assignment(p.argmax(axis=1).astype(np.int32), p.max(axis=1) >= 0.7, None, p.max(axis=1))


def look(x):
    return x[:, 1, :3, 0] + 0.5, probabilities(x)


@pytest.fixture
def data():
    return Data(
        "made",
        "images",
        made(600, 1),
        made(40, 2),
        num_modes=CLASSES,
        assign=assign,
        mode_weights=np.array([0.4, 0.3, 0.2, 0.1]),
    )


class Model:
    """Draws in chunks of unequal sizes, none a divisor of the others."""

    can_invert = False

    def sample_chunks(self, num_samples, seed):
        x = made(num_samples, seed)
        yield from (part for part in np.split(x, [130, 131, 577]) if len(part))


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_IIDGAN_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def extractor():
    return Extractor("pixels", "abc", look, batch_size=100)


def measure(data, extractor, *wanted, samples=SAMPLES, **options):
    return evaluation.measure(
        Model(),
        data,
        samples=samples,
        seed=5,
        wanted=wanted,
        extractor=lambda: extractor,
        **options,
    )


def same(found, expected):
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=1e-9), name


def test_modes_and_divergences(data, extractor):
    found = measure(data, extractor, "modes", "kl", threshold=3)
    mode, good, *_ = assign(made(SAMPLES, 5))
    expected = metrics.mode_metrics(
        mode, good, CLASSES, threshold=3, mode_weights=data.mode_weights
    )
    same(found, expected)
    assert found["bad_fraction"] == pytest.approx(1 - good.mean())
    equal = metrics.mode_metrics(mode, good, CLASSES)
    assert found["kl_uniform"] == equal["kl"] != found["kl"]
    p = np.where(good[:, None], 1.0, 0.4) * np.eye(CLASSES)[mode]
    p += (1 - p.sum(axis=1, keepdims=True)) / CLASSES
    counted = metrics.class_figures(p, train_shares=data.mode_weights)
    same(found, {name: value for name, value in counted.items() if name.startswith("kl_")})
    assert found["protocol_bias_kl"] == pytest.approx((CLASSES - 1) / (2 * SAMPLES))


def test_another_confidence_makes_other_samples_good(data, extractor):
    found = measure(data, extractor, "modes", least_confidence=0.5)
    confidence = probabilities(made(SAMPLES, 5)).max(axis=1)
    assert found["high_quality"] == pytest.approx((confidence >= 0.5).mean())
    assert found["protocol_least_confidence"] == 0.5


def test_scores_by_class_probabilities(data, extractor):
    found = measure(data, extractor, "inception_score", "mode_score")
    p = probabilities(made(SAMPLES, 5))
    same(found, metrics.inception_score(p))
    for form in ("che2017", "xu2018"):
        same(found, metrics.mode_score(p, data.mode_weights, form=form))
    assert found["protocol_features"] == "pixels"
    # Beside them those of the 600 real images: in 6 splits of 100, as the samples' are, or at once.
    real = probabilities(data.train)
    expected = metrics.inception_score(real, splits=6)["inception_score"]
    assert found["inception_score_perfect"] == pytest.approx(expected, rel=1e-5)
    assert found["inception_score_perfect_samples"] == 600
    expected = metrics.mode_score(real, data.mode_weights, form="xu2018")["mode_score_xu2018"]
    assert found["mode_score_xu2018_perfect"] == pytest.approx(expected, rel=1e-5)


def test_distances_by_features(data, extractor, monkeypatch):
    monkeypatch.setattr(distances, "PAIRED", len(data.train))
    found = measure(data, extractor, "fid", "kid", "prdc")
    real, fake = look(data.train)[0], look(made(SAMPLES, 5))[0]
    moments = [metrics.FeatureMoments(3).update(x) for x in (fake, real)]
    same(found, metrics.fid(*moments))
    same(found, metrics.kid(fake[: len(real)], real))
    same(found, metrics.neighbour_figures(fake[: len(real)], real))
    assert (found["kid_samples"], found["prdc_samples"]) == (600, 600)


def test_real_images_sorted_by_class_are_drawn_from_all_of_them(data, extractor):
    order = np.argsort(assign(data.train).mode, kind="stable")
    data = dataclasses.replace(data, train=data.train[order])
    drawn = reference.features(data, extractor, 150)
    everything = [bytes(row) for row in look(data.train)[0]]
    places = [everything.index(bytes(row)) for row in drawn]
    assert places == sorted(set(places)) and len(places) == 150
    # 150 of 600: each class holds a quarter of its images, within 4 standard deviations.
    counts = np.bincount(assign(data.train).mode[places], minlength=CLASSES)
    shares = np.bincount(assign(data.train).mode, minlength=CLASSES) / 600
    assert (np.abs(counts - 150 * shares) < 4 * np.sqrt(150 * shares * (1 - shares))).all()


def test_cells_of_pixels(data, extractor):
    found = measure(data, extractor, "jsd")
    same(found, metrics.NearestBins(data.train, 100)(made(SAMPLES, 5)))
    kept = measure(data, extractor, "jsd")  # Of the cells that the first call made.
    assert kept == found


def test_cells_of_stored_pixels_are_those_of_scaled_ones(data, extractor):
    stored = np.round((data.train + 1) * 127.5).astype(np.uint8)
    found = measure(dataclasses.replace(data, train=stored), extractor, "jsd")
    same(found, metrics.NearestBins(pixels(stored), 100)(made(SAMPLES, 5)))


def test_the_references_features_are_computed_once_and_again_for_other_content(data):
    calls = []

    def counted(x):
        calls.append(len(x))
        return look(x)

    first = reference.moments(data, Extractor("counted", "abc", counted))
    assert sum(calls) == len(data.train)
    again = reference.moments(data, Extractor("counted", "abc", counted))
    assert sum(calls) == len(data.train)
    np.testing.assert_array_equal(first.mean, again.mean)
    np.testing.assert_array_equal(first.covariance, again.covariance)
    reference.moments(data, Extractor("counted", "other weights", counted))
    assert sum(calls) == 2 * len(data.train)
    other = Data("made", "images", data.train + np.float32(1e-3) * (data.train < 0), data.test)
    reference.moments(other, Extractor("counted", "abc", counted))
    assert sum(calls) == 3 * len(data.train)


def test_broken_kept_moments_are_made_again_with_a_warning(data, extractor, tmp_path):
    first = reference.moments(data, extractor)
    (path,) = (tmp_path / "cache").iterdir()
    path.write_bytes(path.read_bytes()[:200])
    with pytest.warns(UserWarning, match="computing them again"):
        again = reference.moments(data, extractor)
    np.testing.assert_array_equal(first.mean, again.mean)


def test_what_cannot_be_had_is_said_and_the_rest_is_measured(data):
    looked = []

    def unavailable():
        looked.append(1)
        raise Unavailable("there is no network")

    found = evaluation.measure(
        Model(),
        data,
        samples=SAMPLES,
        seed=5,
        wanted=("modes", "fid", "inception_score"),
        extractor=unavailable,
    )
    assert found["unavailable"] == dict.fromkeys(("fid", "inception_score"), "there is no network")
    assert len(looked) == 1  # It may take long.
    assert found["modes_total"] == CLASSES and "fid" not in found


def test_features_without_probabilities_leave_scores_out(data):
    bare = Extractor("bare", "abc", lambda x: (look(x)[0], None))
    found = measure(data, bare, "fid", "inception_score")
    assert found["unavailable"] == {"inception_score": "bare gives no class probabilities"}
    assert found["fid"] > 0


def test_data_without_modes_have_none_measured(extractor):
    bare = Data("bare", "images", made(200, 1), made(20, 2))
    found = measure(bare, extractor, "modes", "mode_score", "fid")
    assert set(found["unavailable"]) == {"modes", "mode_score"}
    assert found["fid_samples"] == SAMPLES
    assert "unavailable" not in evaluation.measure(Model(), bare, samples=9, seed=1)


def test_samples_that_are_not_finite_cost_the_figures_of_features_alone(data, extractor):
    class Broken(Model):
        def sample_chunks(self, num_samples, seed):
            for x in super().sample_chunks(num_samples, seed):
                x[0] = np.nan
                yield x

    def finite_assign(x):
        finite = np.isfinite(x).all(axis=(1, 2, 3))
        found = assign(np.where(finite[:, None, None, None], x, 0))
        mode = np.where(finite, found.mode, -1)
        return Assignment(mode, found.good & finite, None, np.where(finite, found.confidence, 0))

    found = evaluation.measure(
        Broken(),
        dataclasses.replace(data, assign=finite_assign),
        samples=SAMPLES,
        seed=5,
        wanted=("modes", "kl", "fid", "kid", "inception_score"),
        extractor=lambda: extractor,
        least_confidence=0.0,
    )
    assert found["high_quality"] == pytest.approx(1 - 4 / SAMPLES)
    assert set(found["unavailable"]) == {"fid", "kid", "inception_score"}
    assert (
        found["unavailable"]["fid"] == "images must be finite to have features; got NaN or infinity"
    )


def test_too_few_samples_are_a_reason(data, extractor):
    found = measure(data, extractor, "modes", "prdc", samples=4)
    assert found["samples"] == 4
    assert found["unavailable"]["prdc"].startswith("generated must have shape (N > k, D)")


def test_a_mode_score_of_other_classes_is_said_to_be_none(data):
    other = Extractor("other", "abc", lambda x: (look(x)[0], np.full((len(x), 7), 1 / 7)))
    found = measure(data, other, "mode_score", "inception_score")
    reason = "other knows 7 classes, and the data have 4 modes"
    assert found["unavailable"] == {"mode_score": reason}
    assert found["inception_score"] == pytest.approx(1)


def test_kept_arrays_that_do_not_fit_are_made_again_with_a_warning(data, extractor, tmp_path):
    first = reference.moments(data, extractor)
    (path,) = (tmp_path / "cache").iterdir()
    for arrays in ({"mean": np.zeros(3)}, first.arrays() | {"squares": np.eye(2)}):
        np.savez(path, **arrays)
        with pytest.warns(UserWarning, match=r"can't be used \(.*\); computing them again"):
            again = reference.moments(data, extractor)
        np.testing.assert_array_equal(first.covariance, again.covariance)


def test_collectors_hold_no_more_for_more_samples(data, extractor):
    def held(samples):
        setting = coverage.Setting(data, samples, 5, extractor=extractor)
        made_of = [*vars(evaluation.measuring)["_COLLECTORS"].items()]
        sizes = {}
        for name, kind in made_of:
            collector = kind(setting)
            for start in range(0, samples, 500):
                chunk = evaluation.measuring.Chunk(made(500, start), data, extractor)
                collector.update(chunk)
            sizes[name] = _bytes(collector)
        return sizes

    assert held(distances.PAIRED) == held(2 * distances.PAIRED)


def _bytes(value):
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, (list, tuple)):
        return sum(map(_bytes, value))
    known = (metrics.ModeCounts, metrics.ClassSums, metrics.FeatureMoments)
    if isinstance(value, known) or hasattr(value, "needs_features"):
        return sum(map(_bytes, vars(value).values()))
    return sum(map(_bytes, value.values())) if isinstance(value, dict) else 0
