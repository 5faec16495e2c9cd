"""CIFAR, STL-10 and CelebA, from small directories that TensorFlow Datasets itself writes."""

import numpy as np
import pytest
from conftest import write_tfds

from keras_iidgan import data
from keras_iidgan.data import cache, prepared
from keras_iidgan.training import pipeline

pytestmark = pytest.mark.usefixtures("own_cache")
COUNT = 12


def images(shape, count=COUNT, seed=0):
    """Images of one colour each, so that cutting and resizing leave it."""
    colours = np.random.default_rng(seed).integers(0, 256, (count, 1, 1, shape[-1]), np.uint8)
    return np.broadcast_to(colours, (count, *shape)).copy(), np.arange(count) % 3


def colours(x):
    """The colour of each image, sorted, as pixels of a byte."""
    x = x if x.dtype == np.uint8 else np.round((x + 1) * 127.5)
    return sorted(map(tuple, np.median(x, axis=(1, 2)).astype(int).tolist()))


@pytest.mark.parametrize(("name", "builder"), [("cifar10", "Cifar10"), ("cifar100", "Cifar100")])
def test_cifar_has_named_classes_and_no_modes(tmp_path, name, builder):
    train, test = images((32, 32, 3)), images((32, 32, 3), 5, seed=1)
    write_tfds(tmp_path, builder, "3.0.2", {"train": train, "test": test}, ["ape", "bee", "cat"])
    loaded = data.load(name, data_dir=str(tmp_path))
    assert (loaded.num_modes, loaded.num_classes) == (0, 3)
    assert loaded.class_names == ("ape", "bee", "cat")
    assert loaded.train.dtype == np.uint8 and colours(loaded.train) == colours(train[0])
    assert loaded.test.dtype == np.float32 and colours(loaded.test) == colours(test[0])
    by_content = {tuple(image[0, 0]): label for image, label in zip(*train, strict=True)}
    found = [by_content[tuple(image[0, 0])] for image in loaded.train]
    assert found == loaded.labels.tolist()  # Labels were shuffled along.
    assert len(data.load(name, data_dir=str(tmp_path), size=7).train) == 7
    with pytest.raises(ValueError, match=f"size must be at most {COUNT} for {name}; got 13"):
        data.load(name, data_dir=str(tmp_path), size=13)


@pytest.mark.parametrize("side", [None, 32, 48, 96])
def test_stl10_trains_on_what_has_no_labels_at_any_of_its_sizes(tmp_path, side):
    train, test = images((96, 96, 3)), images((96, 96, 3), 4, seed=1)
    splits = {"train": images((96, 96, 3), 3, seed=2), "unlabelled": train, "test": test}
    write_tfds(tmp_path, "Stl10", "1.0.0", splits, ["ape", "bee", "cat"])
    loaded = data.load("stl10", data_dir=str(tmp_path), image_size=side)
    assert loaded.shape == (side or 64, side or 64, 3) and loaded.labels is None
    assert colours(loaded.train) == colours(train[0])
    assert colours(loaded.test) == colours(test[0])


def test_celeb_a_is_the_centre_square(tmp_path):
    train, labels = images((218, 178, 3))
    train[:, :20], train[:, -20:] = 0, 255  # What the square leaves out.
    write_tfds(tmp_path, "CelebA", "2.1.0", {"train": (train, labels), "test": (train, labels)})
    loaded = data.load("celeb_a", data_dir=str(tmp_path))
    assert loaded.shape == (64, 64, 3)
    flat = loaded.train.reshape(COUNT, -1, 3)
    assert (flat.max(axis=1) == flat.min(axis=1)).all()  # Neither the black nor the white is in it.
    assert colours(loaded.train) == colours(train)


def test_a_resized_image_is_antialiased(tmp_path):
    fine = np.zeros((2, 96, 96, 3), np.uint8)
    fine[:, ::2] = 255  # Rows that a size of 32 would take or miss whole.
    splits = {"unlabelled": (fine, [0, 0]), "test": (fine, [0, 0])}
    write_tfds(tmp_path, "Stl10", "1.0.0", splits, ["ape"])
    middle = data.load("stl10", data_dir=str(tmp_path), image_size=32).train[:, 4:-4]
    assert 60 < middle.min() and middle.max() < 195


def test_what_is_too_large_for_the_memory_gives_the_same_batches_from_the_disk(
    tmp_path, monkeypatch
):
    train, test = images((32, 32, 3)), images((32, 32, 3), 5, seed=1)
    write_tfds(tmp_path, "Cifar10", "3.0.2", {"train": train, "test": test}, ["a", "b", "c"])
    held, held_labels = prepared.read("cifar10", "train", str(tmp_path))
    for kept in cache.cache_folder().iterdir():
        kept.unlink()
    monkeypatch.setattr(cache, "fits_in_memory", lambda count: False)
    for _ in range(2):  # Decoded, then read from the cache folder.
        mapped, labels = prepared.read("cifar10", "train", str(tmp_path))
        assert isinstance(mapped, np.memmap)
        np.testing.assert_array_equal(mapped, held)
        np.testing.assert_array_equal(labels, held_labels)
    options = {"labels": labels, "flip": True, "seed": 3, "first_step": 5}
    pairs = zip(
        pipeline.batches(held, 8, **options), pipeline.batches(mapped, 8, **options), strict=False
    )
    for _ in range(6):
        one, other = next(pairs)
        for a, b in zip(one, other, strict=True):
            assert a.shape == b.shape
            np.testing.assert_array_equal(a, b)
    loaded = data.load("cifar10", data_dir=str(tmp_path), size=9)
    assert isinstance(loaded.train, np.memmap) and len(loaded.train) == len(loaded.labels) == 9
