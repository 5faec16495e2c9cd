"""What the commands refuse: one line that names flag, value and known names, and code 2."""

import os
import re

import numpy as np
import pytest

from keras_iidgan import cli, evaluate, export, flags, methods, networks, train
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


def test_a_batch_without_a_covariance_is_refused_where_the_loss_needs_one(run):
    code, _, (line,) = run(*SHORT, "--batch_size=4", "--latent_dim=4", "--hparam=gaussian=kl_pq")
    assert code == 2
    assert line.startswith("error: --hparam gaussian=kl_pq needs batch_size > latent_dim")
    assert "got batch_size=4, latent_dim=4" in line


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
    [(evaluate.main, flags.define_evaluate), (export.main, flags.define_export)],
)
def test_commands_on_a_saved_run_refuse_what_is_none(run, main, define, argv, message):
    code, _, lines = run(*argv, main=main, define=define)
    assert (code, lines) == (2, [message])


def test_a_run_without_a_checkpoint_cannot_be_measured(run, tmp_path):
    assert run(*SHORT, "--run_dir=run", "--method=gan")[0] == 0
    for path in (tmp_path / "run" / "checkpoints").iterdir():
        path.unlink()
    code, _, lines = run("--run=run", main=evaluate.main, define=flags.define_evaluate)
    assert (code, lines) == (2, ["error: --run=run has no checkpoint yet"])
