"""An exported model behaves as the method that it came from."""

import numpy as np
import pytest

from keras_iidgan import data, export, methods
from keras_iidgan.cli import UsageError
from keras_iidgan.tfx.exported import ExportedModel


@pytest.fixture(scope="module")
def digits():
    """Digits, a model of them that wasn't trained, and the model exported and loaded again."""
    return data.load("digits", size=50)


@pytest.fixture(scope="module")
def model(digits):
    return methods.create("iid_cgan", data_shape=digits.shape, latent_dim=3, num_classes=10, seed=1)


@pytest.fixture(scope="module")
def path(model, tmp_path_factory):
    path = tmp_path_factory.mktemp("exported") / "Format-Serving"
    export.export_to(model, path, "digits", refine_steps=0)
    return path


def test_it_generates_inverts_and_classifies_as_the_model_does(path, model, digits):
    exported = ExportedModel(path, digits, step=7)
    assert (exported.latent_dim, exported.can_invert, exported.is_conditional) == (3, True, True)
    assert int(exported.step.numpy()) == 7
    z, labels, x = model.latents(5, 4), np.array([0, 9, 3, 3, 1]), digits.test[:6]
    np.testing.assert_array_equal(exported.latents(5, 4), z)
    close = {"rtol": 1e-4, "atol": 1e-5}
    np.testing.assert_allclose(exported.generate(z, labels), model.generate(z, labels), **close)
    np.testing.assert_allclose(exported.generate(z), model.generate(z), **close)
    np.testing.assert_allclose(exported.invert(x), model.invert(x), **close)
    np.testing.assert_allclose(exported.classify(x), model.classify(x), **close)
    np.testing.assert_allclose(exported.reconstruct(x), model.reconstruct(x), **close)


def test_samples_are_those_of_the_signature_whatever_the_chunks(path, digits):
    exported = ExportedModel(path, digits)
    x = exported.sample(7, seed=3)
    assert x.shape == (7, 8, 8, 1) and np.isfinite(x).all()
    exported._chunk = 2
    np.testing.assert_allclose(exported.sample(7, seed=3), x, rtol=1e-5, atol=1e-6)
    assert not np.allclose(exported.sample(7, seed=4), x)


def test_examples_of_another_shape_are_refused(path):
    with pytest.raises(UsageError, match=r"makes samples \[8, 8\]; the examples have \[2\]"):
        ExportedModel(path, data.load("ring", size=80))


def test_a_folder_without_a_model_is_refused(tmp_path, digits):
    with pytest.raises(UsageError, match="there is no exported model in"):
        ExportedModel(tmp_path, digits)
