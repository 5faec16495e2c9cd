"""Serialized tf.Examples: which feature is read, and that it is inverted as samples are."""

import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan import methods, signatures


def serialized(**features):
    kinds = {
        bytes: lambda values: tf.train.Feature(bytes_list=tf.train.BytesList(value=values)),
        float: lambda values: tf.train.Feature(float_list=tf.train.FloatList(value=values)),
        int: lambda values: tf.train.Feature(int64_list=tf.train.Int64List(value=values)),
    }
    made = {name: kinds[type(values[0])](values) for name, values in features.items()}
    return tf.train.Example(features=tf.train.Features(feature=made)).SerializeToString()


def test_points_are_read_of_x(make_model, rows):
    model, x = make_model("vae"), rows(4)
    examples, _ = signatures.endpoints(model)["examples"]
    found = examples(tf.constant([serialized(x=row.tolist(), label=[3]) for row in x]))
    np.testing.assert_allclose(found["z"], model.invert(x), atol=1e-5)
    error = np.abs(x - model.reconstruct(x)).mean(axis=1)
    np.testing.assert_allclose(found["error"], error, rtol=1e-4)
    for wrong in (serialized(label=[3]), serialized(x=[1.0]), b"no proto"):
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"Feature: x|Key: x|parse"):
            examples(tf.constant([wrong]))


@pytest.mark.parametrize("channels", [1, 3])
def test_images_are_read_of_image(channels):
    model = methods.create("iid_cgan", data_shape=(6, 6, channels), latent_dim=2, num_classes=3)
    pixels = np.random.default_rng(0).integers(0, 256, (3, 6, 6, channels)).astype(np.uint8)
    x = pixels / np.float32(127.5) - 1
    files = tf.io.encode_png(pixels).numpy()
    examples, _ = signatures.endpoints(model)["examples"]
    found = examples(tf.constant([serialized(image=[file], label=[0]) for file in files]))
    np.testing.assert_allclose(found["z"], model.invert(x), atol=1e-5)
    np.testing.assert_allclose(found["probability"], model.classify(x), atol=1e-5)
    error = np.abs(x - model.reconstruct(x)).mean(axis=(1, 2, 3))
    np.testing.assert_allclose(found["error"], error, rtol=1e-4)
    with pytest.raises(tf.errors.InvalidArgumentError, match="image"):
        examples(tf.constant([serialized(x=x[0].ravel().tolist())]))


def test_images_that_no_file_format_has_are_read_of_x():
    model = methods.create("vae", data_shape=(4, 4, 2), latent_dim=2)
    x = np.random.default_rng(0).uniform(-1, 1, (3, 4, 4, 2)).astype(np.float32)
    endpoints = signatures.endpoints(model)
    assert not [name for name in endpoints if name.endswith("_png")]
    found = endpoints["examples"][0](tf.constant([serialized(x=row.ravel().tolist()) for row in x]))
    np.testing.assert_allclose(found["z"], model.invert(x), atol=1e-5)
