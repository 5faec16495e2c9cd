"""Training on a tree of images: whole, interrupted, and with the images on the disk."""

import pathlib

import numpy as np
import pytest
from PIL import Image

from keras_iidgan import cli, flags, train
from keras_iidgan.data import stored

FLAGS = ["--dataset=folder", "--data_dir=tree", "--image_size=8", "--architecture=mlp", "--flip"]
FLAGS += ["--method=gan", "--batch_size=8", "--steps=4", "--eval_every=2", "--eval_samples=4"]
FLAGS += ["--jit_compile=false", "--noexport", "--steps_per_execution=1"]


@pytest.fixture
def weights(tmp_path, monkeypatch):
    """A function that trains in a folder and returns its last checkpoint's arrays."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_IIDGAN_CACHE", str(tmp_path / "cache"))
    for i in range(40):
        path = tmp_path / "tree" / "ab"[i % 2] / f"{i}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        image = np.random.default_rng(i).integers(0, 256, [9, 8, 3], np.uint8)
        Image.fromarray(image).save(path)

    def run(name, *argv):
        with pytest.raises(SystemExit) as caught:
            cli.run(train.main, flags.define_train, ["train", *FLAGS, f"--run_dir={name}", *argv])
        assert not caught.value.code
        with np.load(max((tmp_path / name / "checkpoints").glob("step-*.npz"))) as found:
            return {key: found[key] for key in found.files if key != "seconds"}

    return run


def test_images_on_the_disk_train_to_the_weights_of_images_in_memory(weights, monkeypatch):
    expected = weights("memory")
    monkeypatch.setattr(stored, "IN_MEMORY", 100)
    found = weights("disk")
    assert found.keys() == expected.keys() and len(found) > 4
    for key, value in expected.items():
        np.testing.assert_array_equal(value, found[key], err_msg=key)


def test_a_stopped_run_on_flipped_images_ends_with_the_weights_of_a_whole_one(weights, capsys):
    expected = weights("whole")
    weights("stopped")
    # What is left of a run that was killed between steps 2 and 4.
    for path in pathlib.Path("stopped").rglob("*"):
        if path.name == "summary.json" or "00000004" in path.name:
            path.unlink()
    capsys.readouterr()
    found = weights("stopped")
    assert "continuing stopped at step 2 of 4" in capsys.readouterr().out
    for key, value in expected.items():
        np.testing.assert_array_equal(value, found[key], err_msg=key)
