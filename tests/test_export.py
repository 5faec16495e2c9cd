"""Exports: signatures as a server runs them, versions, and what happens when a check fails."""

import os

import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan import export, export_check, signatures, warmup
from keras_iidgan.cli import UsageError


@pytest.fixture(scope="module")
def exported(make_model, rows, tmp_path_factory):
    """A trained model with a moving average, and its first version, which passed its check."""
    model = make_model("iidgan", ema=0.5, run_eagerly=True)
    for seed in range(3):
        model.train_on_batch(rows(8, seed=seed))
    return model, export.export(model, tmp_path_factory.mktemp("versions") / "model")


def test_the_first_version_is_1_and_nothing_else_is_left(exported):
    _, version = exported
    assert version.name == "1"
    assert os.listdir(version.parent) == ["1"]
    assert (version / "saved_model.pb").exists()
    assert version.stat().st_mode & 0o777 == 0o755  # A server may run as another user.


def test_a_server_without_keras_gives_the_models_outputs(exported, rows):
    model, version = exported
    z, x = model.latents(5, seed=1), rows(5)
    seeds = np.array([7, -1, 2**40, 7], np.int64)
    found = export.run_without_keras(
        version,
        {
            "serving_default|z": z,
            "sample|seed": seeds,
            "invert|x": x,
            "reconstruct|x": x,
            "score|x": x,
        },
    )
    codes = model.invert(x)
    rebuilt = model.generate(codes)
    error = np.abs(x - rebuilt).mean(axis=1)
    expected = {
        "serving_default|x": model.generate(z),
        "sample|z": found["sample|z"],
        "sample|x": model.generate(found["sample|z"]),
        "invert|z": codes,
        "reconstruct|x": rebuilt,
        "reconstruct|z": codes,
        "reconstruct|error": error,
        "score|logit": np.asarray(model.discriminator(x))[:, 0],
        "score|squared_norm": (codes**2).sum(axis=1),
        "score|error": error,
    }
    assert set(found) == set(expected)
    for key, value in expected.items():
        np.testing.assert_allclose(found[key], value, atol=1e-5, err_msg=key)
    np.testing.assert_array_equal(found["sample|z"][0], found["sample|z"][3])


def test_the_samples_are_those_of_the_moving_average(exported):
    model, _ = exported
    endpoint, _ = signatures.endpoints(model)["serving_default"]
    z = model.latents(5, seed=1)
    assert np.abs(np.asarray(endpoint(z)["x"]) - np.asarray(model.generator(z))).max() > 1e-3


def test_a_seed_gives_its_row_whatever_the_batch():
    alone = signatures.latents_of(tf.constant([5], tf.int64), 3)
    among = signatures.latents_of(tf.constant([1, 2, 5, 2], tf.int64), 3)
    np.testing.assert_array_equal(alone[0], among[2])
    np.testing.assert_array_equal(among[1], among[3])
    assert np.abs(among[0] - among[1]).min() > 1e-6
    many = tf.function(signatures.latents_of)(tf.range(4000, dtype=tf.int64), 2).numpy()
    assert abs(many.mean()) < 0.05 and abs(many.std() - 1) < 0.05


def test_an_input_of_another_shape_is_refused_by_the_endpoint(exported):
    model, _ = exported
    endpoints = signatures.endpoints(model)
    right = export_check.inputs(model, endpoints)
    for name, (function, specs) in endpoints.items():
        for wrong in specs:
            inputs = [tf.constant(right[f"{name}|{spec.name}"]) for spec in specs]
            inputs[specs.index(wrong)] = inputs[specs.index(wrong)][..., tf.newaxis]
            with pytest.raises((ValueError, TypeError, tf.errors.InvalidArgumentError)):
                function(*inputs)
            assert wrong.shape[0] is None, name  # Else servers couldn't batch.


@pytest.fixture
def unchecked(monkeypatch, exported):
    """Exports without the process that checks them: what it would find is set by the test."""
    model, _ = exported

    endpoints = signatures.endpoints(model)

    def as_the_model(path, records):
        feeds = warmup.read(records)
        return {
            f"{name}|{output}": value.numpy()
            for name, (function, specs) in endpoints.items()
            for output, value in function(*(feeds[f"{name}|{s.name}"] for s in specs)).items()
        }

    monkeypatch.setattr(signatures, "endpoints", lambda *_: endpoints)  # Traced once.
    monkeypatch.setattr(export, "run_without_keras", as_the_model)
    return model


def test_the_next_version_follows_the_highest_integer(unchecked, tmp_path):
    for name in ("2", "10", "11-draft", "latest", "²"):
        (tmp_path / name).mkdir()
    assert export.export(unchecked, tmp_path) == tmp_path / "11"
    assert sorted(os.listdir(tmp_path)) == ["10", "11", "11-draft", "2", "latest", "²"]


@pytest.mark.parametrize("fault", ["differs", "missing", "not finite"])
def test_a_failed_check_leaves_no_version(unchecked, monkeypatch, tmp_path, fault):
    right = export.run_without_keras

    def wrong(path, feeds):
        found = right(path, feeds)
        if fault == "missing":
            del found["invert|z"]
        else:
            found["invert|z"] = found["invert|z"] + (0.01 if fault == "differs" else np.nan)
        return found

    monkeypatch.setattr(export, "run_without_keras", wrong)
    with pytest.raises(UsageError, match=r"the export failed its check: invert\|z differs by"):
        export.export(unchecked, tmp_path)
    assert os.listdir(tmp_path) == []


def test_what_cannot_be_loaded_is_said_with_the_loaders_last_line(tmp_path):
    with pytest.raises(UsageError, match=r"the export can't be served: .*SavedModel file does not"):
        export.run_without_keras(tmp_path, {"serving_default|z": np.zeros([1, 2], np.float32)})


def test_a_folder_that_cannot_be_written_is_said(unchecked, tmp_path):
    (tmp_path / "file").write_text("in the way")
    folder = tmp_path / "file" / "versions"
    with pytest.raises(UsageError, match=f"--export_dir={folder} can't be written: Not a dir"):
        export.export(unchecked, folder)


@pytest.mark.parametrize(
    "fault",
    [
        OSError(28, "No space left on device"),
        tf.errors.ResourceExhaustedError(None, None, "some/file; No space left on device"),
    ],
)
def test_a_full_disk_leaves_the_versions_before(unchecked, monkeypatch, tmp_path, fault):
    (tmp_path / "1").mkdir()

    def full(*_, **__):
        raise fault

    monkeypatch.setattr(tf.saved_model, "save", full)
    with pytest.raises(UsageError, match=r"can't be written: .*No space left on device"):
        export.export(unchecked, tmp_path)
    assert os.listdir(tmp_path) == ["1"]
