"""The way between codes: that of the pictures, and finite wherever it begins and ends."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan import latent_codes, methods, signatures
from keras_iidgan.signatures import interpolation

T = np.linspace(0, 1, 5, dtype=np.float32)


@pytest.mark.parametrize("size", [1, 2, 64])
def test_it_is_the_way_of_the_pictures(rows, size):
    z0, z1 = rows(6, size, seed=1), rows(6, size, seed=2)
    found = interpolation.between(z0, z1, np.tile(T, (6, 1))).numpy()
    expected = latent_codes.interpolate(z0, z1, len(T)).reshape(6, len(T), size)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(found[:, 0], z0)
    np.testing.assert_array_equal(found[:, -1], z1)


def test_equal_opposite_and_zero_codes_have_a_straight_way():
    z0 = np.array([[3, 4], [3, 4], [0, 0], [3, 4], [0, 0]], np.float32)
    z1 = np.array([[3, 4], [-6, -8], [3, 4], [0, 0], [0, 0]], np.float32)
    found = interpolation.between(z0, z1, np.tile(T, (5, 1))).numpy()
    straight = z0[:, None] * (1 - T[:, None]) + z1[:, None] * T[:, None]
    np.testing.assert_allclose(found, straight, atol=1e-5)


@pytest.mark.parametrize("t", [-0.1, 1.1, np.nan])
def test_positions_beyond_the_ends_are_refused(t):
    z = tf.zeros([1, 2])
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"t must be in \[0, 1\]"):
        interpolation.between(z, z, tf.constant([[0.5, t]]))


def test_so_many_positions_and_no_more(monkeypatch):
    monkeypatch.setattr(interpolation, "MOST_POINTS", 6)
    z = tf.zeros([2, 2])
    assert interpolation.between(z, z, tf.zeros([2, 3])).shape == (2, 3, 2)
    with pytest.raises(tf.errors.InvalidArgumentError, match="t must have at most 6 positions"):
        interpolation.between(z, z, tf.zeros([2, 4]))


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return methods.create("iid_cgan", data_shape=(6, 5, 1), latent_dim=3, num_classes=3)


def test_samples_are_those_of_the_codes_and_labels(model, rows):
    endpoints = signatures.endpoints(model)
    z0, z1, labels = rows(2, 3, seed=1), rows(2, 3, seed=2), np.array([2, 0])
    t = np.array([[0, 0.3, 1], [1, 0.5, 0.2]], np.float32)
    found = {k: v.numpy() for k, v in endpoints["interpolate"][0](z0, z1, t, labels).items()}
    assert found["x"].shape == (2, 3, 6, 5) and found["z"].shape == (2, 3, 3)
    np.testing.assert_array_equal(found["label"], [[2, 2, 2], [0, 0, 0]])
    expected = model.generate(found["z"].reshape(6, 3), found["label"].ravel())
    np.testing.assert_allclose(found["x"].reshape(6, 6, 5, 1), expected, atol=1e-5)


def test_between_samples_it_goes_from_code_to_code_by_the_nearer_class(model):
    endpoints = signatures.endpoints(model)
    x = model.sample(8, seed=1)
    classes = model.classify(x).argmax(axis=1)
    first, second = 0, int(np.argmax(classes != classes[0]))
    t = np.array([[0, 0.4, 0.6, 1]], np.float32)
    found = endpoints["interpolate_images"][0](x[[first], ..., 0], x[[second], ..., 0], t)
    codes = model.invert(x)
    np.testing.assert_allclose(found["z"][0, 0], codes[first], atol=1e-5)
    np.testing.assert_allclose(found["z"][0, -1], codes[second], atol=1e-5)
    expected = classes[[first, first, second, second]]
    np.testing.assert_array_equal(found["label"][0], expected)
    np.testing.assert_allclose(
        found["x"][0, ..., np.newaxis], model.generate(found["z"][0], expected), atol=1e-5
    )
