import json

import pytest
from absl import flags as absl_flags

from keras_iidgan import evaluate, flags, train
from keras_iidgan.comparing import work


@pytest.fixture
def values(tmp_path):
    made = absl_flags.FlagValues()
    flags.define_work(made)
    evaluation = ["--evaluate=--metrics=fid,kl", "--evaluate=--features=classifier"]
    made(["work", f"--run_dir={tmp_path}", *evaluation])
    return made


@pytest.fixture
def measured(monkeypatch):
    """What `evaluate` was called with."""
    seen = []
    monkeypatch.setattr(evaluate, "main", lambda values: seen.append(values) or 0)
    return seen


def test_a_run_is_measured_after_its_training(values, measured, tmp_path, monkeypatch):
    monkeypatch.setattr(train, "main", lambda _: (tmp_path / "summary.json").write_text("{}") * 0)
    assert work.main(values) == 0
    (given,) = measured
    assert given.run == str(tmp_path)
    assert (given.metrics, given.features) == (["fid", "kl"], "classifier")


def test_a_run_that_was_stopped_is_not_measured(values, measured, monkeypatch):
    monkeypatch.setattr(train, "main", lambda _: 0)
    assert work.main(values) == 0
    assert not measured


def test_a_run_that_diverged_leaves_the_reason(values, measured, tmp_path, monkeypatch):
    def diverge(_):
        raise train.Diverged("generator_x_cycle is not finite at step 3")

    monkeypatch.setattr(train, "main", diverge)
    assert work.main(values) == 0
    assert not measured
    reason = json.loads((tmp_path / "diverged.json").read_text())["diverged"]
    assert reason == "generator_x_cycle is not finite at step 3"
