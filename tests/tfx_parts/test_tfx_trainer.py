"""TFX's training function, called as TFX calls it, but without tfx."""

import json
import pathlib
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
import toy_examples

from keras_iidgan.cli import UsageError
from keras_iidgan.tfx import trainer

FLAGS = {"steps": 6, "eval_every": 3, "eval_samples": 100, "batch_size": 8, "jit_compile": "false"}


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """What TFX gave, after a training."""
    folder = tmp_path_factory.mktemp("trained")
    train, test = toy_examples.points(folder)
    given = toy_examples.fn_args(folder, train, test, flags=FLAGS, model_name="points")
    trainer.run_fn(given)
    return given


def test_the_model_lies_in_the_serving_folder_itself(trained):
    folder = pathlib.Path(trained.serving_model_dir)
    assert (folder / "saved_model.pb").exists() and not (folder / "export").exists()
    signatures = tf.saved_model.load(str(folder)).signatures
    assert {"sample", "invert", "examples", "serving_default"} <= set(signatures)
    assert [path.name for path in folder.parent.iterdir()] == ["Format-Serving"]


def test_the_exported_model_takes_the_examples_it_was_trained_on(trained):
    loaded = tf.saved_model.load(trained.serving_model_dir)
    row = toy_examples.example(x=[0.5, 1.0]).SerializeToString()
    z = loaded.signatures["examples"](examples=tf.constant([row]))["z"]
    expected = loaded.signatures["invert"](x=tf.constant([[0.5, 1.0]]))["z"]
    np.testing.assert_allclose(z, expected, rtol=1e-5)


def test_the_run_is_kept_in_the_run_folder(trained):
    folder = pathlib.Path(trained.model_run_dir)
    steps = [json.loads(x)["step"] for x in (folder / "metrics.jsonl").read_text().splitlines()]
    assert steps == [3, 6]
    assert list((folder / "tensorboard").iterdir()) and list((folder / "checkpoints").iterdir())
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["method"] == "iidgan" and summary["export"] == trained.serving_model_dir


@pytest.mark.parametrize("left", ["moved aside", "as it was"])
def test_an_execution_continues_what_one_before_left(tmp_path, monkeypatch, left):
    train, test = toy_examples.points(tmp_path)
    given = toy_examples.fn_args(tmp_path, train, test, flags=FLAGS)
    with monkeypatch.context() as patch:
        # The first breaks off after its first checkpoint; TFX then removes its folder.
        patch.setattr("keras_iidgan.train.fit", _breaking_off("keras_iidgan.train.fit"))
        if left == "as it was":
            patch.setattr("keras_iidgan.tfx.retries._keep", lambda path, name: None)
        with pytest.raises(RuntimeError, match="cut off"):
            trainer.run_fn(given)
    given.model_run_dir = str(pathlib.Path(given.model_run_dir).with_name("6"))
    starts = []
    monkeypatch.setattr("keras_iidgan.train.fit", _noting(starts))
    trainer.run_fn(given)
    assert starts == [3]
    assert (pathlib.Path(given.model_run_dir) / "summary.json").exists()
    others = [path.name for path in pathlib.Path(given.model_run_dir).parent.iterdir()]
    assert not any(name.startswith("unfinished") for name in others)


def _breaking_off(name):
    module, _, attribute = name.rpartition(".")
    fit = getattr(sys.modules[module], attribute)

    def broken(run, listed, start):
        import keras

        def stop(epoch, logs):
            raise RuntimeError("cut off")

        return fit(run, [*listed, keras.callbacks.LambdaCallback(on_epoch_end=stop)], start)

    return broken


def _noting(starts):
    from keras_iidgan import train

    fit = train.fit

    def noting(run, listed, start):
        starts.append(start)
        return fit(run, listed, start)

    return noting


def test_other_examples_or_flags_begin_a_new_training(tmp_path):
    from keras_iidgan.tfx import retries, samples, settings

    def name(seed, **flags):
        train, test = toy_examples.points(tmp_path / str(seed), seed=seed)
        found = settings.read({"flags": FLAGS | flags}, run_dir="x")
        return retries.digest(found.config, samples.load(found, [train], [test]))

    assert name(0) == name(0)
    assert len({name(0), name(1), name(0, ema=0.5)}) == 3


def test_a_finished_training_is_exported_again(trained):
    before = (pathlib.Path(trained.model_run_dir) / "metrics.jsonl").read_text()
    (pathlib.Path(trained.serving_model_dir) / "saved_model.pb").unlink()
    trainer.run_fn(trained)
    assert (pathlib.Path(trained.serving_model_dir) / "saved_model.pb").exists()
    assert (pathlib.Path(trained.model_run_dir) / "metrics.jsonl").read_text() == before


def test_images_of_a_known_data_set_have_its_modes(tmp_path):
    from keras_iidgan import data
    from keras_iidgan.tfx import samples, settings, writing

    digits = data.load("digits", size=300)
    folders = {split: tmp_path / split for split in ("train", "eval")}
    assert writing.write(digits, folders) == {"train": 300, "eval": 364}
    found = settings.read({"flags": {"dataset": "digits"}}, run_dir="x")
    read = samples.load(found, [f"{folders['train']}/*"], [f"{folders['eval']}/*"])
    assert read.num_modes == 10 and read.train.shape == (300, 8, 8, 1)
    np.testing.assert_array_equal(read.labels, digits.labels)
    # A PNG has 8 bits for each pixel.
    np.testing.assert_allclose(read.test, digits.test, atol=1 / 255 + 1e-6)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"custom_config": {"flags": {"method": "no"}}}, "--method must be one of"),
        ({"model_run_dir": "gs://bucket/run"}, "model_run_dir must be a folder that this machine"),
        ({"serving_model_dir": ""}, "serving_model_dir must be a folder"),
        ({"eval_files": ["/no/such/*"]}, "the split 'eval' of the examples is empty"),
        (
            {"custom_config": {"flags": {"hparam": {"gaussian": "x"}}}},
            "--hparam gaussian must be one of",
        ),
    ],
)
def test_a_mistake_is_one_line(tmp_path, change, said):
    given = toy_examples.fn_args(tmp_path, *toy_examples.points(tmp_path), flags=FLAGS)
    vars(given).update(change)
    with pytest.raises(UsageError, match=said) as caught:
        trainer.run_fn(given)
    assert "\n" not in str(caught.value)


def test_it_imports_without_tfx_and_without_tensorflow():
    code = (
        "import sys; sys.modules['tfx'] = None; from keras_iidgan.tfx import trainer; "
        "sys.exit('tensorflow' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
