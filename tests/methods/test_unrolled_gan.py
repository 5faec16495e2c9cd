"""The unrolled GAN against a second implementation in NumPy and its numerical derivative."""

import by_hand
import keras
import numpy as np
import pytest
import routing
import tensorflow as tf

from keras_iidgan import UnrolledGAN
from keras_iidgan.methods.base import Batch

RATE, BETAS, EPSILON = 0.02, (0.5, 0.9), 1e-7
BATCH = 8


def game(weights, x, x_fake):
    """V, and its gradient by the weights of a discriminator of two layers, in float64."""
    w1, _, w2, _ = weights
    value, gradient = 0.0, [np.zeros_like(w) for w in weights]
    for rows, sign in ((x, 1), (x_fake, -1)):
        hidden = np.tanh(rows @ w1 + weights[1])
        logits = sign * (hidden @ w2 + weights[3])
        value += np.logaddexp(0, -logits).mean()
        on_logits = -sign / (1 + np.exp(logits)) / len(rows)
        on_hidden = on_logits @ w2.T * (1 - hidden**2)
        parts = (rows.T @ on_hidden, on_hidden.sum(0), hidden.T @ on_logits, on_logits.sum(0))
        gradient = [g + part for g, part in zip(gradient, parts, strict=True)]
    return value, gradient


def unrolled(weights, moments, updates, x, x_fake, steps):
    """The discriminator after `steps` updates of Adam (Kingma and Ba, the form of section 2)."""
    first, second = ([m.copy() for m in each] for each in moments)
    weights = [w.copy() for w in weights]
    for t in range(updates + 1, updates + steps + 1):
        _, gradient = game(weights, x, x_fake)
        rate = RATE * np.sqrt(1 - BETAS[1] ** t) / (1 - BETAS[0] ** t)
        for i, g in enumerate(gradient):
            first[i] = BETAS[0] * first[i] + (1 - BETAS[0]) * g
            second[i] = BETAS[1] * second[i] + (1 - BETAS[1]) * g**2
            weights[i] = weights[i] - rate * first[i] / (np.sqrt(second[i]) + EPSILON)
    return weights


@pytest.fixture
def prepared(make_model, rows, monkeypatch):
    """A maker of models whose optimizers have moved, with the codes of the next losses."""

    def make(**values):
        optimizer = keras.optimizers.Adam(RATE, *BETAS, epsilon=EPSILON)
        model = make_model("unrolled_gan", optimizer=optimizer, run_eagerly=True, **values)
        steps, model.unroll_steps = model.unroll_steps, 0
        for seed in range(3):
            model.train_on_batch(rows(BATCH, seed=seed))
        model.unroll_steps = steps
        z = np.random.default_rng(5).normal(size=(BATCH, 2))
        codes = tf.constant(z, tf.float32)
        monkeypatch.setattr(type(model), "draw_latents", lambda self, batch: codes)
        return model, 2 * rows(BATCH, seed=9) + 1, z

    return make


def formula(model, x, z, generator, seen=None):
    """G's loss by the paper's eq. 8 to 10; `seen` are the samples that D learns from."""
    optimizer = model.optimizers["discriminator"]
    moments = [
        [v.numpy().astype(np.float64) for v in slots]
        for slots in (optimizer._momentums, optimizer._velocities)
    ]
    x_fake = by_hand.two_layers(generator, z)
    seen = x_fake if seen is None else seen
    start, updates = by_hand.weights_of(model.discriminator), int(optimizer.iterations.numpy())
    weights = unrolled(start, moments, updates, x, seen, model.unroll_steps)
    if model.adversarial == "saturating":
        return -game(weights, x, x_fake)[0]
    return np.logaddexp(0, -by_hand.two_layers(weights, x_fake)).mean()


def gradient_of(model, x):
    variables = model.generator.trainable_variables
    with tf.GradientTape() as tape:
        loss = model.generator_loss(Batch(tf.constant(x)))["adversarial"]
    return loss.numpy(), [g.numpy() for g in tape.gradient(loss, [v.value for v in variables])]


def central_differences(function, weights, h=1e-5):
    """The derivative of `function(weights)` by each number in them."""
    found = [np.zeros_like(w) for w in weights]
    for w, derivative in zip(weights, found, strict=True):
        for place in np.ndindex(*w.shape):
            kept = w[place]
            w[place] = kept + h
            above = function(weights)
            w[place] = kept - h
            derivative[place] = (above - function(weights)) / (2 * h)
            w[place] = kept
    return found


@pytest.mark.parametrize("adversarial", ["saturating", "non_saturating"])
@pytest.mark.parametrize("steps", [1, 4])
def test_loss_and_gradient_are_the_formulas_and_its_numerical_derivative(
    prepared, adversarial, steps
):
    model, x, z = prepared(adversarial=adversarial, unroll_steps=steps)
    generator = by_hand.weights_of(model.generator)
    loss, found = gradient_of(model, x)
    assert loss == pytest.approx(formula(model, x, z, generator), rel=1e-4)
    expected = central_differences(lambda w: formula(model, x, z, w), generator)
    for mine, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-4 * np.abs(theirs).max())


@pytest.mark.parametrize("adversarial", ["saturating", "non_saturating"])
def test_the_first_order_gradient_is_another_one_with_the_same_loss(prepared, adversarial):
    model, x, z = prepared(adversarial=adversarial, unroll_steps=4)
    loss, whole = gradient_of(model, x)
    model.first_order = True
    same, found = gradient_of(model, x)
    assert same == pytest.approx(loss, rel=1e-6)
    generator = by_hand.weights_of(model.generator)
    seen = by_hand.two_layers(generator, z)  # D learns from these, however G moves.
    expected = central_differences(lambda w: formula(model, x, z, w, seen), generator)
    for mine, theirs, second in zip(found, expected, whole, strict=True):
        scale = np.abs(theirs).max()
        np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-4 * scale)
        assert np.abs(mine - second).max() > 0.02 * scale


def test_imagining_touches_nothing_of_the_discriminator(prepared):
    model, x, _ = prepared(unroll_steps=3)
    before = {key: v.numpy() for key, v in model.state().items()}
    gradient_of(model, x)
    for key, v in model.state().items():
        np.testing.assert_array_equal(v, before[key], err_msg=key)


@pytest.mark.parametrize("adversarial", ["saturating", "non_saturating"])
def test_no_steps_are_a_gan_bit_for_bit(make_model, rows, adversarial):
    values = {"adversarial": adversarial, "run_eagerly": True}
    gan, model = make_model("gan", **values), make_model("unrolled_gan", unroll_steps=0, **values)
    for seed in range(3):
        gan.train_on_batch(rows(8, seed=seed)), model.train_on_batch(rows(8, seed=seed))
    theirs = gan.state()
    for key, mine in model.state().items():
        np.testing.assert_array_equal(mine, theirs[key], err_msg=key)


def test_a_discriminator_with_dead_units_gives_finite_gradients(small, rows):
    x = keras.Input((3,))
    hidden = keras.layers.Dense(8, "relu", bias_initializer=keras.initializers.Constant(-99))(x)
    dead = keras.Model(x, keras.layers.Dense(1)(hidden))
    model = UnrolledGAN(generator=small("generator"), discriminator=dead)
    model.compile(keras.optimizers.Adam(0.01), jit_compile=False)
    _, gradients = gradient_of(model, rows(8))
    assert all(np.isfinite(g).all() for g in gradients)


def test_xla_gives_the_same_steps(make_model, rows):
    """Under a schedule and instance noise, in the loop of several steps a call."""
    models, x = [], rows(16)
    for jit, steps in ((False, 1), (True, 2)):
        schedule = keras.optimizers.schedules.CosineDecay(0.01, 6)
        optimizer = keras.optimizers.Adam(schedule, beta_1=0.5)
        values = {"optimizer": optimizer, "unroll_steps": 1, "instance_noise": 0.1}
        eager = None if jit else True
        model = make_model("unrolled_gan", jit=jit, steps=steps, run_eagerly=eager, **values)
        dataset = tf.data.Dataset.from_tensor_slices(x).batch(8, drop_remainder=True)
        model.fit(dataset, shuffle=False, verbose=0)
        models.append(model)
    theirs = models[1].state()
    for key, mine in models[0].state().items():
        np.testing.assert_allclose(mine, theirs[key], rtol=1e-3, atol=2e-5, err_msg=key)


def test_which_networks_learn(make_model, rows):
    model = make_model("unrolled_gan", unroll_steps=2)
    assert routing.routes(model, rows(8))["generator"]["adversarial"] >= {"generator"}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"unroll_steps": -1}, "unroll_steps must be a whole number of at least 0; got -1"),
        ({"first_order": 1}, "first_order must be true or false; got 1"),
    ],
)
def test_bad_values_are_refused(make_model, values, message):
    with pytest.raises(ValueError, match=message):
        make_model("unrolled_gan", **values)


def test_an_optimizer_whose_updates_cannot_be_imagined_is_refused(make_model):
    with pytest.raises(ValueError, match="of the discriminator must be a plain Adam; got SGD"):
        make_model("unrolled_gan", optimizer=keras.optimizers.SGD(0.1))
