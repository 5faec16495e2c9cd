"""Digits through the whole pipeline: refused, then blessed, pushed, served without a restart.

The tests of a module follow one another: each fixture is a run that goes on from the one before.
"""

import contextlib
import json
import pathlib
import shutil
import subprocess
import sys
import time

import numpy as np
import pytest
import running

from keras_iidgan import data
from keras_iidgan.serving import Client
from keras_iidgan.tfx import pipeline, writing

CONFIG = pathlib.Path(__file__).parents[2] / "configs" / "tfx_digits.flags"
DEADLINE = 120.0  # Seconds that a served version may take to appear.


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Folders: `examples`, written; `root` and `serving`, for the pipeline."""
    folder = tmp_path_factory.mktemp("digits")
    digits = data.load("digits", size=400)
    splits = {split: folder / "examples" / split for split in ("train", "eval")}
    writing.write(digits, splits)
    # What lies beside the examples must not be read as one of them.
    (folder / "examples" / "dataset_info.json").write_text("{}")
    return {"examples": folder / "examples", "root": folder / "root", "serving": folder / "digits"}


def run(places, thresholds):
    return running.run(
        f"--examples={places['examples']}",
        f"--config={CONFIG}",
        f"--serving_dir={places['serving']}",
        f"--pipeline_root={places['root']}",
        "--steps=40",
        "--eval_samples=300",
        "--figures=fid",
        f"--thresholds={thresholds}",
    )


@pytest.fixture(scope="module")
def refused(places):
    """The exit code of a run whose thresholds no model reaches, and the versions after it."""
    code = run(places, "modes_covered>=11")
    return code, pipeline.versions(places["serving"])


def test_a_model_that_fails_its_thresholds_is_not_pushed(refused, places):
    code, versions = refused
    assert (code, versions) == (1, set())
    assert not places["serving"].exists() or not list(places["serving"].iterdir())


def test_the_report_says_why_and_shows_the_model(refused, places):
    (folder,) = running.outputs(places["root"], "ModeCoverageEvaluator", "report")
    page = (folder / "report.html").read_text()
    assert "threshold modes_covered&gt;=11" in page and "not met" in page
    assert page.count("data:image/png;base64,") >= 3
    said = json.loads((folder / "figures.json").read_text())
    assert said["is_blessed"] is False
    for name in ("modes_covered", "high_quality", "kl", "fid", "coverage", "iid_departures"):
        assert np.isfinite(said["figures"][name]), name


def test_the_trainer_leaves_a_run_beside_the_model(refused, places):
    (model,) = running.outputs(places["root"], "Trainer", "model")
    (run_folder,) = running.outputs(places["root"], "Trainer", "model_run")
    assert (model / "Format-Serving" / "saved_model.pb").exists()
    summary = json.loads((run_folder / "summary.json").read_text())
    assert (summary["dataset"], summary["steps"]) == ("digits", 40)
    assert list((run_folder / "tensorboard").iterdir())


@contextlib.contextmanager
def served(folder):
    """The embedded server's process; yields its URL."""
    command = [sys.executable, "-m", "keras_iidgan.serve", f"--model={folder}"]
    command += ["--rest_api_port=0", "--port=0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            lines = iter(process.stdout)
            line = next(line for line in lines if line.startswith("URL: "))
            yield line.split()[1].partition("/v1/")[0], process
        finally:
            process.terminate()
            process.communicate(timeout=60)


@pytest.fixture(scope="module")
def pushed(refused, places):
    """A server that runs on an older version while the pipeline pushes; and what it pushed."""
    (model,) = running.outputs(places["root"], "Trainer", "model")
    shutil.copytree(model / "Format-Serving", places["serving"] / "1")
    with served(places["serving"]) as (url, process):
        code = run(places, "high_quality>=0,modes_covered>=0")
        new = pipeline.versions(places["serving"]) - {1}
        yield code, new, url, process


def test_a_blessed_model_is_pushed(pushed, places):
    code, new, *_ = pushed
    assert code == 0 and len(new) == 1
    folder = places["serving"] / str(*new)
    assert (folder / "saved_model.pb").exists()
    assert (folder / "assets.extra" / "tf_serving_warmup_requests").exists()


def test_the_running_server_takes_the_pushed_version_up_and_answers(pushed):
    _, (version,), url, process = pushed
    client = Client(url, model="digits")
    until = time.monotonic() + DEADLINE
    while available(client) != [version] and time.monotonic() < until:
        time.sleep(0.2)
    assert available(client) == [version] and process.poll() is None
    x, z = client.sample([1, 2, 3], return_z=True)
    assert x.shape == (3, 8, 8) and np.isfinite(x).all()
    assert client.invert(x).shape == z.shape


def available(client):
    states = client.status()
    return [int(each["version"]) for each in states if each["state"] == "AVAILABLE"]


def test_what_did_not_change_was_not_made_again(pushed, places):
    states = running.executions(places["root"])
    for component in ("ImportExampleGen", "StatisticsGen", "SchemaGen", "Trainer"):
        assert states[component] == ["COMPLETE", "CACHED"], component
    assert states["ModeCoverageEvaluator"] == ["COMPLETE", "COMPLETE"]


def test_the_same_command_again_makes_and_pushes_nothing(pushed, places):
    before = pipeline.versions(places["serving"])
    assert run(places, "high_quality>=0,modes_covered>=0") == 0
    assert pipeline.versions(places["serving"]) == before
    last = {name: states[-1] for name, states in running.executions(places["root"]).items()}
    assert set(last.values()) == {"CACHED"}, last
