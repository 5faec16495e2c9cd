"""Reading TensorFlow Datasets directories: whole, kept, damaged, of another version, not there."""

import shutil
import socket

import numpy as np
import pytest
from tfds_files import enlarged, write_mnist

from keras_iidgan import data
from keras_iidgan.data import prepared

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture
def no_network(monkeypatch):
    """Every attempt to reach another machine fails at once and is noted."""
    attempts = []

    def refuse(*arguments, **_):
        attempts.append(arguments)
        raise OSError(101, "Network is unreachable")

    for proxy in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.delenv(proxy, raising=False)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    return attempts


def by_content(images, labels):
    return sorted(
        (image.tobytes(), int(label)) for image, label in zip(images, labels, strict=True)
    )


@pytest.mark.parametrize(("split", "part"), [("train", 0), ("test", 1)])
def test_every_image_and_label_is_read_without_a_network(tfds_dir, no_network, split, part):
    images, labels = prepared.read("mnist", split, str(tfds_dir))
    assert (images.dtype, labels.dtype) == (np.uint8, np.int32)
    assert by_content(images, labels) == by_content(*enlarged()[part])
    assert no_network == []


def test_what_was_decoded_is_kept_and_read_again(tfds_dir, own_cache, capsys):
    first = prepared.read("mnist", "test", str(tfds_dir))
    assert "Decoding mnist (test), once" in capsys.readouterr().err
    (kept,) = own_cache.iterdir()
    again = prepared.read("mnist", "test", str(tfds_dir))
    assert capsys.readouterr().err == ""
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, other)
    kept.write_bytes(kept.read_bytes()[:1000])
    with pytest.warns(UserWarning, match="can't be read.*decoding again"):
        mended = prepared.read("mnist", "test", str(tfds_dir))
    np.testing.assert_array_equal(first[0], mended[0])


def test_other_files_are_not_taken_for_those_that_were_kept(tfds_dir, tmp_path):
    prepared.read("mnist", "test", str(tfds_dir))
    train, (images, labels) = enlarged()
    write_mnist(tmp_path / "other", parts=(train, (255 - images, labels)))
    found, _ = prepared.read("mnist", "test", str(tmp_path / "other"))
    assert sorted(map(bytes, found)) == sorted(map(bytes, 255 - images))


def test_damaged_files_are_said_in_a_line(tfds_dir, tmp_path):
    damaged = tmp_path / "damaged"
    shutil.copytree(tfds_dir, damaged)
    (file,) = (damaged / "mnist" / "3.0.1").glob("*-test.tfrecord*")
    file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(ValueError, match=r"data_dir must hold whole files of mnist; .* can't be"):
        prepared.read("mnist", "test", str(damaged))


def test_another_version_is_named_beside_the_known_one(tfds_dir, tmp_path):
    (tmp_path / "mnist").mkdir()
    shutil.copytree(tfds_dir / "mnist" / "3.0.1", tmp_path / "mnist" / "2.0.0")
    with pytest.raises(ValueError, match=r"data_dir must hold version 3 of mnist; .* has 2\.0\.0"):
        prepared.read("mnist", "train", str(tmp_path))


def test_without_data_and_network_the_ways_out_are_named(tmp_path, no_network):
    with pytest.raises(ValueError, match="data_dir must be a TensorFlow Datasets dir") as raised:
        data.load("mnist", data_dir=str(tmp_path / "empty"))
    message = str(raised.value)
    assert "\n" not in message
    assert (
        "`tfds build mnist`" in message and "digits, stacked_digits and folder need none" in message
    )
    assert no_network
