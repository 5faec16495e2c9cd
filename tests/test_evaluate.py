"""The evaluate command: metrics by name, and what is said of those that can't be had."""

import json
import re

import pytest

from keras_iidgan import cli, evaluate, evaluation, features, flags, train
from keras_iidgan.data import classifier, digits
from keras_iidgan.features import inception

TRAIN = (
    "--dataset=digits --train_size=200 --steps=2 --eval_every=2 --eval_samples=40 --batch_size=16 "
    "--latent_dim=4 --jit_compile=false --noexport --distribution=none"
).split()


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory):
    """A run of two steps on digits, whose classifier is trained for a second."""
    folder = tmp_path_factory.mktemp("digits")
    quick = classifier.Recipe("digits", 1, 64, 2e-3, 1, 0.0, "1 s")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_IIDGAN_CACHE", str(folder / "cache"))
        patch.setattr(digits, "recipe", lambda: quick)
        digits._cached_classifier.cache_clear()
        assert command(train.main, flags.define_train, *TRAIN, f"--run_dir={folder / 'run'}") == 0
        yield folder / "run"
    digits._cached_classifier.cache_clear()


def command(main, define, *arguments):
    """The exit code of a command."""
    with pytest.raises(SystemExit) as caught:
        cli.run(main, define, ["command", *arguments])
    return caught.value.code or 0


def evaluated(run_folder, *arguments):
    """The exit code of `evaluate`, and what it wrote."""
    path = run_folder / "evaluation-1.json"
    path.unlink(missing_ok=True)
    code = command(evaluate.main, flags.define_evaluate, f"--run={run_folder}", *arguments)
    return code, json.loads(path.read_text()) if path.exists() else None


def test_without_metrics_it_measures_what_training_does(run_folder):
    code, found = evaluated(run_folder)
    assert code == 0
    recorded = json.loads((run_folder / "metrics.jsonl").read_text().splitlines()[-1])
    assert {name: recorded[name] for name in found} == found
    assert {"modes_covered", "kl", "kl_uniform", "codes_mean", "reconstruction_error"} <= set(found)
    assert "left_out" not in found and "fid" not in found


def test_every_metric_of_digits_by_their_classifier(run_folder, capsys):
    names = "modes,kl,fid,kid,inception_score,mode_score,jsd,prdc,codes"
    with pytest.warns(UserWarning, match="FID of 40 generated samples with 128 features is biased"):
        code, found = evaluated(run_folder, f"--metrics={names}")
    assert code == 0 and "left_out" not in found
    for name in ("fid", "fid_floor", "kid", "inception_score", "mode_score_xu2018", "jsd", "ndb"):
        assert name in found
    for name in ("precision", "recall", "density", "coverage", "modes_covered", "kl_bias"):
        assert name in found
    assert found["protocol_features"] == "classifier of digits"
    assert found["protocol_mode_score_shares"] == "modes"
    assert "FID" in capsys.readouterr().out


def test_inception_from_a_path(run_folder, fake_inception):
    code, found = evaluated(
        run_folder,
        "--metrics=fid,inception_score",
        "--features=inception",
        f"--inception_path={fake_inception}",
    )
    assert code == 0
    assert found["protocol_features"] == "inception tensorflow/tfgan/eval/inception/1"
    assert found["fid"] > 0 and 1 <= found["inception_score"] <= 4
    assert "modes_covered" not in found


def test_inception_that_cannot_be_had_costs_its_metrics_alone(run_folder, capsys, monkeypatch):
    def refuse(host, timeout):
        raise OSError("no network")

    monkeypatch.setenv("TFHUB_CACHE_DIR", str(run_folder / "hub"))
    monkeypatch.setattr(inception.network, "check", refuse)
    code, found = evaluated(run_folder, "--metrics=modes,fid,kid", "--features=inception")
    assert code == 0 and found["modes_total"] == 10
    assert set(found["left_out"]) == {"fid", "kid"}
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("fid, kid: left out: Inception can't be read from TensorFlow Hub (no ")


def test_the_confidence_of_another_protocol(run_folder):
    code, found = evaluated(run_folder, "--metrics=modes", "--least_confidence=0")
    assert code == 0
    assert (found["high_quality"], found["protocol_least_confidence"]) == (1, 0)


def test_the_help_names_every_metric_and_backbone(capsys):
    command(evaluate.main, flags.define_evaluate, "--help")
    text = " ".join(capsys.readouterr().out.split())
    assert f"Some of {', '.join(evaluation.METRICS)}; none" in text
    assert all(name in text for name in features.NAMES)


@pytest.mark.parametrize(
    ("flag", "message"),
    [
        ("--metrics=modes,fdi", "--metrics must be some of modes, kl, fid, .*; got 'fdi'"),
        ("--features=inceptoin", "--features must be one of auto, .*; got 'inceptoin'"),
        ("--least_confidence=2", r"--least_confidence must be in \[0, 1\]; got 2.0"),
    ],
)
def test_a_bad_name_is_one_line_and_code_2(run_folder, capsys, flag, message):
    assert evaluated(run_folder, flag) == (2, None)
    (line,) = capsys.readouterr().err.splitlines()
    assert re.fullmatch(f"error: {message}", line)
