"""The collapse monitor of a run: its files, a stop and what follows, and what it leaves alone."""

import json

import numpy as np
import pytest

from keras_iidgan import cli, flags, saved_run, train
from keras_iidgan.cli import UsageError

# G of so few steps reaches no mode: every look is red.
FLAGS = (
    "--method=gan --dataset=ring --steps=24 --eval_every=12 --eval_samples=200 --batch_size=16 "
    "--jit_compile=false --steps_per_execution=2 --noexport"
).split()
LOOKS = ["--monitor_every=6", "--monitor_budget=0"]


@pytest.fixture
def run(capsys):
    """A function that trains into a folder: exit code and output."""

    def command(folder, *argv):
        with pytest.raises(SystemExit) as caught:
            cli.run(train.main, flags.define_train, ["train", *FLAGS, f"--run_dir={folder}", *argv])
        return caught.value.code, capsys.readouterr()

    return command


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def figures(folder):
    """What a seed determines of a run's records."""
    timed = {"seconds"}
    return [{k: v for k, v in each.items() if k not in timed} for each in lines(folder)]


def weights(path):
    with np.load(path) as stored:
        return {key: stored[key] for key in stored.files if key != "seconds"}


def test_a_monitored_run_computes_what_one_without_does_even_if_it_stops_and_goes_on(run, tmp_path):
    alone, watched = tmp_path / "alone", tmp_path / "watched"
    assert run(alone)[0] == 0
    code, said = run(watched, *LOOKS, "--stop_on_collapse=2")
    assert code == 1
    assert "collapsed for 2 looks in a row, the last at step 12; the best weights are" in said.out
    assert "warning: step 12: the model doesn't reach mode" in said.err
    assert [look["step"] for look in lines(watched / "monitor.jsonl")] == [6, 12]
    assert not (watched / "summary.json").exists()
    code, said = run(watched, *LOOKS)
    assert code == 0 and "collapse: 2" in said.out
    assert "warning" not in said.err  # The same modes as before.

    looks = lines(watched / "monitor.jsonl")
    assert [look["step"] for look in looks] == [6, 12, 18, 24]
    assert all(look["collapse"] == 2 and len(look["lost"]) == 8 for look in looks)
    assert figures(watched / "metrics.jsonl") == figures(alone / "metrics.jsonl")
    assert not (alone / "monitor.jsonl").exists() and not (alone / "best").exists()
    last = "checkpoints/step-00000024.npz"
    for key, value in weights(alone / last).items():
        np.testing.assert_array_equal(weights(watched / last)[key], value)

    state = json.loads((watched / "monitor.json").read_text())
    best = max(looks, key=lambda look: (look["coverage"], look["coverage_overlap"], -look["step"]))
    assert state["best"] == best
    (kept,) = (watched / "best").iterdir()
    assert kept.name == f"step-{best['step']:08d}.npz"
    assert set(weights(kept)) == set(weights(alone / last))
    loaded = saved_run.load(watched, "best").model
    assert int(loaded.step.numpy()) == best["step"]
    for key, variable in loaded.state().items():
        np.testing.assert_array_equal(variable.numpy(), weights(kept)[key])
    assert int(saved_run.load(watched).model.step.numpy()) == 24
    with pytest.raises(UsageError, match=r"--checkpoint=best needs a run .* --monitor_every; .*e "):
        saved_run.load(alone, "best")


def test_an_unknown_checkpoint_is_refused(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(UsageError, match="--checkpoint must be one of newest, best; got 'last'"):
        saved_run.load(tmp_path, "last")


def test_data_that_are_too_few_are_refused(run, tmp_path):
    code, said = run(tmp_path / "run", *LOOKS, "--dataset=digits", "--train_size=50")
    assert code == 2
    assert "--monitor_every must be 0 for digits: real must have shape (N >= 60" in said.err
