"""What training on images refuses: one line that begins with the flag, and code 2."""

import os

import numpy as np
import pytest
from PIL import Image

from keras_iidgan import cli, flags, train
from keras_iidgan.data import prepared

SHORT = ["--method=gan", "--steps=2", "--batch_size=4", "--jit_compile=false", "--noexport"]


@pytest.fixture
def refused(capsys, tmp_path, monkeypatch):
    """A function that runs a training in an empty folder and returns its one line of error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_IIDGAN_CACHE", str(tmp_path / "cache"))

    def command(*argv):
        with pytest.raises(SystemExit) as caught:
            cli.run(train.main, flags.define_train, ["command", *SHORT, *argv])
        out, err = capsys.readouterr()
        assert (caught.value.code, out) == (2, "")
        (line,) = [line for line in err.splitlines() if line.startswith("error: ")]
        assert err.endswith(line + "\n") and not (tmp_path / "runs").exists()
        return line.removeprefix("error: ")

    return command


@pytest.fixture
def tree(tmp_path):
    """A tree of twelve images, below the folder that the command runs in."""
    for i in range(12):
        path = tmp_path / "tree" / "ab"[i % 2] / f"{i}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        image = np.random.default_rng(i).integers(0, 256, [40, 40, 3], np.uint8)
        Image.fromarray(image).save(path)
    return "tree"


@pytest.mark.parametrize(
    ("argument", "start"),
    [
        ("--batch_size=4", "--data_dir must name a tree of images for folder; got None"),
        ("--data_dir=nowhere", "--data_dir must name a tree of images for folder; nowhere doesn't"),
        ("--data_dir=empty", "--data_dir must hold at least two images"),
        ("--image_size=7", "--image_size must be from 8 to 512 for folder; got 7"),
    ],
)
def test_a_tree_that_is_none(refused, argument, start):
    os.mkdir("empty")
    assert refused("--dataset=folder", argument).startswith(start)


def test_a_class_of_one_image(refused, tree):
    os.mkdir("tree/c")
    os.rename("tree/a/0.png", "tree/c/0.png")
    line = refused("--dataset=folder", f"--data_dir={tree}")
    assert line == (
        "--data_dir must hold at least two readable images in every class folder; tree/c has 1"
    )


def test_images_of_which_many_are_none(refused, tree):
    for i in range(5):
        with open(f"tree/a/bad{i}.png", "w") as file:
            file.write("text")
    line = refused("--dataset=folder", f"--data_dir={tree}")
    assert line.startswith("--data_dir must hold images of which at most 10% can't be used; of 17")
    assert "a/bad0.png (isn't an image)" in line


@pytest.mark.parametrize(("architecture", "sizes"), [("dcgan", "8, 12"), ("resnet", "16, 20")])
def test_a_size_that_the_networks_cannot_make(refused, tree, architecture, sizes):
    line = refused(
        "--dataset=folder",
        f"--data_dir={tree}",
        "--image_size=33",
        f"--architecture={architecture}",
    )
    assert line.startswith(f"--architecture {architecture} needs data of shape (n, n, channels)")
    assert f"n = {sizes}" in line and "got (33, 33, 3)" in line


@pytest.mark.parametrize("name", ["cifar10", "cifar100", "stl10", "celeb_a"])
def test_a_data_set_that_is_not_there_without_a_network(refused, monkeypatch, name):
    def unreachable(host):
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(prepared, "check_network", unreachable)
    line = refused(f"--dataset={name}", "--data_dir=tfds")
    assert line.startswith(f"--data_dir must be a TensorFlow Datasets directory that holds {name};")
    assert f"`tfds build {name}`" in line and "Network is unreachable" in line


def test_sizes_that_a_data_set_has_not(refused):
    assert refused("--dataset=stl10", "--image_size=65").startswith(
        "--image_size must be one of 64, 48, 32, 96 for stl10; got 65"
    )


def test_points_have_no_left_and_right(refused):
    line = refused("--dataset=ring", "--flip")
    assert line == "--flip must be false for ring, which isn't images; got true"


def test_more_images_than_there_are(refused, tree):
    line = refused("--dataset=folder", f"--data_dir={tree}", "--train_size=100")
    assert line.startswith("--train_size must be at most ") and line.endswith("folder; got 100")
