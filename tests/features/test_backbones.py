"""Backbones: what they give, what they are called, and what is said where they can't be had."""

import types

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan import features
from keras_iidgan.data import Data, digits, load
from keras_iidgan.features import base, inception


def images(count, shape=(8, 8, 1), seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (count, *shape)).astype(np.float32)


def some(shape=(8, 8, 1)):
    return Data("mine", "images", images(6, shape), images(6, shape))


@pytest.mark.parametrize("shape", [(8, 8, 1), (16, 12, 3)])
def test_inception_sees_pixels_as_tf_gan_feeds_them(fake_inception, shape):
    extractor = features.make("auto", some(shape), inception_path=str(fake_inception))
    x = images(60, shape)
    found, probabilities = extractor(x)
    colour = np.broadcast_to((np.round((x + 1) * 127.5, 3) - 128) / 128, (*x.shape[:3], 3))
    large = tf.compat.v1.image.resize_bilinear(colour.astype(np.float32), [299, 299])
    expected = tf.saved_model.load(str(fake_inception))(large)
    assert found.shape == (60, 6) and found.dtype == np.float32
    np.testing.assert_allclose(found, expected["pool_3"][:, 0, 0], rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(probabilities, tf.nn.softmax(expected["logits"]), atol=1e-4)
    assert probabilities.sum(axis=1) == pytest.approx(1, abs=1e-12)
    assert extractor.name == "inception tensorflow/tfgan/eval/inception/1"


def small_keras(path, outputs=5, flat=True, channels=1):
    keras.utils.set_random_seed(0)
    inputs = keras.Input((8, 8, channels))
    x = keras.layers.Flatten()(inputs) if flat else inputs
    keras.Model(inputs, keras.layers.Dense(outputs)(x)).save(path)
    return keras.saving.load_model(path, compile=False)


@pytest.mark.parametrize("prefix", ["", "model:"])
def test_a_keras_file_is_a_backbone(tmp_path, prefix):
    path = tmp_path / "mine.keras"
    network = small_keras(path)
    extractor = features.make(f"{prefix}{path}", some())
    found, probabilities = extractor(images(70))
    np.testing.assert_allclose(found, network(images(70)), rtol=1e-5, atol=1e-6)
    assert (extractor.name, probabilities) == ("model mine.keras", None)


def test_the_digest_is_that_of_the_content(tmp_path):
    small_keras(tmp_path / "one.keras")
    small_keras(tmp_path / "other.keras", outputs=4)
    one, other = (features.make(str(tmp_path / f"{n}.keras"), some()) for n in ("one", "other"))
    (tmp_path / "copy.keras").write_bytes((tmp_path / "one.keras").read_bytes())
    assert one.digest == features.make(str(tmp_path / "copy.keras"), some()).digest
    assert one.digest != other.digest


def test_a_saved_model_with_named_outputs_has_probabilities(tmp_path, fake_inception):
    extractor = features.make(str(fake_inception), some())
    found, probabilities = extractor(images(3))
    assert found.shape == (3, 6) and probabilities.shape == (3, 4)


def test_a_saved_model_of_keras_is_a_backbone(tmp_path):
    network = small_keras(tmp_path / "mine.keras", channels=3)
    network.export(tmp_path / "served", verbose=False)
    found, _ = features.make(str(tmp_path / "served"), some())(images(3))
    grey = np.repeat(images(3), 3, axis=-1)
    np.testing.assert_allclose(found, network(grey), rtol=1e-5, atol=1e-6)


@pytest.fixture
def quick_digits(tmp_path, monkeypatch):
    """Digits whose classifier is trained for a second, and an empty cache."""
    from keras_iidgan.data import classifier

    monkeypatch.setenv("KERAS_IIDGAN_CACHE", str(tmp_path / "cache"))
    quick = classifier.Recipe("digits", 1, 64, 2e-3, 1, 0.0, "1 s")
    monkeypatch.setattr(digits, "recipe", lambda: quick)
    digits._cached_classifier.cache_clear()
    yield
    digits._cached_classifier.cache_clear()


def test_the_classifier_gives_what_assigns_digits(quick_digits):
    data = load("digits")
    extractor = features.make("auto", data)
    found, probabilities = extractor(data.test)
    assert found.shape == (364, 128) and extractor.name == "classifier of digits"
    assignment = data.assign(data.test)
    np.testing.assert_array_equal(probabilities.argmax(axis=1), assignment.mode)
    np.testing.assert_allclose(probabilities.max(axis=1), assignment.confidence, atol=1e-6)


def test_of_stacks_features_are_side_by_side_and_classes_the_products(quick_digits):
    data = load("stacked_digits", size=50)
    extractor = features.make("classifier", data)
    single = features.make("classifier", load("digits"))
    assert (extractor.name, extractor.digest) == (single.name, single.digest)
    found, probabilities = extractor(data.train)
    parts = [single(data.train[..., [channel]]) for channel in range(3)]
    np.testing.assert_allclose(found, np.concatenate([f for f, _ in parts], axis=1), atol=1e-5)
    red, green, blue = (p for _, p in parts)
    np.testing.assert_allclose(
        probabilities[7], np.kron(np.kron(red[7], green[7]), blue[7]), atol=1e-6
    )
    np.testing.assert_array_equal(probabilities.argmax(axis=1), data.assign(data.train).mode)


def test_what_is_not_there_is_said_in_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "broken.keras").write_bytes(b"no archive")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "saved_model.pb").write_bytes(b"no graph")
    points = load("ring", size=16)
    for name, data, message in (
        (str(tmp_path / "none"), some(), "--features must name a model that exists; .*none"),
        ("model:none.keras", some(), "--features must name a model that exists; got none.keras"),
        (str(tmp_path / "broken.keras"), some(), r"--features=.*broken\.keras can't be loaded: "),
        (str(tmp_path / "folder"), some(), r"--features=.*folder can't be loaded: "),
        ("classifier", some(), "the classifier is one of digits, and mine has none"),
        ("auto", points, "features are of images, and ring has points"),
    ):
        with pytest.raises(features.Unavailable, match=message) as caught:
            features.make(name, data)
        assert "\n" not in str(caught.value)
    with pytest.raises(features.Unavailable, match="--inception_path must name a model that exis"):
        features.make("inception", some(), inception_path="none")


def test_without_a_network_inception_is_given_up_at_once(monkeypatch, tmp_path):
    def refuse(host, timeout):
        raise OSError("no network")

    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(inception.network, "check", refuse)
    with pytest.raises(
        features.Unavailable, match=r"Hub \(no network\); --inception_path names a local copy of"
    ):
        features.make("inception", some())


def test_tensorflow_hubs_copy_is_taken_without_a_network(monkeypatch, fake_inception):
    hub = types.SimpleNamespace(resolve=lambda handle: str(fake_inception))
    monkeypatch.setattr("keras_iidgan.tfgan_shim.tfhub", lambda: hub)
    monkeypatch.setattr(inception, "_is_cached", lambda: True)
    assert features.make("inception", some())(images(2))[0].shape == (2, 6)


def test_images_and_outputs_that_do_not_fit(tmp_path, fake_inception):
    small_keras(tmp_path / "rank.keras", flat=False)
    small_keras(tmp_path / "grey.keras")
    for path, shape, message in (
        ("rank.keras", (8, 8, 1), r"rank.keras must give features of shape \(2, D\) .*2, 8, 8, 5"),
        ("grey.keras", (8, 8, 3), "the backbone takes images of 1 channels; got 3"),
    ):
        extractor = features.make(str(tmp_path / path), some(shape))
        with pytest.raises(features.Unavailable, match=message):
            extractor(images(2, shape))
    network = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten()])
    network.export(tmp_path / "other", verbose=False)
    extractor = features.make("inception", some(), inception_path=str(tmp_path / "other"))
    with pytest.raises(features.Unavailable, match=r"can.t take images|must give pool_3"):
        extractor(images(2))


def test_names_are_checked():
    for name in (*features.NAMES, "model:mine", "a/b", "mine.keras", "~/mine"):
        features.check_name(name)
    with pytest.raises(ValueError, match=r"features must be one of auto, .*; got 'inceptoin'"):
        features.check_name("inceptoin")


def test_an_extractor_goes_in_batches():
    seen = []

    def function(x):
        seen.append(len(x))
        return x.reshape(len(x), -1), None

    x = images(10)
    found, _ = base.Extractor("identity", "0", function, batch_size=4)(x)
    assert seen == [4, 4, 2]
    np.testing.assert_array_equal(found, x.reshape(10, -1))
