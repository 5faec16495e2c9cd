"""The evaluate command: metrics by name, and what is said of those that can't be had."""

import json
import re

import numpy as np
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


@pytest.fixture(scope="module")
def fake_inception(tmp_path_factory):
    """A SavedModel with the face of TF-GAN's Inception: [N, 299, 299, 3] -> pool_3 and logits."""
    import tensorflow as tf

    class Fake(tf.Module):
        def __init__(self):
            super().__init__()
            rng = np.random.default_rng(0)
            self.weights = tf.Variable(rng.normal(size=(27, 6)), dtype=tf.float32)
            self.head = tf.Variable(rng.normal(size=(6, 4)), dtype=tf.float32)

        @tf.function(input_signature=[tf.TensorSpec([None, 299, 299, 3], tf.float32)])
        def __call__(self, x):
            cells = tf.nn.avg_pool2d(x, 99, 99, "VALID")  # [N, 3, 3, 3]
            pool = tf.nn.relu(tf.reshape(cells, [-1, 27]) @ self.weights)
            return {"pool_3": pool[:, None, None, :], "logits": pool @ self.head}

    folder = tmp_path_factory.mktemp("inception")
    fake = Fake()
    tf.saved_model.save(fake, str(folder), signatures={"serving_default": fake.__call__})
    return folder


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
    assert "unavailable" not in found and "fid" not in found


def test_every_metric_of_digits_by_their_classifier(run_folder, capsys):
    names = "modes,kl,fid,kid,inception_score,mode_score,jsd,prdc,codes"
    with pytest.warns(UserWarning, match="FID of 40 generated samples with 128 features is biased"):
        code, found = evaluated(run_folder, f"--metrics={names}")
    assert code == 0 and "unavailable" not in found
    for name in ("fid", "fid_floor", "kid", "inception_score", "mode_score_xu2018", "jsd", "ndb"):
        assert name in found
    for name in ("precision", "recall", "density", "coverage", "modes_covered", "kl_bias"):
        assert name in found
    assert found["protocol_features"] == "classifier of digits"
    assert "FID" in capsys.readouterr().out


def test_inception_from_a_path(run_folder, fake_inception):
    code, found = evaluated(
        run_folder,
        "--metrics=fid,inception_score",
        "--features=inception",
        f"--inception_path={fake_inception}",
    )
    assert code == 0
    assert found["protocol_features"] == f"Inception of {fake_inception.name}"
    assert found["fid"] > 0 and 1 <= found["inception_score"] <= 4
    assert "modes_covered" not in found


def test_inception_that_cannot_be_had_costs_its_metrics_alone(run_folder, capsys, monkeypatch):
    def refuse(host):
        raise OSError("no network")

    monkeypatch.setenv("TFHUB_CACHE_DIR", str(run_folder / "hub"))
    monkeypatch.setattr(inception.prepared, "check_network", refuse)
    code, found = evaluated(run_folder, "--metrics=modes,fid,kid", "--features=inception")
    assert code == 0 and found["modes_total"] == 10
    assert set(found["unavailable"]) == {"fid", "kid"}
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(" (")[0] for line in lines] == [
        f"left out {name}: Inception can't be had from {inception.HUB}" for name in ("fid", "kid")
    ]


def test_figures_of_the_same_samples_are_put_together(run_folder):
    _, first = evaluated(run_folder, "--metrics=modes,inception_score")
    command(evaluate.main, flags.define_evaluate, f"--run={run_folder}", "--metrics=jsd")
    both = json.loads((run_folder / "evaluation-1.json").read_text())
    assert {name: both[name] for name in first} == first and "jsd" in both and "jsd" not in first
    fewer = [f"--run={run_folder}", "--metrics=jsd", "--eval_samples=39"]
    command(evaluate.main, flags.define_evaluate, *fewer)
    alone = json.loads((run_folder / "evaluation-1.json").read_text())
    assert alone["protocol_samples"] == 39 and "inception_score" not in alone


def test_the_confidence_of_another_protocol(run_folder):
    code, found = evaluated(run_folder, "--metrics=modes", "--least_confidence=0")
    assert code == 0
    assert (found["high_quality"], found["protocol_least_confidence"]) == (1, 0)


def test_the_help_names_every_metric_and_backbone(capsys):
    command(evaluate.main, flags.define_evaluate, "--help")
    text = " ".join(capsys.readouterr().out.split())
    assert all(name in text for name in (*evaluation.names(), *features.CHOICES))


@pytest.mark.parametrize(
    ("flag", "message"),
    [
        ("--metrics=modes,fdi", "--metrics must be of modes, kl, fid, .*; got 'fdi'"),
        ("--features=inceptoin", "--features must be auto, .*; got 'inceptoin'"),
        ("--least_confidence=2", r"--least_confidence must be in \[0, 1\]; got 2.0"),
    ],
)
def test_a_bad_name_is_one_line_and_code_2(run_folder, capsys, flag, message):
    assert evaluated(run_folder, flag) == (2, None)
    (line,) = capsys.readouterr().err.splitlines()
    assert re.fullmatch(f"error: {message}", line)
