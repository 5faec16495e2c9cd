"""SNGAN against its formula in NumPy, and when its power iteration moves."""

import by_hand
import keras
import numpy as np
import pytest
import routing
import tensorflow as tf

from keras_iidgan import SNGAN
from keras_iidgan.methods.base import Batch
from keras_iidgan.networks import _spectral


def spectral_layers(model):
    return [x for x in model.discriminator.layers if isinstance(x, _spectral.SpectralNormalization)]


def normalised(model):
    """The weights with which D judges, and the next u of each layer, by NumPy."""
    weights, vectors = [], []
    for layer in spectral_layers(model):
        kernel, bias = (w.astype(np.float64) for w in layer.layer.get_weights())
        v = kernel @ layer.u.numpy()
        v /= np.linalg.norm(v)
        u = kernel.T @ v / np.linalg.norm(kernel.T @ v)
        weights += [kernel / (v.T @ kernel @ u), bias]
        vectors.append(u)
    return weights, vectors


@pytest.fixture
def drawn(monkeypatch):
    """A function that makes a model draw the same codes every time."""

    def fix(model, count):
        z = np.random.default_rng(5).normal(size=(count, 2)).astype(np.float32)
        monkeypatch.setattr(type(model), "draw_latents", lambda self, batch: tf.constant(z))
        return z

    return fix


@pytest.mark.parametrize("slope", [1.0, 3.0])
def test_the_losses_are_the_formulas(make_model, rows, drawn, slope):
    model, x = make_model("sngan", slope=slope), 3 * rows(8)
    z = drawn(model, 8)
    x_fake = by_hand.two_layers(by_hand.weights_of(model.generator), z.astype(np.float64))
    weights, _ = normalised(model)
    real, fake = (slope * by_hand.two_layers(weights, each) for each in (x, x_fake))
    batch = Batch(tf.constant(x))
    found = model.generator_loss(batch)
    assert found["adversarial"].numpy() == pytest.approx(-fake.mean(), rel=1e-4, abs=1e-5)
    hinge = np.maximum(0, 1 - real).mean() + np.maximum(0, 1 + fake).mean()
    found = model.discriminator_loss(batch)
    assert found["adversarial"].numpy() == pytest.approx(hinge, rel=1e-4)


def test_which_networks_learn(make_model, rows):
    assert routing.routes(make_model("sngan"), rows(8)) == {
        "discriminator": {"adversarial": {"generator", "discriminator"}},
        "generator": {"adversarial": {"generator", "discriminator"}},
    }


def test_a_move_of_the_discriminator_takes_one_step_of_the_iteration_and_others_none(
    make_model, rows
):
    model = make_model(
        "sngan", critic_steps=3, run_eagerly=True, optimizer=keras.optimizers.SGD(0.0)
    )
    for _ in range(2):
        before = [layer.u.numpy() for layer in spectral_layers(model)]
        expected = []
        for _ in range(3):  # As the kernels stay, the steps of the iteration are all that moves.
            _, expected = normalised(model)
            for layer, u in zip(spectral_layers(model), expected, strict=True):
                layer.u.assign(u)
        for layer, u in zip(spectral_layers(model), before, strict=True):
            layer.u.assign(u)
        model.train_on_batch(rows(24))
        for layer, u in zip(spectral_layers(model), expected, strict=True):
            np.testing.assert_allclose(layer.u, u, rtol=1e-4, atol=1e-6)


def test_steps_keep_the_discriminator_flat_where_its_kernels_grow(make_model, rows):
    """D's slope is at most the product of its layers' norms, 1, up to the iteration's error."""
    model = make_model("sngan", critic_steps=1, optimizer=keras.optimizers.Adam(0.05))
    for seed in range(40):
        model.train_on_batch(rows(16, seed=seed))
    kernels = [layer.layer.kernel.numpy() for layer in spectral_layers(model)]
    x = tf.constant(rows(200, seed=99))
    with tf.GradientTape() as tape:
        tape.watch(x)
        scores = model.discriminator(x)
    slope = np.linalg.norm(tape.gradient(scores, x), axis=1)
    assert np.prod([np.linalg.norm(kernel, 2) for kernel in kernels]) > 2
    assert 0.1 < slope.max() < 1.02


def test_the_given_discriminator_stays_as_it_is(small):
    given = small("discriminator")
    model = SNGAN(generator=small("generator"), discriminator=given)
    assert model.discriminator is not given and len(spectral_layers(model)) == 2
    again = SNGAN(generator=small("generator"), discriminator=model.discriminator)
    assert again.discriminator is model.discriminator
