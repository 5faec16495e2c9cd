"""Training from the command line: a whole run, and one that is killed and stopped on its way."""

import json
import os
import subprocess
import sys

import keras
import matplotlib.image
import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan import cli, evaluate, flags, saved_run
from keras_iidgan.training import checkpoints

FLAGS = (
    "--dataset=ring --std=variance --steps=60 --eval_every=20 --eval_samples=500 --batch_size=16 "
    "--steps_per_execution=5 --ema=0.9 --lr_schedule=cosine --hparam=gaussian=w2 --seed=3"
).split()

# Sends this process a signal as soon as a step is done, in the middle of an epoch.
DISTURBED = """
import os, sys
from keras_iidgan import cli, flags, train

number, at = int(sys.argv[1]), int(sys.argv[2])
fit = train.fit

def disturbed_fit(run, listed, start):
    import keras

    def send(batch, logs):
        if int(run.model.step.numpy()) == at:
            os.kill(os.getpid(), number)

    return fit(run, [keras.callbacks.LambdaCallback(on_train_batch_end=send), *listed], start)

train.fit = disturbed_fit
cli.run(train.main, flags.define_train, ["train", *sys.argv[3:]])
"""


def python(*arguments):
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A finished run: its folder, the folder of its versions, and what the process said."""
    folder = tmp_path_factory.mktemp("whole")
    places = [f"--run_dir={folder / 'run'}", f"--export_dir={folder / 'ring'}"]
    done = python("-m", "keras_iidgan.train", *FLAGS, *places)
    assert done.returncode == 0, done.stderr
    return folder / "run", folder / "ring", done


def test_nothing_that_was_written_aside_is_left(whole):
    names = [path.name for path in whole[0].rglob("*")]
    assert [name for name in names if name.startswith(".")] == []


@pytest.fixture(scope="module")
def disturbed(whole, tmp_path_factory):
    """The same run, killed at step 30, stopped by SIGTERM at 50, then finished: three processes."""
    folder = tmp_path_factory.mktemp("disturbed")
    flags = [f"--flagfile={whole[0] / 'run.flags'}", f"--run_dir={folder}", "--noexport"]
    killed = python("-c", DISTURBED, "9", "30", *flags)
    left = sorted(os.listdir(folder / "checkpoints"))
    stopped = python("-c", DISTURBED, "15", "50", *flags)
    last = python("-m", "keras_iidgan.train", *flags)
    return folder, killed, left, stopped, last


def weights(folder):
    with np.load(folder / "checkpoints" / "step-00000060.npz") as stored:
        return {key: value for key, value in stored.items() if key != "seconds"}


def test_the_summary_has_every_figure(whole):
    run, versions, _ = whole
    summary = json.loads((run / "summary.json").read_text())
    stated = {"method": "iidgan", "dataset": "ring", "steps": 60, "seed": 3, "samples": 500}
    assert stated.items() <= summary.items()
    assert summary["modes_total"] == 8 and summary["modes_covered"] in range(9)
    assert 0 <= summary["high_quality"] <= 1
    figures = ("reverse_kl", "reverse_kl_normalised", "kl", "std_ratio", "reconstruction_error")
    for name in (*figures, "codes_mean", "codes_covariance"):
        assert np.isfinite(summary[name]), name
    assert summary["steps_per_second"] == pytest.approx(60 / summary["seconds"])
    assert summary["protocol_perfect_high_quality"] == pytest.approx(0.9889, abs=1e-4)
    assert summary["export"] == str(versions / "1")


def test_every_evaluation_is_recorded_with_losses_floor_and_protocol(whole):
    run = whole[0]
    records = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    assert [record["step"] for record in records] == [20, 40, 60]
    figures = ("modes_covered", "high_quality", "reverse_kl", "kl", "samples", "protocol_samples")
    terms = ("discriminator_adversarial", "generator_gaussian", "generator_gaussian_floor")
    for record in records:
        for name in (*figures, *terms, "generator_z_cycle", "generator_x_cycle"):
            assert np.isfinite(record[name]), name
    seconds = [record["seconds"] for record in records]
    assert 0 < seconds[0] < seconds[1] < seconds[2]
    header, *rows = (run / "history.csv").read_text().splitlines()
    assert len(rows) == 3 and all(row.count(",") == header.count(",") for row in rows)


def test_pictures_decode_and_tensorboard_has_events(whole):
    run = whole[0]
    steps = [f"steps/latent-{step:08d}.png" for step in (20, 40, 60)]
    for name in ("latent.png", "progress.png", *steps):
        image = matplotlib.image.imread(run / "pictures" / name)
        assert min(image.shape[:2]) > 100 and image.std() > 0.01, name
    tags = {}
    for path in (run / "tensorboard").glob("events.*"):
        for event in tf.compat.v1.train.summary_iterator(str(path)):
            for value in event.summary.value:
                tags.setdefault(value.tag, []).append(event.step)
    for tag in ("losses/generator_gaussian", "losses/generator_gaussian_floor", "metrics/kl"):
        assert tags[tag] == [20, 40, 60], tag
    assert tags["latent"] == [20, 40, 60]
    assert not any("protocol" in tag for tag in tags)


def test_the_last_lines_say_how_to_go_on(whole):
    run, versions, done = whole
    assert done.stderr == ""
    lines = done.stdout.splitlines()[-8:]
    assert lines[1].startswith("modes ") and "quality" in lines[1]
    assert lines[2].split() == ["run", "folder", str(run)]
    assert lines[3].split() == ["pictures", str(run / "pictures")]
    assert lines[4].endswith(f"-m tensorboard.main --logdir={run}")
    assert lines[5].split() == ["exported", str(versions / "1")]
    assert f"keras_iidgan.serve --model={versions} " in lines[6]
    assert "/v1/models/ring:predict" in lines[7]
    assert (versions / "1" / "saved_model.pb").exists()
    assert os.listdir(versions) == ["1"]


def test_the_progress_names_every_term(whole):
    (line,) = [x for x in whole[2].stdout.splitlines() if x.startswith("20/20")][:1]
    for term in ("discriminator_adversarial", "generator_z_cycle", "modes_covered"):
        assert f"{term}: " in line


def test_run_flags_state_what_is_computed_and_not_where(whole):
    lines = (whole[0] / "run.flags").read_text().splitlines()
    assert {"--method=iidgan", "--seed=3", "--hparam=gaussian=w2", "--lr_schedule=cosine"} <= {
        *lines
    }
    assert not any("dir" in line for line in lines)


def test_a_killed_run_leaves_the_checkpoint_before(disturbed):
    _, killed, left, _, _ = disturbed
    assert killed.returncode == -9
    assert left == ["step-00000020.npz"]


def test_a_terminated_run_saves_and_ends_well(disturbed):
    folder, _, _, stopped, _ = disturbed
    assert (stopped.returncode, stopped.stderr) == (0, "")
    assert f"continuing {folder} at step 20 of 60" in stopped.stdout
    assert stopped.stdout.endswith("stopped by SIGTERM at step 50; the same command continues\n")


def test_the_same_command_ends_with_the_weights_of_an_uninterrupted_run(whole, disturbed):
    folder, _, _, _, last = disturbed
    assert (last.returncode, last.stderr) == (0, "")
    assert f"continuing {folder} at step 50 of 60" in last.stdout
    expected, found = weights(whole[0]), weights(folder)
    assert set(expected) == set(found)
    assert [key for key in expected if expected[key].tobytes() != found[key].tobytes()] == []


def test_the_time_before_a_stop_is_kept_with_its_checkpoint(disturbed):
    folder, *_ = disturbed
    records = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    stopped = checkpoints.seconds(folder / "checkpoints", 50)
    assert records[1]["seconds"] < stopped < records[2]["seconds"]
    assert checkpoints.seconds(folder / "checkpoints", 60) == records[2]["seconds"]


def test_a_signal_at_the_last_step_costs_no_evaluation(tmp_path):
    arguments = [*FLAGS, "--steps=20", "--jit_compile=false", f"--run_dir={tmp_path}", "--noexport"]
    stopped = python("-c", DISTURBED, "15", "20", *arguments)
    assert stopped.stdout.endswith("stopped by SIGTERM at step 20; the same command continues\n")
    last = python("-m", "keras_iidgan.train", *arguments)
    assert last.returncode == 0, last.stderr
    records = [json.loads(x) for x in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert [record["step"] for record in records] == [20]
    assert (tmp_path / "pictures" / "steps" / "latent-00000020.png").exists()
    assert json.loads((tmp_path / "summary.json").read_text())["kl"] == records[0]["kl"]


def test_a_disturbed_run_has_the_figures_of_an_uninterrupted_one(whole, disturbed):
    expected, found = (
        [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
        for run in (whole[0], disturbed[0])
    )
    measured = [k for k in expected[0] if not k.startswith(("generator_", "disc", "seconds"))]
    assert [r["step"] for r in found] == [20, 40, 60]
    for one, other in zip(expected, found, strict=True):
        assert {k: one[k] for k in measured} == {k: other[k] for k in measured}
    assert json.loads((disturbed[0] / "summary.json").read_text())["export"] is None


def test_the_evaluate_command_finds_the_figures_of_the_run(whole, capsys):
    run = whole[0]
    for seed in (1, 2):
        with pytest.raises(SystemExit) as caught:
            argv = ["evaluate", f"--run={run}", f"--eval_seed={seed}"]
            cli.run(evaluate.main, flags.define_evaluate, argv)
        assert not caught.value.code
    recorded = json.loads((run / "metrics.jsonl").read_text().splitlines()[-1])
    same, other = (json.loads((run / f"evaluation-{seed}.json").read_text()) for seed in (1, 2))
    assert {name: recorded[name] for name in same} == same
    assert other["samples"] == 500 and other["kl"] != same["kl"]
    assert f"written to {run / 'evaluation-2.json'}" in capsys.readouterr().out


def test_a_run_is_exported_again_beside_its_first_version(whole):
    assert saved_run.load(whole[0]).export_dir == str(whole[1])


def test_a_run_that_was_not_exported_goes_where_its_name_says(disturbed):
    assert saved_run.load(disturbed[0]).export_dir == "saved_models/iidgan_ring"


def test_the_saved_model_gives_the_samples_of_the_last_checkpoint(whole):
    run = whole[0]
    loaded = keras.saving.load_model(run / "model.keras")
    expected = saved_run.load(run).model.sample(10, seed=4)
    np.testing.assert_array_equal(loaded.sample(10, seed=4), expected)
