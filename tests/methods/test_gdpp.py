"""GDPP's terms by its formula in NumPy, and who learns from them."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from routing import all_routes
from test_iidgan_values import close, forward, softplus

from keras_iidgan import methods
from keras_iidgan.methods.base import Batch


def hidden(network, x):
    """The features of a network of `small`: its hidden layer, in NumPy and float64."""
    w, b, *_ = (np.asarray(each, np.float64) for each in network.get_weights())
    return np.tanh(x @ w + b)


@pytest.fixture
def terms(monkeypatch, rows):
    """The generator's terms on known data and codes, with what NumPy needs to say the same."""
    x, z = rows(6), rows(6, dimensions=2, seed=5)

    def compute(model):
        monkeypatch.setattr(type(model), "draw_latents", lambda self, batch: tf.constant(z))
        return {k: float(v) for k, v in model.generator_loss(Batch(tf.constant(x))).items()}, x, z

    return compute


def spectrum(features):
    features = features / np.linalg.norm(features, axis=1, keepdims=True)
    return np.linalg.eigh(features @ features.T)


def test_the_terms_are_those_of_the_formula(make_model, terms):
    weights = {"adversarial_weight": 2.0, "eigenvalue_weight": 3.0, "eigenvector_weight": 4.0}
    model = make_model("gdpp", absolute=True, **weights)
    found, x, z = terms(model)
    x_fake = forward(model.generator, z)
    w, v = spectrum(hidden(model.discriminator, x))
    w_fake, v_fake = spectrum(hidden(model.discriminator, x_fake))
    m = (w - w.min()) / (w.max() - w.min())
    assert set(found) == {"adversarial", "eigenvalue", "eigenvector"}
    assert found["adversarial"] == close(2 * softplus(-forward(model.discriminator, x_fake)).mean())
    assert found["eigenvalue"] == close(3 * np.mean((w - w_fake) ** 2))
    cosines = np.abs(np.sum(v * v_fake, axis=0))
    # The features are float32, and small eigenvalues lie 0.001 apart.
    assert found["eigenvector"] == pytest.approx(-4 * np.sum(m * cosines), rel=1e-2)


def test_the_defaults_are_the_originals(make_model, terms):
    given = {"adversarial_weight": 0.5, "eigenvalue_weight": 0.5e-4, "eigenvector_weight": 0.5}
    assert terms(make_model("gdpp"))[0] == terms(make_model("gdpp", absolute=False, **given))[0]


@pytest.mark.parametrize("name", ["gdpp", "bures_gan"])
@pytest.mark.parametrize("instance_noise", [0.0, 0.1])
def test_the_generator_alone_learns_from_features(make_model, rows, name, instance_noise):
    own = {"gdpp": ("eigenvalue", "eigenvector"), "bures_gan": ("bures",)}[name]
    model = make_model(name, instance_noise=instance_noise)
    assert all_routes(model, rows(8)) == {
        "discriminator": {"adversarial": {"discriminator"}},
        "generator": {term: {"generator"} for term in ("adversarial", *own)},
    }


@pytest.mark.parametrize("name", ["gdpp", "bures_gan"])
def test_steps_in_one_call_are_those_of_eager_mode(make_model, rows, name):
    options = {"optimizer": keras.optimizers.SGD(0.1)}
    models = [
        make_model(name, run_eagerly=True, **options),
        make_model(name, steps=2, jit=True, **options),
    ]
    start = models[0].generator.get_weights()[0]
    for model in models:
        model.fit(rows(32), batch_size=8, epochs=1, verbose=0, shuffle=False)
    assert np.abs(models[0].generator.get_weights()[0] - start).max() > 0.02
    ours, theirs = (model.state() for model in models)
    for key, value in ours.items():
        np.testing.assert_allclose(value, theirs[key], rtol=1e-3, atol=2e-4, err_msg=key)


@pytest.mark.parametrize("name", ["gdpp", "bures_gan"])
def test_images_and_collapsed_generators_have_finite_steps(name):
    """All codes give one image, and its features have a kernel of rank 1."""
    model = methods.create(name, data_shape=(8, 8, 1), latent_dim=2)
    model.compile(jit_compile=False)
    last = model.generator.layers[-1]
    last.set_weights([np.zeros_like(w) for w in last.get_weights()])
    x = np.random.default_rng(0).uniform(-1, 1, (8, 8, 8, 1)).astype(np.float32)
    logs = model.train_on_batch(x, return_dict=True)
    assert np.isfinite(list(logs.values())).all()
    assert all(np.isfinite(v.numpy()).all() for v in model.state().values())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("gdpp", {"eigenvalue_weight": -1}),
        ("gdpp", {"eigenvector_weight": float("nan")}),
        ("gdpp", {"adversarial_weight": "much"}),
        ("bures_gan", {"bures_weight": -0.5}),
    ],
)
def test_weights_out_of_range_are_refused(name, value):
    ((argument, found),) = value.items()
    message = f"{argument} must be a finite number of at least 0; got {found!r}"
    with pytest.raises(ValueError, match=message):
        methods.create(name, data_shape=(2,), latent_dim=2, **value)
