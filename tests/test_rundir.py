"""Run folders: numbers, locks, and what they refuse."""

import dataclasses
import errno
import json
import os
import pathlib

import pytest

from keras_iidgan import files
from keras_iidgan.cli import UsageError
from keras_iidgan.run_config import RunConfig
from keras_iidgan.rundir import RunDir, open_run


@pytest.fixture
def config(tmp_path):
    """A configuration with numbered folders in `tmp_path`."""
    values = {field.name: None for field in dataclasses.fields(RunConfig)}
    fixed = {"method": "gan", "dataset": "ring", "seed": 3, "hparam": {"p": 2.0}, "steps": 50}
    return RunConfig(**(values | fixed | {"runs_dir": str(tmp_path)}))


def opened(config, **changes):
    """The name of the folder that is opened, closed again."""
    folder = open_run(dataclasses.replace(config, **changes))
    folder.close()
    return folder.path.name


def finish(config, name):
    pathlib.Path(config.runs_dir, name, "summary.json").write_text("{}")


def test_an_unfinished_run_is_continued_and_a_finished_one_is_not(config):
    assert opened(config) == "00000-gan-ring"
    assert opened(config) == "00000-gan-ring"
    finish(config, "00000-gan-ring")
    assert opened(config) == "00001-gan-ring"


def test_another_configuration_and_noresume_get_a_number_of_their_own(config):
    assert opened(config) == "00000-gan-ring"
    assert opened(config, seed=4) == "00001-gan-ring"
    assert opened(config, method="iidgan") == "00002-iidgan-ring"
    assert opened(config, resume=False) == "00003-gan-ring"
    assert opened(config, seed=4) == "00001-gan-ring"
    assert opened(config) == "00003-gan-ring"  # The newest of the same configuration.


def test_other_places_are_the_same_configuration(config):
    assert opened(config, export_dir="one") == opened(config, export_dir="other", dry_run=True)


def test_a_run_whose_configuration_cannot_be_read_is_left_alone(config, tmp_path):
    broken = tmp_path / opened(config) / "config.json"
    broken.write_text("{")
    assert opened(config) == "00001-gan-ring"
    assert broken.read_text() == "{"


def test_a_run_from_before_a_flag_is_continued_with_its_default(config, tmp_path):
    config = dataclasses.replace(config, flip=False)
    path = tmp_path / opened(config) / "config.json"
    stored = json.loads(path.read_text())
    del stored["flip"]
    path.write_text(json.dumps(stored))
    assert opened(config) == "00000-gan-ring"
    assert opened(config, run_dir=str(path.parent)) == "00000-gan-ring"
    with pytest.raises(UsageError, match="flip was False, is True"):
        opened(config, run_dir=str(path.parent), flip=True)


def test_resume_insists_on_a_run(config, tmp_path):
    with pytest.raises(UsageError, match=f"there is none in {tmp_path}/run"):
        opened(config, resume=True, run_dir=str(tmp_path / "run"))
    assert os.listdir(tmp_path) == []
    with pytest.raises(UsageError, match="--resume needs an unfinished run; there is none in"):
        opened(config, resume=True)
    assert opened(config) == opened(config, resume=True)


def test_noresume_refuses_a_named_folder_that_holds_a_run(config, tmp_path):
    place = str(tmp_path / "named")
    opened(config, run_dir=place)
    with pytest.raises(UsageError, match=f"--noresume needs an empty run folder; {place} holds"):
        opened(config, run_dir=place, resume=False)


def test_a_folder_of_another_configuration_is_refused_with_what_differs(config, tmp_path):
    place = str(tmp_path / "named")
    opened(config, run_dir=place)
    before = (tmp_path / "named" / "config.json").read_text()
    with pytest.raises(UsageError) as caught:
        opened(config, run_dir=place, seed=4, hparam={"p": 1.0})
    assert "(hparam was {'p': 2.0}, is {'p': 1.0}; seed was 3, is 4)" in str(caught.value)
    assert (tmp_path / "named" / "config.json").read_text() == before


def test_a_folder_in_use_is_refused_by_name_and_passed_over_by_number(config, tmp_path):
    using = open_run(config)
    with pytest.raises(UsageError, match=f"run folder {using.path} is in use by another process"):
        RunDir(using.path)
    assert opened(config) == "00001-gan-ring"
    using.close()
    RunDir(using.path).close()


def test_a_folder_that_cannot_be_made_is_refused(config, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError, match=r"run folder .*/file/run can't be written: Not a dir"):
        opened(config, run_dir=str(tmp_path / "file" / "run"))


@pytest.mark.parametrize("content", ["", '{"method": '])
def test_a_broken_configuration_is_said(config, tmp_path, content):
    place = tmp_path / "named"
    opened(config, run_dir=str(place))
    (place / "config.json").write_text(content)
    with pytest.raises(UsageError, match=r"config.json is not valid JSON"):
        opened(config, run_dir=str(place))


@pytest.fixture
def folder(tmp_path):
    folder = RunDir(tmp_path / "run")
    yield folder
    folder.close()


def test_evaluations_are_kept_and_forgotten_by_step(folder):
    assert folder.metrics() == []
    records = [{"step": step, "loss": step / 3, "list": [1, None]} for step in (10, 20, 30)]
    for record in records:
        folder.append_metrics(record)
    assert folder.metrics() == records
    folder.forget_after(20)
    assert folder.metrics() == records[:2]
    lines = (folder.path / "history.csv").read_text().splitlines()
    assert lines[0] == "step,loss" and lines[1].split(",") == ["10", str(10 / 3)]


def test_a_full_disk_leaves_evaluations_and_files_whole(folder, monkeypatch):
    folder.append_metrics({"step": 10})
    folder.write("summary.json", "before")
    before = sorted(os.listdir(folder.path))

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    for write in (
        lambda: folder.append_metrics({"step": 20}),
        lambda: folder.write("summary.json", "after"),
    ):
        with pytest.raises(UsageError, match="can't be written: No space left on device"):
            write()
    assert folder.metrics() == [{"step": 10}]
    assert (folder.path / "summary.json").read_text() == "before"
    assert sorted(os.listdir(folder.path)) == before


def test_a_file_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(UsageError, match=r"missing.json can't be read: No such file"):
        files.read_json(tmp_path / "missing.json")
    files.write_atomically(tmp_path / "new" / "file.json", json.dumps({"a": 1}))
    assert files.read_json(tmp_path / "new" / "file.json") == {"a": 1}
