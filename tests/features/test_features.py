"""Feature extractors: what they are given, what they say, and what they can't be had for."""

import hashlib
import shutil

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import special

from keras_iidgan import data, features
from keras_iidgan.features import Unavailable, inception
from keras_iidgan.features.base import Extractor, digest_of

X = np.random.default_rng(0).uniform(-1, 1, (5, 8, 8, 1)).astype(np.float32)
BARE = data.Data("bare", "images", X, X)


class FakeInception(tf.Module):
    """The outputs of Inception, made of the mean of each channel of what it is given."""

    @tf.function(input_signature=[tf.TensorSpec([None, 299, 299, 3])])
    def __call__(self, x):
        mean = tf.reduce_mean(x, axis=[1, 2])
        return {"pool_3": tf.reshape(mean, [-1, 1, 1, 3]), "logits": 2 * mean}


@pytest.fixture
def inception_folder(tmp_path):
    tf.saved_model.save(FakeInception(), str(tmp_path / "inception"))
    return tmp_path / "inception"


def test_inception_sees_three_channels_of_299_pixels(inception_folder):
    extractor = features.load("inception", BARE, inception_path=str(inception_folder))
    found, probabilities = extractor(X)
    resized = tf.compat.v1.image.resize_bilinear(np.repeat(X, 3, axis=-1), [299, 299])
    mean = np.asarray(resized).mean(axis=(1, 2))
    np.testing.assert_allclose(found, mean, atol=1e-5)
    np.testing.assert_allclose(probabilities, special.softmax(2 * mean, axis=1), atol=1e-5)
    assert extractor.name == "Inception of inception"


def test_another_inception_has_another_digest(inception_folder):
    first = digest_of(inception_folder)
    (inception_folder / "variables" / "more").write_text("x")
    assert digest_of(inception_folder) != first


def test_points_have_no_features():
    with pytest.raises(Unavailable, match="features are of images, and ring has points"):
        features.load("auto", data.load("ring", size=16))


def test_what_tensorflow_hub_has_kept_needs_no_network(monkeypatch, tmp_path, inception_folder):
    name = hashlib.sha1(inception.HUB.encode()).hexdigest()
    shutil.copytree(inception_folder, tmp_path / "hub" / name)
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "hub"))
    monkeypatch.setattr(inception.prepared, "check_network", None)  # It isn't asked.
    extractor = features.load("auto", BARE)
    assert extractor(X)[0].shape == (5, 3)
    assert extractor.digest == digest_of(inception_folder)


def test_without_a_network_the_way_out_is_named(monkeypatch, tmp_path):
    def refuse(host):
        raise OSError("Name or service not known")

    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(inception.prepared, "check_network", refuse)
    with pytest.raises(Unavailable, match=r"Inception can't be had from https.*--inception_path"):
        features.load("auto", BARE)


@pytest.mark.parametrize("kind", ["missing", "empty", "broken"])
def test_a_folder_that_is_no_inception_is_named(tmp_path, kind):
    folder = tmp_path / "it"
    if kind != "missing":
        folder.mkdir()
    if kind == "broken":
        (folder / "saved_model.pb").write_bytes(b"broken")
    with pytest.raises(Unavailable, match=str(folder)):
        features.load("inception", BARE, inception_path=str(folder))


def test_an_inception_without_its_outputs_is_refused(tmp_path):
    class Other(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None, 299, 299, 3])])
        def __call__(self, x):
            return {"logits": x[:, 0, 0]}

    tf.saved_model.save(Other(), str(tmp_path / "other"))
    extractor = features.load("inception", BARE, inception_path=str(tmp_path / "other"))
    with pytest.raises(Unavailable, match="must give pool_3"):
        extractor(X)


def test_a_keras_model_is_taken_by_its_path(tmp_path):
    layers = keras.layers.Conv2D(2, 3), keras.layers.GlobalMaxPooling2D(keepdims=True)
    model = keras.Sequential([keras.Input((8, 8, 1)), *layers])
    model.save(tmp_path / "mine.keras")
    extractor = features.load(str(tmp_path / "mine.keras"), BARE)
    found, probabilities = extractor(X)
    np.testing.assert_allclose(found, np.reshape(model(X), [5, -1]), atol=1e-6)
    assert (extractor.name, probabilities) == ("mine.keras", None)


def test_a_saved_model_may_give_class_probabilities(tmp_path):
    model = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten()])

    @tf.function(input_signature=[tf.TensorSpec([None, 8, 8, 1], name="image")])
    def serve(image):
        flat = model(image)
        return {"features": flat, "logits": flat[:, :3]}

    module = tf.Module()
    module.model, module.serve = model, serve
    tf.saved_model.save(module, str(tmp_path / "mine"), signatures={"serving_default": serve})
    found, probabilities = features.load(str(tmp_path / "mine"), BARE)(X)
    np.testing.assert_allclose(found, X.reshape(5, -1))
    np.testing.assert_allclose(probabilities, special.softmax(found[:, :3], axis=1), atol=1e-6)


def test_images_are_resized_and_grey_ones_repeated_as_a_network_takes_them(tmp_path):
    means = keras.layers.GlobalAveragePooling2D()
    keras.Sequential([keras.Input((4, 4, 3)), means]).save(tmp_path / "small.keras")
    found, _ = features.load(str(tmp_path / "small.keras"), BARE)(X)
    halves = X.reshape(5, 4, 2, 4, 2).mean(axis=(2, 4))
    # Halving with antialiasing weighs by a triangle: near to the mean of four, and not one of them.
    np.testing.assert_allclose(found, np.repeat(halves.mean((1, 2))[:, None], 3, 1), atol=0.05)
    assert np.ptp(found, axis=1).max() == 0

    @tf.function(input_signature=[tf.TensorSpec([None, 4, 4, 3], name="image")])
    def serve(image):
        return {"features": tf.reduce_mean(image, axis=[1, 2])}

    module = tf.Module()
    module.serve = serve
    tf.saved_model.save(module, str(tmp_path / "small"), signatures={"serving_default": serve})
    again, _ = features.load(str(tmp_path / "small"), BARE)(X)
    np.testing.assert_allclose(again, found, atol=1e-6)


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        (
            [keras.layers.Conv2D(2, 3)],
            r"must give features as numbers \[N, D\]; got float32 of shape",
        ),
        (
            [keras.layers.Flatten(), *[keras.layers.Rescaling(1e30) for _ in "ab"]],
            "must give finite features",
        ),
    ],
)
def test_a_network_whose_outputs_are_no_features_is_refused(tmp_path, layers, said):
    keras.Sequential([keras.Input((8, 8, 1)), *layers]).save(tmp_path / "a.keras")
    with pytest.raises(Unavailable, match=f"a.keras {said}"):
        features.load(str(tmp_path / "a.keras"), BARE)(X)


def test_images_that_are_not_finite_are_not_blamed_on_the_network(tmp_path):
    broken = X.copy()
    broken[0, 0, 0] = np.nan
    with pytest.raises(Unavailable, match="images must be finite to have features"):
        Extractor("flat", "abc", lambda x: (x.reshape(len(x), -1), None))(broken)


def test_a_network_for_other_images_is_refused_in_a_sentence(tmp_path):
    keras.Sequential([keras.Input((8, 8, 2)), keras.layers.Conv2D(2, 3)]).save(tmp_path / "a.keras")
    with pytest.raises(Unavailable, match=r"a.keras can't take images of shape \(8, 8, 1\)"):
        features.load(str(tmp_path / "a.keras"), BARE)(X)


def test_a_file_that_is_no_network_is_refused(tmp_path):
    (tmp_path / "text.keras").write_text("not a network")
    with pytest.raises(Unavailable, match=r"text.keras can't be loaded as a network"):
        features.load(str(tmp_path / "text.keras"), BARE)


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"features must be auto, inception, classifier or an"):
        features.load("incepton", BARE)
    with pytest.raises(Unavailable, match="there is no classifier of bare"):
        features.load("classifier", BARE)


def test_images_are_given_in_batches_and_put_together_again():
    seen = []

    def apply(x):
        seen.append(len(x))
        return x.reshape(len(x), -1), None

    found, _ = Extractor("flat", "abc", apply, batch_size=2)(X)
    assert seen == [2, 2, 1]
    np.testing.assert_array_equal(found, X.reshape(5, -1))
    with pytest.raises(Unavailable, match=r"flat must give features as numbers \[N, D\]"):
        Extractor("flat", "abc", lambda x: (x, None))(X)


def test_the_classifier_of_digits_sees_stacks_channel_by_channel():
    stacked = data.load("stacked_digits", size=30)
    extractor = features.load("auto", stacked)
    assert extractor.name == "classifier of digits"
    found, modes = extractor(stacked.train)
    assert found.shape == (30, 3 * 128) and modes.shape == (30, 1000)
    np.testing.assert_allclose(modes.sum(axis=1), 1, rtol=1e-6)
    assert (modes.argmax(axis=1) == stacked.assign(stacked.train).mode).all()
    first = modes.reshape(30, 10, 100).sum(axis=2)  # Of the first channel alone.
    alone = data.load("digits", size=20).assign.classifier()(stacked.train[..., :1])
    np.testing.assert_allclose(first, alone, atol=1e-6)
