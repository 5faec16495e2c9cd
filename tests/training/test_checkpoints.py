"""Checkpoints survive what happens to files, and say so."""

import errno
import os
import shutil

import numpy as np
import pytest

from keras_iidgan.cli import UsageError
from keras_iidgan.training import checkpoints


@pytest.fixture(scope="module")
def trained(make_model, rows, tmp_path_factory):
    """A model trained for three steps, a folder with a checkpoint of each, and what they hold."""
    model, held = make_model("iidgan", ema=0.5, run_eagerly=True), {}
    folder = tmp_path_factory.mktemp("checkpoints")
    for step in (1, 2, 3):
        model.train_on_batch(rows(8))
        checkpoints.save(model, folder, keep=3)
        held[step] = {key: v.numpy().copy() for key, v in model.state().items()}
    return model, folder, held


@pytest.fixture
def saved(trained, tmp_path):
    """The trained model and what its checkpoints hold, which are in `tmp_path` now."""
    model, folder, held = trained
    for path in folder.iterdir():
        shutil.copy(path, tmp_path)
    yield model, held
    model.step.assign(3)


def assert_holds(model, held):
    for key, variable in model.state().items():
        np.testing.assert_array_equal(variable.numpy(), held[key], err_msg=key)


def names(folder):
    return sorted(os.listdir(folder))


def path_of(folder, step):
    return folder / f"step-{step:08d}.npz"


def test_everything_that_training_changes_is_in_a_checkpoint(saved):
    model, held = saved
    for key, value in held[1].items():
        if value.dtype == np.float32 and not key.endswith("/1"):  # A rate is constant.
            assert (value != held[3][key]).any(), key
    assert {key.split("/")[0] for key in held[1]} == {
        *model.roles,
        *(f"optimizer.{turn.player}" for turn in model.turns),
        "average",
        "step",
    }


def test_the_newest_is_restored(saved, make_model, tmp_path):
    _, held = saved
    other = make_model("iidgan", weights=9, ema=0.5)
    assert checkpoints.restore(other, tmp_path) == 3
    assert_holds(other, held[3])


def test_the_newest_are_kept_by_number_not_by_name(saved, tmp_path):
    model, _ = saved
    for step in (99_999_999, 100_000_000):
        model.step.assign(step)
        checkpoints.save(model, tmp_path, keep=2)
    assert names(tmp_path) == ["step-100000000.npz", "step-99999999.npz"]
    assert checkpoints.restore(model, tmp_path) == 100_000_000


def test_an_empty_or_missing_folder_is_step_0(make_model, tmp_path):
    model = make_model("gan")
    (tmp_path / "step-1.npz.tmp").write_bytes(b"of a killed process")
    assert checkpoints.restore(model, tmp_path) == 0
    assert checkpoints.restore(model, tmp_path / "missing") == 0


def damage(path, how):
    content = path.read_bytes()
    middle = len(content) // 2
    path.write_bytes(
        {
            "empty": b"",
            "cut short": content[:middle],
            "a bit flipped": content[:middle]
            + bytes([content[middle] ^ 1])
            + content[middle + 1 :],
            "another file": b"not an archive at all",
        }[how]
    )


@pytest.mark.parametrize("how", ["empty", "cut short", "a bit flipped", "another file"])
def test_a_corrupt_newest_one_is_said_and_the_one_before_used(
    saved, make_model, tmp_path, capsys, how
):
    _, held = saved
    damage(path_of(tmp_path, 3), how)
    other = make_model("iidgan", weights=9, ema=0.5)
    assert checkpoints.restore(other, tmp_path) == 2
    assert_holds(other, held[2])
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"warning: the checkpoint {path_of(tmp_path, 3)} is broken (")


def test_if_all_are_corrupt_nothing_is_trained_over_them(saved, make_model, tmp_path, capsys):
    for step in (1, 2, 3):
        damage(path_of(tmp_path, step), "cut short")
    other = make_model("iidgan", weights=9, ema=0.5)
    before = {key: v.numpy().copy() for key, v in other.state().items()}
    with pytest.raises(UsageError, match=f"no checkpoint in {tmp_path} can be used; 3 are broken"):
        checkpoints.restore(other, tmp_path)
    assert len(capsys.readouterr().err.splitlines()) == 3
    assert_holds(other, before)


@pytest.mark.parametrize(("name", "values"), [("gan", {}), ("iidgan", {"ema": 0.0})])
def test_a_checkpoint_of_another_model_changes_nothing(
    saved, make_model, tmp_path, capsys, name, values
):
    other = make_model(name, **values)
    before = {key: v.numpy().copy() for key, v in other.state().items()}
    with pytest.raises(UsageError, match="no checkpoint"):
        checkpoints.restore(other, tmp_path)
    assert "it holds other variables than this model has" in capsys.readouterr().err
    assert_holds(other, before)


def full_disk(*_, **__):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("call", ["os.replace", "os.fsync"])
def test_a_full_disk_leaves_the_older_ones_and_no_half_file(
    saved, make_model, tmp_path, monkeypatch, call
):
    model, held = saved
    before = names(tmp_path)
    model.step.assign_add(1)
    with monkeypatch.context() as patched:
        patched.setattr(call, full_disk)
        with pytest.raises(UsageError, match=r"step-00000004.npz can't be written: No space left"):
            checkpoints.save(model, tmp_path)
    assert names(tmp_path) == before
    assert checkpoints.restore(model, tmp_path) == 3
    assert_holds(model, held[3])


def test_a_folder_that_cannot_be_written_is_said(saved, tmp_path):
    model, _ = saved
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError, match=r"step-00000003.npz can't be written: Not a directory"):
        checkpoints.save(model, tmp_path / "file" / "checkpoints")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_weight_that_is_not_finite_is_not_kept(make_model, rows, tmp_path, value):
    model = make_model("gan", run_eagerly=True)
    model.train_on_batch(rows(8))
    checkpoints.save(model, tmp_path)
    bias = model.discriminator.trainable_variables[1]
    bias.assign(np.full(bias.shape, value))
    model.step.assign(2)
    with pytest.raises(FloatingPointError, match="discriminator/1 is not finite after step 2"):
        checkpoints.save(model, tmp_path)
    assert names(tmp_path) == [path_of(tmp_path, 1).name]
