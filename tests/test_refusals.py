"""What the commands refuse: one line that names flag, value and known names, and code 2."""

import os
import re

import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan import cli, draw, evaluate, export, flags, methods, networks, train
from keras_iidgan import data as datasets
from keras_iidgan.rundir import RunDir

# Nothing is trained for longer than this where a refusal fails to come.
SHORT = ["--steps=2", "--eval_every=2", "--eval_samples=10", "--jit_compile=false", "--noexport"]


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """A function that runs a command in an empty folder: exit code, output, error lines."""
    monkeypatch.chdir(tmp_path)

    def command(*argv, main=train.main, define=flags.define_train):
        with pytest.raises(SystemExit) as caught:
            cli.run(main, define, ["command", *argv])
        out, err = capsys.readouterr()
        return caught.value.code, out, err.splitlines()

    return command


@pytest.mark.parametrize(
    ("argument", "start", "known"),
    [
        ("--method=iidgam", "--method must be one of", methods.names()),
        ("--dataset=circle", "--dataset must be one of", datasets.names()),
        ("--std=peper", "--std must be a number or a preset of ring", ["paper", "standard"]),
        ("--std=-1", "--std must be a finite number above 0", []),
        (
            "--hparam=gausian=w2",
            "--hparam of iidgan must be one of",
            list(methods.hparams("iidgan")),
        ),
        ("--hparam=gaussian=w3", "--hparam gaussian must be one of", ["p_norm", "w2", "none"]),
        ("--hparam=adversarial=x", "--hparam adversarial must be one of", ["non_saturating"]),
        ("--hparam=cycle_norm=l0", "--hparam cycle_norm must be one of", ["l1", "l2"]),
        ("--hparam=cycle_weight=-1", "--hparam cycle_weight must be a finite number", []),
        ("--hparam=p=0.5", "--hparam p must be a finite number of at least 1", []),
        ("--hparam=w2_root=2", "--hparam w2_root must be true or false", []),
        ("--architecture=mpl", "--architecture must be one of", ["auto", *networks.names()]),
        ("--architecture=conv8", "--architecture conv8 needs data of shape", []),
        ("--batch_size=100001", "--batch_size must be at most 100000, the size of ring", []),
        ("--steps=none", "flag --steps=none", []),
        ("--ema=1", "--ema must be in [0, 1)", []),
        ("--seed=4294967296", "--seed must be in [0, 4294967296)", []),
        ("--seed=-1", "--seed must be in [0, 4294967296)", []),
        ("--batch_size=1", "--batch_size must be at least 2", []),
        ("--refine_steps=-1", "--refine_steps must be at least 0", []),
        ("--unknown=1", "Unknown command line flag 'unknown'", []),
        ("--distribution=multi_worker", "--distribution=multi_worker needs TF_CONFIG", []),
    ],
)
def test_one_line_names_flag_value_and_known_names(run, tmp_path, argument, start, known):
    code, out, lines = run(*SHORT, argument)
    assert code == 2
    (line,) = lines
    assert line.startswith(f"error: {start}")
    for name in known:
        assert name in line
    flag, _, value = argument.partition("=")
    if value and flag not in ("--unknown", "--distribution"):
        assert value.partition("=")[2] in line or value in line
    assert out == ""
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        (["sig", "--hparam=likelihood=poisson"], "--hparam likelihood=poisson needs data that are"),
        (["sig", "--hparam=scale=0"], "--hparam scale must be a finite number above 0; got 0"),
        (["sig", "--hparam=mixture_draws=0"], "--hparam mixture_draws must be a whole number"),
        (["msgan", "--dataset=noisy_ring"], "--method=msgan needs data of two classes or more"),
        (["gdpp", "--hparam=bures_weight=1"], "--hparam of gdpp must be one of absolute,"),
        (["gan_si", "--hparam=semi_implicit_weight=-1"], "--hparam semi_implicit_weight must be"),
    ],
)
def test_values_and_data_that_a_method_cannot_take_are_refused(run, arguments, start):
    code, _, (line,) = run(*SHORT, *[f"--method={arguments[0]}", *arguments[1:]])
    assert code == 2 and line.startswith(f"error: {start}")


def test_a_batch_without_a_covariance_is_refused_where_the_loss_needs_one(run):
    code, _, (line,) = run(*SHORT, "--batch_size=4", "--latent_dim=4", "--hparam=gaussian=kl_pq")
    assert code == 2
    assert line.startswith("error: --hparam gaussian=kl_pq needs batch_size > latent_dim")
    assert "got batch_size=4, latent_dim=4" in line


def test_a_method_that_is_told_classes_needs_data_that_have_them(run, monkeypatch):
    image = np.zeros([20, 8, 8, 1], np.float32)
    bare = datasets.Data("bare", "images", image, image)
    monkeypatch.setattr(datasets, "load", lambda *_, **__: bare)
    code, _, (line,) = run(*SHORT, "--method=cgan", "--dataset=digits", "--batch_size=10")
    assert code == 2
    assert line == "error: --method=cgan needs data of two classes or more; digits has no labels"


def test_networks_that_do_not_fit_into_memory_are_refused(run, monkeypatch):
    def build(*_, **__):
        raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")

    monkeypatch.setattr(networks, "build", build)
    code, _, (line,) = run(*SHORT, "--latent_dim=100000000")
    assert code == 2
    assert line.startswith("error: --latent_dim and --architecture must make networks that fit")
    assert "got 100000000 and auto" in line


@pytest.mark.parametrize(
    "cluster",
    [
        "garbage",
        "[]",
        "{}",
        '{"cluster": {"worker": ["localhost:1"]}}',
        '{"cluster": {"worker": ["localhost:1"]}, "task": {"type": "worker", "index": 1}}',
        '{"cluster": {"worker": ["localhost:1"]}, "task": {"type": "chief", "index": 0}}',
    ],
)
def test_a_cluster_without_a_place_for_this_process_is_refused(run, monkeypatch, cluster):
    monkeypatch.setenv("TF_CONFIG", cluster)
    code, _, (line,) = run(*SHORT)
    assert code == 2
    assert line.startswith("error: TF_CONFIG must be JSON with a cluster and this process' task")
    assert line.endswith(f"got {cluster!r}")


def test_a_place_for_the_export_is_looked_for_before_training(run, tmp_path):
    (tmp_path / "file").write_text("in the way")
    arguments = [argument for argument in SHORT if argument != "--noexport"]
    code, out, lines = run(*arguments, "--run_dir=run", "--export_dir=file/versions")
    assert (code, out) == (2, "")
    assert lines == ["error: --export_dir=file/versions can't be written: Not a directory"]
    assert os.listdir(tmp_path) == ["file"]


def test_a_full_disk_under_tensorboard_is_said_in_one_line(run, monkeypatch):
    def fail(*_, **__):
        raise tf.errors.UnknownError(None, None, "events.out; No space left on device")

    monkeypatch.setattr(tf.summary, "create_file_writer", fail)
    code, _, (line,) = run(*SHORT, "--run_dir=run", "--method=gan")
    assert code == 2
    said = "error: the run folder run can't be written: No space left on device; no checkpoint"
    assert line.startswith(said)


def test_a_fault_of_tensorflow_keeps_its_traceback(run, monkeypatch):
    def fail(*_, **__):
        raise tf.errors.InternalError(None, None, "a fault of the program")

    monkeypatch.setattr(tf.summary, "create_file_writer", fail)
    with pytest.raises(tf.errors.InternalError):
        cli.run(train.main, flags.define_train, ["train", *SHORT, "--method=gan"])


def test_a_folder_under_a_file_is_refused(run, tmp_path):
    (tmp_path / "file").write_text("in the way")
    code, _, (line,) = run(*SHORT, "--run_dir=file/run")
    assert code == 2
    assert line == "error: the run folder file/run can't be written: Not a directory"
    code, _, (line,) = run(*SHORT, "--runs_dir=file/runs")
    assert code == 2 and "file/runs" in line and "can't be written" in line


def test_a_run_folder_in_use_is_refused(run, tmp_path):
    using = RunDir(tmp_path / "run")
    code, out, lines = run(*SHORT, "--run_dir=run")
    using.close()
    assert (code, out) == (2, "")
    assert lines == ["error: the run folder run is in use by another process"]


def test_a_run_of_another_configuration_is_refused_and_left_alone(run, tmp_path):
    assert run(*SHORT, "--run_dir=run", "--method=gan")[0] == 0
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "run").rglob("*") if p.is_file()}
    code, _, lines = run(*SHORT, "--run_dir=run", "--method=gan", "--learning_rate=0.5")
    assert code == 2
    assert len(lines) == 1 and "learning_rate was 0.001, is 0.5" in lines[0]
    after = {p: p.stat().st_mtime_ns for p in (tmp_path / "run").rglob("*") if p.is_file()}
    del before[tmp_path / "run" / "lock"], after[tmp_path / "run" / "lock"]
    assert after == before


DIVERGING = ["--method=gan", "--run_dir=run", "--batch_size=8", "--eval_samples=10", "--noexport"]
DIVERGING += ["--steps=6", "--steps_per_execution=1", "--jit_compile=false"]


def test_a_diverging_run_ends_with_the_terms_name_and_keeps_its_checkpoint(run, tmp_path):
    code, _, (line,) = run(*DIVERGING, "--eval_every=1", "--learning_rate=1e7")
    assert code == 2
    assert "is not finite" in line
    kept = re.search(r"the last good checkpoint is (run/checkpoints/step-\d+\.npz)", line)[1]
    with np.load(tmp_path / kept) as stored:
        assert all(np.isfinite(stored[key]).all() for key in stored.files)


def test_a_run_that_diverges_at_once_is_not_said_to_have_a_checkpoint(run):
    code, _, (line,) = run(*DIVERGING, "--eval_every=6", "--learning_rate=1e18")
    assert code == 2
    assert "is not finite at step" in line and "_adversarial" in line
    assert "no checkpoint was saved yet" in line


def test_packs_that_the_data_cannot_fill_are_refused(run):
    code, _, (line,) = run("--method=pacgan", "--batch_size=50001", "--dry_run")
    assert code == 2
    assert line == (
        "error: --batch_size must be at most 50000, the size of ring, for packs of 2; got 50001"
    )


def test_a_dry_run_prints_networks_and_writes_nothing(run, tmp_path):
    code, out, lines = run("--dry_run", "--dataset=digits", "--latent_dim=7", "--steps=50")
    assert (code, lines) == (0, [])
    assert "--steps=50" in out and "--dataset=digits" in out
    for role in ("generator  (7,) -> (8, 8, 1)", "encoder  (8, 8, 1) -> (7,)", "discriminator"):
        assert role in out
    model = methods.create("iidgan", data_shape=(8, 8, 1), latent_dim=7)
    assert f"{model.generator.count_params():,} parameters" in out
    assert "generator updates generator, encoder" in out
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ([], "error: --run must name a run folder; got none"),
        (["--run=nowhere"], "error: --run must name a run folder; nowhere has no config.json"),
    ],
)
@pytest.mark.parametrize(
    ("main", "define"),
    [
        (draw.main, flags.define_draw),
        (evaluate.main, flags.define_evaluate),
        (export.main, flags.define_export),
    ],
)
def test_commands_on_a_saved_run_refuse_what_is_none(run, main, define, argv, message):
    code, _, lines = run(*argv, main=main, define=define)
    assert (code, lines) == (2, [message])


def test_an_export_of_less_than_no_steps_is_refused(run):
    code, _, lines = run("--refine_steps=-1", main=export.main, define=flags.define_export)
    assert (code, lines) == (2, ["error: --refine_steps must be at least 0; got -1"])


@pytest.mark.parametrize("argument", ["--eval_samples=-4", "--mode_threshold=-1"])
def test_an_evaluation_of_less_than_nothing_is_refused(run, argument):
    code, _, (line,) = run(argument, main=evaluate.main, define=flags.define_evaluate)
    flag, _, value = argument.partition("=")
    assert (code, line) == (2, f"error: {flag} must be at least 0; got {value}")


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("--metrics=modes,fids", "--metrics must be of modes, kl, fid, .*; got 'fids'"),
        ("--features=nowhere", "--features must be auto, .* or an existing path; got 'nowhere'"),
        ("--least_confidence=1.5", r"--least_confidence must be in \[0, 1\]; got 1.5"),
    ],
)
def test_an_unknown_figure_or_extractor_is_refused(run, argument, message):
    code, _, (line,) = run(argument, main=evaluate.main, define=flags.define_evaluate)
    assert code == 2 and re.fullmatch(f"error: {message}", line)


@pytest.mark.parametrize("seed", [-1, 2**32, 2**70])
def test_a_seed_out_of_range_is_refused(run, seed):
    code, _, (line,) = run(f"--eval_seed={seed}", main=evaluate.main, define=flags.define_evaluate)
    assert (code, line) == (2, f"error: --eval_seed must be in [0, 4294967296); got {seed}")


@pytest.mark.parametrize("stored", ["{}", "[]", '{"method": "gan", "dataset": "ring"}'])
def test_a_configuration_of_another_kind_is_refused(run, tmp_path, stored):
    (tmp_path / "config.json").write_text(stored)
    code, _, (line,) = run("--run=.", main=export.main, define=flags.define_export)
    assert code == 2
    assert line == "error: --run must name a run of this version; config.json has other settings"


def test_a_run_without_a_checkpoint_cannot_be_measured(run, tmp_path):
    assert run(*SHORT, "--run_dir=run", "--method=gan")[0] == 0
    for path in (tmp_path / "run" / "checkpoints").iterdir():
        path.unlink()
    code, _, lines = run("--run=run", main=evaluate.main, define=flags.define_evaluate)
    assert (code, lines) == (2, ["error: --run=run has no checkpoint yet"])
