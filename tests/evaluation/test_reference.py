"""Reference statistics: computed once, found again, and made anew where the file is broken."""

import numpy as np
import pytest

from keras_iidgan import metrics
from keras_iidgan.data import Data
from keras_iidgan.evaluation import reference
from keras_iidgan.features import Extractor


def images(count, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (count, 4, 4, 1)).astype(np.float32)


class Counted:
    """Pixels as features, and how many images were seen."""

    rows = 0

    def __call__(self, x):
        self.rows += len(x)
        p = np.abs(x).reshape(len(x), -1) + 0.01
        return x.reshape(len(x), -1), p / p.sum(axis=1, keepdims=True)

    def make(self, digest="a"):
        return Extractor("pixels", digest, self)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_IIDGAN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def mine(train):
    return Data("mine", "images", train, images(3))


def same(one, other):
    np.testing.assert_array_equal(one.moments.covariance, other.moments.covariance)
    np.testing.assert_array_equal(one.rows, other.rows)
    np.testing.assert_array_equal(one.shares, other.shares)


def test_they_are_of_all_images_and_computed_once(monkeypatch, capsys):
    monkeypatch.setattr(reference, "_CHUNK", 70)
    counted, train = Counted(), images(200)
    found = reference.features(mine(train), counted.make(), 50)
    flat = train.reshape(200, -1)
    np.testing.assert_allclose(found.moments.mean, flat.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(found.moments.covariance, np.cov(flat.T), atol=1e-6)
    np.testing.assert_array_equal(found.rows, flat[np.random.default_rng(0).permutation(200)[:50]])
    np.testing.assert_allclose(found.shares.sum(), 1)
    same(found, reference.features(mine(train.copy()), counted.make(), 50))
    assert counted.rows == 200
    assert capsys.readouterr().err.count("Computing the features of 200 training images of") == 1


def test_other_images_or_another_backbone_are_another_file(folder):
    counted = Counted()
    changed = images(200)
    changed[150, 2, 2] += 1e-3
    for train, digest in ((images(200), "a"), (changed, "a"), (images(200), "b")):
        reference.features(mine(train), counted.make(digest), 50)
    assert counted.rows == 600
    assert len([*folder.iterdir()]) == 3


def test_images_on_a_disk_are_those_in_memory(tmp_path):
    stored = np.round((images(200) + 1) * 127.5).astype(np.uint8)
    mapped = np.memmap(tmp_path / "images", np.uint8, "w+", shape=stored.shape)
    mapped[:] = stored
    counted = Counted()
    same(*(reference.features(mine(t), counted.make(), 50) for t in (stored, mapped)))
    assert counted.rows == 200


@pytest.mark.parametrize("spoil", ["cut", "other arrays"])
def test_a_broken_file_is_said_and_made_anew(folder, spoil):
    counted, data = Counted(), mine(images(200))
    found = reference.features(data, counted.make(), 50)
    (path,) = folder.iterdir()
    if spoil == "cut":
        path.write_bytes(path.read_bytes()[:500])
    else:
        np.savez(path, count=3, mean=np.zeros(3), squares=np.eye(2), rows=np.zeros((4, 3)))
    with pytest.warns(UserWarning, match=r"\.npz can't be .*; computing it again"):
        same(found, reference.features(data, counted.make(), 50))
    same(found, reference.features(data, counted.make(), 50))
    assert counted.rows == 400


def test_cells_are_kept_too(folder, monkeypatch):
    data = mine(images(200))
    found = reference.bins(data)
    monkeypatch.setattr(metrics.NearestBins, "__init__", None)  # It would have to be made.
    again = reference.bins(data)
    x = images(100, 5)
    np.testing.assert_array_equal(found.counts(x), again.counts(x))
    np.testing.assert_array_equal(found.train_counts, again.train_counts)


def test_of_many_rows_every_so_many_make_the_cells(monkeypatch):
    monkeypatch.setattr(reference, "_BIN_ROWS", 120)
    assert reference.bins(mine(images(301))).train_counts.sum() == 101
