"""LDMGAN's three losses against NumPy, eq. 10 at known codes, and the frozen encoder."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from by_hand import close, fake_loss, forward, real_loss, terms_of
from routing import all_routes

from keras_iidgan import methods
from keras_iidgan.methods.base import Batch


def eq_10(codes):
    """KL of the fitted Gaussian of every dimension from N(0, 1), summed."""
    mean, deviation = codes.mean(axis=0), codes.std(axis=0)
    return np.sum((deviation**2 + mean**2) / 2 - np.log(deviation) - 0.5)


DISTANCES = {
    "l1": lambda error: np.abs(error).mean(axis=1).mean(),
    "l2": lambda error: np.sqrt((error**2).mean(axis=1)).mean(),
    "l2_squared": lambda error: (error**2).mean(axis=1).mean(),
}


@pytest.mark.parametrize("norm", DISTANCES)
def test_values(make_model, rows, monkeypatch, norm):
    x, z = rows(12), rows(12, dimensions=2, seed=5)
    model = make_model(
        "ldmgan",
        norm=norm,
        reconstruction_weight=0.5,
        gaussian_weight=3.0,
        latent_matching_weight=0.2,
    )
    g, d, e = model.generator, model.discriminator, model.encoder
    x_fake, codes = forward(g, z), forward(e, x)
    rebuilt = forward(g, codes)
    real, fake, back = (forward(d, each) for each in (x, x_fake, rebuilt))
    assert terms_of(model, "discriminator", x, [z], monkeypatch) == {
        "adversarial": close(real_loss(real) + fake_loss(fake)),
        "adversarial_rebuilt": close(fake_loss(back)),
    }
    distance = close(0.5 * DISTANCES[norm](x - rebuilt))
    assert terms_of(model, "encoder", x, [], monkeypatch) == {
        "gaussian": close(3 * eq_10(codes)),
        "reconstruction": distance,
    }
    assert terms_of(model, "generator", x, [z], monkeypatch) == {
        "adversarial": close(real_loss(fake)),
        "adversarial_rebuilt": close(real_loss(back)),
        "reconstruction": distance,
        "latent_matching": close(0.2 * eq_10(forward(e, x_fake))),
    }


def test_the_encoder_is_frozen_where_codes_are_matched_and_never_in_the_game(make_model, rows):
    assert all_routes(make_model("ldmgan"), rows(8)) == {
        "discriminator": {
            "adversarial": {"discriminator"},
            "adversarial_rebuilt": {"discriminator"},
        },
        "encoder": {"gaussian": {"encoder"}, "reconstruction": {"encoder"}},
        "generator": {
            "adversarial": {"generator"},
            "adversarial_rebuilt": {"generator"},
            "reconstruction": {"generator"},
            "latent_matching": {"generator"},
        },
    }


def test_matching_codes_does_not_move_the_encoder(make_model, rows):
    encoders = []
    for weight in (0.0, 50.0):
        model = make_model("ldmgan", latent_matching_weight=weight, run_eagerly=True)
        model.train_on_batch(rows(8))
        encoders.append(model.encoder.get_weights())
    assert all((a == b).all() for a, b in zip(*encoders, strict=True))


CORNERS = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]] * 2, np.float64)


@pytest.mark.parametrize(
    ("codes", "value"),
    [
        (CORNERS, 0.0),  # Mean 0, variance 1.
        (np.add(CORNERS, [0.5, -1]), (0.5**2 + 1) / 2),
        (CORNERS * 3, 2 * (4.5 - np.log(3) - 0.5)),
        # A variance in place of the deviation, squared again, would have 40.5 here.
        (CORNERS * [1, 3], 4.5 - np.log(3) - 0.5),
    ],
)
def test_eq_10_at_known_codes(small, codes, value):
    identity = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, use_bias=False)])
    identity.set_weights([np.eye(2)])
    model = methods.get("ldmgan")(
        generator=small("generator", (2,)),
        discriminator=small("discriminator", (2,)),
        encoder=identity,
    )
    terms = model.encoder_loss(Batch(tf.constant(codes, tf.float32)))
    assert float(terms["gaussian"]) == pytest.approx(value, abs=1e-5)


def test_the_floor_is_what_standard_normal_codes_cost(make_model):
    model = make_model("ldmgan", gaussian_weight=2.0)
    generator = np.random.default_rng(1)
    cost = np.mean([eq_10(generator.normal(size=(32, 2))) for _ in range(2000)])
    assert model.floors(32) == {
        "encoder_gaussian": pytest.approx(2 * cost, rel=0.08),
        "generator_latent_matching": pytest.approx(cost, rel=0.08),
    }
    with pytest.raises(ValueError, match="batch_size must be at least 2; got 1"):
        model.floors(1)


def test_codes_of_a_collapsed_generator_have_a_finite_gradient(make_model, rows):
    model = make_model("ldmgan")
    model.generator.set_weights([np.zeros_like(w) for w in model.generator.get_weights()])
    weights = model.generator.trainable_variables
    with tf.GradientTape() as tape:
        value = model.generator_loss(Batch(tf.constant(rows(8))))["latent_matching"]
    assert np.isfinite(float(value))
    assert all(np.isfinite(g).all() for g in tape.gradient(value, weights))


def test_refusals(make_model):
    with pytest.raises(ValueError, match="norm must be one of l1, l2, l2_squared; got 'l3'"):
        make_model("ldmgan", norm="l3")
    for weight in ("reconstruction_weight", "gaussian_weight", "latent_matching_weight"):
        with pytest.raises(ValueError, match=f"{weight} must be a finite number of .*; got -1"):
            make_model("ldmgan", **{weight: -1})
