"""WGAN-GP against its formula in NumPy, and the mistakes that re-implementations make."""

import by_hand
import keras
import numpy as np
import pytest
import routing
import tensorflow as tf

from keras_iidgan import methods
from keras_iidgan.methods.base import Batch


def slopes(weights, x):
    """The norms of the slopes of a critic of two dense layers at x [B, d]."""
    w1, b1, w2, _ = weights
    hidden = np.tanh(x @ w1 + b1)
    return np.linalg.norm((1 - hidden**2) * w2[:, 0] @ w1.T, axis=1)


@pytest.fixture
def drawn(monkeypatch):
    """What the losses drew, in order: [(kind, array)]."""
    kept = []
    for kind in ("draw_normal", "draw_uniform"):
        draw = getattr(methods.get("wgan_gp"), kind)

        def keep(self, batch, shape, draw=draw, kind=kind):
            values = draw(self, batch, shape)
            kept.append((kind, values.numpy().astype(np.float64)))
            return values

        monkeypatch.setattr(methods.get("wgan_gp"), kind, keep)
    return kept


def formula(model, x, z, share):
    """The critic's two terms by the paper's Algorithm 1, lines 4 to 7."""
    critic = by_hand.weights_of(model.discriminator)
    x_fake = by_hand.two_layers(by_hand.weights_of(model.generator), z)
    between = share * x + (1 - share) * x_fake
    scores = [by_hand.two_layers(critic, rows).mean() for rows in (x_fake, x)]
    return scores[0] - scores[1], 10 * np.mean((slopes(critic, between) - 1) ** 2)


def test_the_critics_terms_are_the_formula(make_model, rows, drawn):
    model, x = make_model("wgan_gp"), rows(8)
    terms = model.discriminator_loss(Batch(tf.constant(x)))
    (_, z), (kind, share) = drawn
    assert kind == "draw_uniform" and share.shape == (8, 1) and len(np.unique(share)) == 8
    adversarial, penalty = formula(model, x, z, share)
    assert terms["adversarial"].numpy() == pytest.approx(adversarial, rel=1e-4)
    assert terms["penalty"].numpy() == pytest.approx(penalty, rel=1e-4)


def test_the_generators_loss_is_the_negative_mean_score(make_model, rows, drawn):
    model = make_model("wgan_gp")
    terms = model.generator_loss(Batch(tf.constant(rows(8))))
    ((_, z),) = drawn
    x_fake = by_hand.two_layers(by_hand.weights_of(model.generator), z)
    scores = by_hand.two_layers(by_hand.weights_of(model.discriminator), x_fake)
    assert set(terms) == {"adversarial"}
    assert terms["adversarial"].numpy() == pytest.approx(-scores.mean(), rel=1e-4)


def test_the_penaltys_gradient_is_that_of_the_formula(make_model, rows, drawn):
    """By central differences of the formula, in float64."""
    model, x = make_model("wgan_gp"), rows(8)
    kernel = model.discriminator.trainable_variables[0]
    with tf.GradientTape() as tape:
        penalty = model.discriminator_loss(Batch(tf.constant(x)))["penalty"]
    found = tape.gradient(penalty, kernel.value).numpy()
    x_fake = by_hand.two_layers(by_hand.weights_of(model.generator), drawn[0][1])
    between = drawn[1][1] * x + (1 - drawn[1][1]) * x_fake
    for place in ((0, 0), (1, 3), (2, 7)):
        values = []
        for h in (1e-5, -1e-5):
            weights = by_hand.weights_of(model.discriminator)
            weights[0][place] += h
            values.append(10 * np.mean((slopes(weights, between) - 1) ** 2))
        assert found[place] == pytest.approx((values[0] - values[1]) / 2e-5, rel=1e-3, abs=1e-4)


def test_which_networks_learn(make_model, rows):
    found = routing.routes(make_model("wgan_gp"), rows(8))
    assert found["discriminator"]["penalty"] >= {"discriminator"}
    assert found["generator"] == {"adversarial": {"generator", "discriminator"}}
    unpenalised = make_model("wgan_gp", penalty_weight=0.0)
    assert set(routing.routes(unpenalised, rows(8))["discriminator"]) == {"adversarial"}


def test_five_moves_of_the_critic_to_one_of_the_generator(make_model, rows):
    model = make_model("wgan_gp", run_eagerly=True)
    assert model.batches_per_step == 5
    model.train_on_batch(rows(40))
    updates = {player: int(o.iterations.numpy()) for player, o in model.optimizers.items()}
    assert updates == {"discriminator": 5, "generator": 1}


def test_a_critic_that_mixes_rows_is_refused_and_an_architectures_batch_norm_left_out(small):
    x = keras.Input((3,))
    mixing = keras.layers.Dense(1)(keras.layers.BatchNormalization(name="mixing")(x))
    with pytest.raises(
        ValueError, match=r"discriminator must have no BatchN.*; got layer 'mixing'"
    ):
        methods.get("wgan_gp")(generator=small("generator"), discriminator=keras.Model(x, mixing))
    values = {"data_shape": (8, 8, 1), "latent_dim": 2, "architecture": "dcgan"}
    model = methods.create("wgan_gp", **values)
    generator, critic = (
        {type(layer).__name__ for layer in network.layers}
        for network in (model.generator, model.discriminator)
    )
    assert "BatchNormalization" in generator and "BatchNormalization" not in critic


def test_the_critic_is_in_float32_under_mixed_precision():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = methods.create("wgan_gp", data_shape=(3,), latent_dim=2)
    finally:
        keras.config.set_dtype_policy("float32")
    assert {layer.compute_dtype for layer in model.discriminator.layers} == {"float32"}
    assert "float16" in {layer.compute_dtype for layer in model.generator.layers}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"critic_steps": 0}, "critic_steps must be a whole number of at least 1; got 0"),
        ({"critic_steps": 2.5}, "critic_steps must be a whole number of at least 1; got 2.5"),
        ({"penalty_weight": -1}, "penalty_weight must be a finite number of at least 0; got -1"),
    ],
)
def test_bad_values_are_refused(make_model, values, message):
    with pytest.raises(ValueError, match=message):
        make_model("wgan_gp", **values)
