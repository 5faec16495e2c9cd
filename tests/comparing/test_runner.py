import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest

from keras_iidgan.cli import UsageError
from keras_iidgan.comparing import records
from keras_iidgan.comparing.runner import Runner, claimed, duration
from keras_iidgan.comparing.slots import Slot

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import fake_runs

ONE = [Slot((0,))]


def begun(folder):
    path = folder / "begun"
    return sorted(path.read_text().split()) if path.exists() else []


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.02)


def test_every_run_is_run_once_and_its_figures_are_kept(tmp_path):
    lines = []
    runs = [fake_runs.run(tmp_path, name, seed) for seed in (0, 1) for name in "ab"]
    outcome = Runner(runs, ONE * 2, start=fake_runs.starter(tmp_path), say=lines.append).run()
    assert (outcome.failed, outcome.elsewhere) == ({}, [])
    assert begun(tmp_path) == ["a-seed0", "a-seed1", "b-seed0", "b-seed1"]
    assert json.loads(runs[0].figures.read_text())["row"] == "a"
    assert lines[-1].startswith("4/4 done, 0 left  ")
    assert [line.split(" left")[0] for line in lines] == [
        f"{n}/4 done, {4 - n}" for n in (1, 2, 3, 4)
    ]
    assert all(", about " in line for line in lines[:-1])
    Runner(runs, ONE, start=None, say=lines.append).run()  # Nothing is left to start.
    assert len(lines) == 4


def test_a_run_that_diverges_is_kept_as_such_and_the_others_go_on(tmp_path):
    lines = []
    runs = [fake_runs.run(tmp_path, name) for name in "abc"]
    start = fake_runs.starter(tmp_path, endings={"a": "diverged"})
    outcome = Runner(runs, ONE, start=start, say=lines.append).run()
    assert not outcome.failed
    kept = json.loads(runs[0].figures.read_text())
    assert kept["diverged"] == "loss is not finite"
    assert (kept["row"], kept["seed"], kept["method"], kept["steps"]) == ("a", 0, "gan", 100)
    assert "a-seed0: diverged: loss is not finite" in lines[0]
    assert all(run.figures.exists() for run in runs)


def test_a_run_that_fails_keeps_nothing_and_says_why_and_is_tried_again(tmp_path):
    runs = [fake_runs.run(tmp_path, name) for name in "ab"]
    start = fake_runs.starter(tmp_path, endings={"a": "fails"})
    outcome = Runner(runs, ONE, start=start, say=lambda line: None).run()
    assert list(outcome.failed) == ["a-seed0"]
    assert outcome.failed["a-seed0"].startswith("the disk is full (exit code 2; ")
    assert [run.figures.exists() for run in runs] == [False, True]
    again = Runner(runs, ONE, start=fake_runs.starter(tmp_path), say=lambda line: None).run()
    assert not again.failed
    assert runs[0].figures.exists()
    assert begun(tmp_path) == ["a-seed0", "a-seed0", "b-seed0"]


def test_a_run_that_is_to_be_measured_is_not_done_before_it_is(tmp_path):
    run = fake_runs.run(tmp_path, "a", evaluate=("--metrics=fid",))
    run.folder.mkdir(parents=True)
    (run.folder / "summary.json").write_text('{"seed": 0, "kl": 1.0, "steps": 7}')
    assert records.outcome(run) is None
    (run.folder / "evaluation-1.json").write_text('{"step": 7, "fid": 2.0, "kl": 3.0}')
    assert records.outcome(run) == {
        "row": "a",
        "flags": run.config.flag_lines(),
        **{"seed": 0, "steps": 7, "fid": 2.0, "kl": 3.0},
    }


def test_figures_of_other_flags_are_refused_also_without_the_run_folder(tmp_path):
    run = fake_runs.run(tmp_path, "a")
    records.check_same(run)
    records.keep(run, {"flags": run.config.flag_lines()})
    records.check_same(run)
    with pytest.raises(UsageError, match=r"steps was '100', is '200'.*give another --out"):
        records.check_same(fake_runs.run(tmp_path, "a", steps=200))


def test_two_processes_that_share_a_folder_do_no_run_twice(tmp_path):
    names = [f"r{n}" for n in range(6)]
    (tmp_path / "hold").touch()
    command = [sys.executable, fake_runs.__file__, str(tmp_path), ",".join(names), "2"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    wait_for(lambda: len(begun(tmp_path)) == 4)
    (tmp_path / "hold").unlink()
    said = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert begun(tmp_path) == [f"{name}-seed0" for name in names]
    assert all(fake_runs.run(tmp_path, name).figures.exists() for name in names)
    # Both had a share of the work: two runs each while all were held.
    assert all(text.count("KL 1.000") for text in said)


def test_after_a_kill_the_run_that_goes_on_is_left_alone_and_then_kept(tmp_path):
    (tmp_path / "hold").touch()
    command = [sys.executable, fake_runs.__file__, str(tmp_path), "a", "1"]
    killed = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    wait_for(lambda: begun(tmp_path))
    killed.kill()
    killed.wait()
    run = fake_runs.run(tmp_path, "a")
    start = fake_runs.starter(tmp_path)
    outcome = Runner([run], ONE, start=start, say=lambda line: None).run()
    assert outcome.elsewhere == ["a-seed0"]
    (tmp_path / "hold").unlink()
    wait_for(lambda: (run.folder / "summary.json").exists())
    wait_for(lambda: claim_is_free(run))
    assert not run.figures.exists()
    assert not Runner([run], ONE, start=start, say=lambda line: None).run().elsewhere
    assert run.figures.exists()
    assert begun(tmp_path) == ["a-seed0"]


def claim_is_free(run):
    claim = claimed(run)
    if claim is not None:
        claim.close()
    return claim is not None


def test_to_stop_it_stops_its_runs(tmp_path):
    (tmp_path / "hold").touch()
    command = [sys.executable, fake_runs.__file__, str(tmp_path), "a,b", "2"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(lambda: len(begun(tmp_path)) == 2)
    os.kill(process.pid, signal.SIGINT)
    process.wait(60)
    assert process.returncode != 0
    assert all(claim_is_free(fake_runs.run(tmp_path, name)) for name in "ab")


@pytest.mark.parametrize(
    ("seconds", "text"), [(40, "40 s"), (600, "10 min"), (5399, "90 min"), (9000, "2.5 h")]
)
def test_times_are_written_for_people(seconds, text):
    assert duration(seconds) == text


def test_what_another_process_had_is_taken_up_once_that_has_ended(tmp_path):
    runs = [fake_runs.run(tmp_path, name) for name in "ab"]
    claim = claimed(runs[0])
    start = fake_runs.starter(tmp_path)

    def let_go(run, slot, lock):
        claim.close()  # The other process ends while we work on b.
        return start(run, slot, lock)

    outcome = Runner(runs, ONE, start=let_go, say=lambda line: None).run()
    assert outcome.elsewhere == []
    assert all(run.figures.exists() for run in runs)
    assert begun(tmp_path) == ["a-seed0", "b-seed0"]
