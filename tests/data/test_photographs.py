"""CIFAR, STL-10 and CelebA, on small TensorFlow Datasets directories of random images."""

import numpy as np
import pytest
from tfds_files import write_tfds

from keras_iidgan import data
from keras_iidgan.data import base, prepared, progress, squares, stored
from keras_iidgan.data import photographs as module

pytestmark = pytest.mark.usefixtures("own_cache")

NAMES = [f"kind {i}" for i in range(100)]


def noise(count, *shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, [count, *shape], np.uint8)


@pytest.fixture(scope="module")
def photographs(tmp_path_factory):
    """A directory of all four; CIFAR-10's classes have no names, CIFAR-100's have."""
    folder = tmp_path_factory.mktemp("photographs")
    parts = {"train": (noise(40, 32, 32, 3), range(40)), "test": (noise(9, 32, 32, 3), range(9))}
    write_tfds(folder, "cifar100", "3.0.2", parts, 100, NAMES)
    parts = {split: (x, np.arange(len(x)) % 10) for split, (x, _) in parts.items()}
    write_tfds(folder, "cifar10", "3.0.2", parts, 10)
    parts = {
        "unlabelled": (noise(30, 96, 96, 3), [-1] * 30),
        "test": (noise(7, 96, 96, 3), [2] * 7),
    }
    write_tfds(folder, "stl10", "1.0.0", parts, 10)
    parts = {"train": (noise(20, 218, 178, 3), [0] * 20), "test": (noise(6, 218, 178, 3), [0] * 6)}
    write_tfds(folder, "celeb_a", "2.1.0", parts)
    return str(folder)


def as_set(images):
    return sorted(map(bytes, images))


@pytest.mark.parametrize("name", ["cifar10", "cifar100"])
def test_cifar_is_every_image_with_its_class(photographs, name):
    made = data.load(name, data_dir=photographs)
    images = noise(40, 32, 32, 3)
    assert made.shape == (32, 32, 3) and made.train.dtype == np.uint8
    assert as_set(made.train) == as_set(images)
    assert as_set(made.test) == as_set(base.pixels(noise(9, 32, 32, 3)))
    classes = int(name.removeprefix("cifar"))
    known = {bytes(image): i % classes for i, image in enumerate(images)}
    assert [known[bytes(x)] for x in made.train] == list(made.labels)
    assert (made.num_modes, made.assign) == (0, None)
    assert made.class_names == (tuple(NAMES) if name == "cifar100" else ())


def test_cifar_without_names_has_the_classes_that_occur(photographs):
    assert data.load("cifar10", data_dir=photographs).num_classes == 10
    assert data.load("cifar100", data_dir=photographs).num_classes == 100


def test_stl10_learns_from_the_split_without_labels(photographs):
    made = data.load("stl10", data_dir=photographs, image_size=96)
    assert as_set(made.train) == as_set(noise(30, 96, 96, 3))
    assert as_set(made.test) == as_set(base.pixels(noise(7, 96, 96, 3)))
    assert made.labels is None and made.num_classes == 0


def test_celeb_a_is_the_middle_of_the_face(photographs):
    made = data.load("celeb_a", data_dir=photographs)
    middle = noise(20, 218, 178, 3)[:, 20:198]
    assert as_set(made.train) == as_set(squares.squares(middle, 64))
    assert made.test.shape == (6, 64, 64, 3) and made.labels is None


@pytest.mark.parametrize(
    ("name", "sizes"), [("stl10", (64, 48, 32, 96)), ("celeb_a", (64, 32, 48, 128))]
)
def test_sizes_are_resized_once_and_kept(photographs, name, sizes, capsys, own_cache):
    assert data.load(name, data_dir=photographs).shape == (64, 64, 3)
    for size in sizes:
        shape = data.load(name, data_dir=photographs, image_size=size).shape
        assert shape == (size, size, 3)
    assert capsys.readouterr().err.count("Decoding") == 2 * len(sizes)
    before = sorted(own_cache.iterdir())
    data.load(name, data_dir=photographs)
    assert "Decoding" not in capsys.readouterr().err
    assert sorted(own_cache.iterdir()) == before
    with pytest.raises(ValueError, match=f"image_size must be one of 64, .* for {name}; got 65"):
        data.load(name, data_dir=photographs, image_size=65)


@pytest.mark.parametrize("name", ["stl10", "celeb_a"])
def test_so_many_test_images_and_no_more(photographs, name, monkeypatch):
    monkeypatch.setattr(module, "TEST_IMAGES", 5)
    assert len(data.load(name, data_dir=photographs).test) == 5


@pytest.mark.parametrize("name", ["cifar10", "stl10"])
def test_the_seed_decides_which_training_images_are_taken(photographs, name):
    def taken(seed, size):
        return data.load(name, data_dir=photographs, seed=seed, size=size).train

    np.testing.assert_array_equal(taken(0, 12), taken(0, 12))
    assert (taken(0, 12) != taken(1, 12)).any()
    whole = set(as_set(taken(0, None)))
    assert len(taken(0, 12)) == 12 and whole >= set(as_set(taken(0, 12)))
    with pytest.raises(ValueError, match=f"size must be at most {len(whole)} for {name}; got 41"):
        taken(0, 41)


def test_large_data_stay_on_the_disk_and_are_the_same(photographs, monkeypatch):
    in_memory = data.load("stl10", data_dir=photographs, size=20)
    monkeypatch.setattr(stored, "IN_MEMORY", 1000)
    on_disk = data.load("stl10", data_dir=photographs, size=20)
    assert isinstance(on_disk.train, np.memmap) and not isinstance(in_memory.train, np.memmap)
    np.testing.assert_array_equal(on_disk.train, in_memory.train)
    np.testing.assert_array_equal(on_disk.test, in_memory.test)


def test_a_broken_file_is_said_and_made_again(photographs, own_cache):
    first = data.load("stl10", data_dir=photographs).train
    (kept,) = own_cache.glob("stl10-unlabelled-*")
    kept.write_bytes(kept.read_bytes()[:1000])
    with pytest.warns(UserWarning, match="can't be read.*decoding again"):
        mended = data.load("stl10", data_dir=photographs).train
    np.testing.assert_array_equal(first, mended)


def test_an_unwritable_cache_folder_is_said_and_the_data_are_whole(photographs, own_cache):
    expected = data.load("stl10", data_dir=photographs).train
    own_cache.rename(own_cache.with_name("away"))
    own_cache.write_text("in the way")
    with pytest.warns(UserWarning, match="the decoded images aren't kept"):
        found = data.load("stl10", data_dir=photographs).train
    np.testing.assert_array_equal(found, expected)


def test_an_interrupted_preparation_leaves_nothing_behind(photographs, own_cache, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(squares, "squares", interrupt)
    with pytest.raises(KeyboardInterrupt):
        prepared.read_squares("stl10", "test", 64, photographs)
    assert list(own_cache.iterdir()) == []


def keys(x):
    """Keys' cubic kernel with a = -0.5."""
    x = np.abs(x)
    near, far = 1.5 * x**3 - 2.5 * x**2 + 1, -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
    return np.where(x < 1, near, np.where(x < 2, far, 0))


@pytest.mark.parametrize(("height", "width", "side"), [(96, 96, 64), (30, 20, 7), (16, 24, 24)])
def test_a_square_is_the_centre_filtered_by_keys_kernel(height, width, side):
    (image,) = noise(1, height, width, 3)
    least = min(height, width)
    top, left = (height - least) // 2, (width - least) // 2
    centre = image[top : top + least, left : left + least].astype(float)
    scale = least / side
    places = (np.arange(side)[:, None] + 0.5) * scale - 0.5 - np.arange(least)
    weights = keys(places / max(scale, 1))
    weights /= weights.sum(axis=1, keepdims=True)  # [side, least]
    # Pillow filters along x first, clips and rounds in between (by 0.5, which the next filter's
    # |weights| make 0.5 * 1.25), and rounds again.
    along_x = np.clip(np.einsum("sl,hlc->hsc", weights, centre), 0, 255)
    expected = np.clip(np.einsum("sl,lwc->swc", weights, along_x), 0, 255)
    (found,) = squares.squares(image[None], side)
    np.testing.assert_allclose(found, expected, atol=1.2)


def test_a_fine_pattern_becomes_grey_and_not_another_pattern():
    stripes = np.zeros([1, 96, 96, 3], np.uint8)
    stripes[:, :, ::2] = 255
    small = squares.squares(stripes, 32)
    assert small.mean() == pytest.approx(127.5, abs=2) and small[:, 2:-2, 2:-2].std() < 16


def test_results_come_in_order_and_progress_is_said_when_it_is_long(monkeypatch, capsys):
    chunks = list(squares.in_threads(lambda i: i * i, list(range(10)), "things", chunk=4))
    assert chunks == [[0, 1, 4, 9], [16, 25, 36, 49], [64, 81]]
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(progress, "_PATIENCE", 0)
    list(squares.in_threads(abs, list(range(10)), "things", chunk=4))
    assert capsys.readouterr().err == (
        "  4 of 10 things, 40%, 0:00 left\n  8 of 10 things, 80%, 0:00 left\n"
    )
