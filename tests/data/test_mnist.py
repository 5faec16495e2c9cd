"""MNIST alone and stacked, on a small TensorFlow Datasets directory of enlarged digits."""

import dataclasses

import numpy as np
import pytest
from tfds_files import enlarged

from keras_iidgan import data
from keras_iidgan.data import base, mnist

pytestmark = pytest.mark.usefixtures("classifier_cache")


@pytest.fixture
def quick_recipe(monkeypatch):
    """A recipe that 1,433 images are enough for."""
    quick = dataclasses.replace(mnist.recipe("mnist"), epochs=12, batch_size=64, least_accuracy=0.9)
    monkeypatch.setattr(mnist, "recipe", lambda name: quick)


def test_images_stay_as_stored_and_test_images_are_scaled(tfds_dir):
    made = data.load("mnist", data_dir=str(tfds_dir))
    (images, labels), (test, _) = enlarged()
    assert made.shape == (28, 28, 1) and made.train.dtype == np.uint8
    assert sorted(map(bytes, made.train)) == sorted(map(bytes, images))
    assert sorted(map(bytes, made.test)) == sorted(map(bytes, base.pixels(test)))
    known = {bytes(image): label for image, label in zip(images, labels, strict=True)}
    assert all(known[bytes(x)] == y for x, y in zip(made.train, made.labels, strict=True))
    assert made.mode_weights == pytest.approx(np.bincount(labels) / len(labels))


def test_the_seed_decides_the_order_and_size_how_many(tfds_dir):
    one, same, other = (
        data.load("mnist", data_dir=str(tfds_dir), seed=s, size=100).train for s in (0, 0, 1)
    )
    assert len(one) == 100
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()
    with pytest.raises(ValueError, match="size must be at most 1433 for mnist; got 1434"):
        data.load("mnist", data_dir=str(tfds_dir), size=1434)


@pytest.mark.parametrize("name", ["mnist", "stacked_mnist"])
def test_32_pixels_are_28_within_black(tfds_dir, name):
    small, large = (
        data.load(name, data_dir=str(tfds_dir), size=50, image_size=side) for side in (28, 32)
    )
    assert large.shape == (32, 32, small.shape[-1])
    np.testing.assert_array_equal(large.train[:, 2:-2, 2:-2], small.train)
    assert large.train.sum() == small.train.sum()
    assert large.test[:, :2].max() == -1


def test_a_stack_is_three_training_digits_and_its_mode_their_number(tfds_dir):
    made = data.load("stacked_mnist", data_dir=str(tfds_dir), size=200, seed=2)
    (images, labels), _ = enlarged()
    known = {}
    for image, label in zip(images, labels, strict=True):
        known[image.tobytes()] = int(label)
    for stack, mode in zip(made.train, made.labels, strict=True):
        red, green, blue = (known[stack[..., [c]].tobytes()] for c in range(3))
        assert mode == int(f"{red}{green}{blue}")
    assert made.num_modes == 1000
    assert len(data.load("stacked_mnist", data_dir=str(tfds_dir)).train) == 50_000


def test_modes_are_read_by_a_classifier_of_the_same_pixels(tfds_dir, quick_recipe):
    made = data.load("stacked_mnist", data_dir=str(tfds_dir), size=300, image_size=32)
    assigned = made.assign(made.train)  # As stored, and scaled: both are the same images.
    np.testing.assert_array_equal(assigned.mode, made.assign(base.pixels(made.train)).mode)
    assert (assigned.mode == made.labels).mean() > 0.9
    assert made.assign.report()["test_images"] == 364
