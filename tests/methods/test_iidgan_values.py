"""The values of IID-GAN's terms against NumPy, on networks small enough to run by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan import losses, methods
from keras_iidgan.methods.base import Batch


def forward(network, x):
    """A network of `small`, in NumPy and float64."""
    w1, b1, w2, b2 = (np.asarray(w, np.float64) for w in network.get_weights())
    return np.tanh(x @ w1 + b1) @ w2 + b2


def softplus(t):
    return np.log1p(np.exp(t))


def moments(codes):
    centred = codes - codes.mean(axis=0)
    return codes.mean(axis=0), centred.T @ centred / len(codes)


GAUSSIAN = {
    "p_norm": lambda mu, s: np.linalg.norm(mu) + np.linalg.norm(s - np.eye(len(s))),
    "w2": lambda mu, s: mu @ mu + np.sum((np.sqrt(np.linalg.eigvalsh(s)) - 1) ** 2),
    "w2_1d": lambda mu, s: mu @ mu + np.sum((np.sqrt(np.diag(s)) - 1) ** 2),
    "kl_qp": lambda mu, s: 0.5 * (mu @ mu + np.trace(s) - len(s) - np.log(np.linalg.det(s))),
    "kl_pq": lambda mu, s: (
        0.5
        * (
            np.log(np.linalg.det(s))
            - len(s)
            + np.trace(np.linalg.inv(s))
            + mu @ np.linalg.inv(s) @ mu
        )
    ),
}


@pytest.fixture
def terms(monkeypatch, rows):
    """The model's terms on known data and codes, with what NumPy needs to say the same."""
    x, z = rows(12), rows(12, dimensions=2, seed=5)

    def compute(model, player="generator"):
        monkeypatch.setattr(type(model), "draw_latents", lambda self, batch: tf.constant(z))
        turn = next(t for t in model.turns if t.player == player)
        return {k: float(v) for k, v in model.loss_of(turn, Batch(tf.constant(x))).items()}, x, z

    return compute


def close(value):
    return pytest.approx(value, rel=2e-4, abs=1e-6)


@pytest.mark.parametrize("gaussian", GAUSSIAN)
def test_iidgan_with_weights(make_model, terms, gaussian):
    model = make_model("iidgan", gaussian=gaussian, cycle_weight=0.5, gaussian_weight=0.1)
    found, x, z = terms(model)
    g, d, f = model.generator, model.discriminator, model.encoder
    x_fake, z_real = forward(g, z), forward(f, x)
    assert found == {
        "adversarial": close(softplus(-forward(d, x_fake)).mean()),
        "z_cycle": close(0.5 * np.abs(z - forward(f, x_fake)).mean()),
        "x_cycle": close(0.5 * 3 / 2 * np.abs(x - forward(g, z_real)).mean()),  # lambda = d / M
        "gaussian": close(0.1 * GAUSSIAN[gaussian](*moments(z_real))),
    }


def test_the_defaults_are_weights_of_3_and_the_p_norm(make_model, terms):
    given = make_model(
        "iidgan", gaussian="p_norm", p=2.0, cycle_weight=3.0, gaussian_weight=3.0, x_weight=1.5
    )
    assert terms(make_model("iidgan"))[0] == close(terms(given)[0])


def test_invertgan_sums_euclidean_norms_and_the_root_of_w2_unweighted(make_model, terms):
    model = make_model("invertgan")
    found, x, z = terms(model)
    g, d, f = model.generator, model.discriminator, model.encoder
    x_fake, z_real = forward(g, z), forward(f, x)
    assert found == {
        "adversarial": close(softplus(-forward(d, x_fake)).mean()),
        "z_cycle": close(np.linalg.norm(z - forward(f, x_fake), axis=1).mean()),
        "x_cycle": close(np.linalg.norm(x - forward(g, z_real), axis=1).mean()),
        "gaussian": close(np.sqrt(GAUSSIAN["w2"](*moments(z_real)))),
    }


def test_discriminators(make_model, terms):
    model = make_model("iidgan", gaussian="z_discriminator", gaussian_weight=0.1)
    found, x, z = terms(model, "discriminator")
    g, d, f, d_z = (getattr(model, role) for role in model.roles)
    real, fake = forward(d, x), forward(d, forward(g, z))
    assert found == {"adversarial": close(softplus(-real).mean() + softplus(fake).mean())}
    found, x, z = terms(model, "latent_discriminator")
    real, fake = forward(d_z, z), forward(d_z, forward(f, x))
    assert found == {"adversarial": close(softplus(-real).mean() + softplus(fake).mean())}
    found, x, z = terms(model)
    assert found["gaussian"] == close(0.1 * softplus(-forward(d_z, forward(f, x))).mean())


def test_the_saturating_game(make_model, terms):
    model = make_model("gan", adversarial="saturating")
    found, _, z = terms(model)
    logits = forward(model.discriminator, forward(model.generator, z))
    assert found == {"adversarial": close(-softplus(logits).mean())}


@pytest.mark.parametrize("gaussian", losses.gaussian.GAUSSIAN)
def test_the_gaussian_loss_sees_codes_of_real_data_not_of_generated_ones(
    make_model, rows, gaussian
):
    model = make_model("iidgan", gaussian=gaussian)
    turn, x = model.turns[-1], tf.constant(rows(12))
    batch = Batch(x)
    first = model.loss_of(turn, batch)
    second = model.loss_of(turn, batch)  # Draws other codes.
    assert float(first["z_cycle"]) != float(second["z_cycle"])
    assert float(first["gaussian"]) == float(second["gaussian"])
    assert float(model.loss_of(turn, Batch(x + 1))["gaussian"]) != float(first["gaussian"])


@pytest.mark.parametrize("gaussian", losses.gaussian.GAUSSIAN)
def test_moments_are_not_pooled_over_dimensions(small, make_model, gaussian):
    """Codes around (0.9, -0.9): the pooled mean is 0 and the pooled deviation 1, yet far off."""
    spread = np.sqrt(1 - 0.9**2)
    corners = [[1, 1], [1, -1], [-1, 1], [-1, -1]] * 2
    codes = np.array(corners) * spread + [0.9, -0.9]
    assert abs(codes.mean()) < 1e-9 and codes.std() == pytest.approx(1)
    identity = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, use_bias=False)])
    identity.set_weights([np.eye(2)])
    model = methods.get("iidgan")(
        gaussian=gaussian,
        gaussian_weight=1.0,
        generator=small("generator", (2,)),
        discriminator=small("discriminator", (2,)),
        encoder=identity,
    )
    model.compile(run_eagerly=True)
    batch = Batch(tf.constant(codes, tf.float32))
    mean, covariance = moments(codes)
    value = float(model.loss_of(model.turns[-1], batch)["gaussian"])
    assert value == close(GAUSSIAN[gaussian](mean, covariance))
    assert value > 0.8


@pytest.mark.parametrize(("name", "root"), [("iidgan", False), ("invertgan", True)])
def test_the_floor_is_what_standard_normal_codes_cost(make_model, name, root):
    model = make_model(name, gaussian="w2", w2_root=root, gaussian_weight=2.0)
    generator, costs = np.random.default_rng(1), []
    for _ in range(400):
        cost = GAUSSIAN["w2"](*moments(generator.normal(size=(32, 2))))
        costs.append(np.sqrt(cost) if root else cost)
    floors = model.floors(32)
    assert floors == {"generator_gaussian": pytest.approx(2 * np.mean(costs), rel=0.12)}


def test_there_is_no_floor_where_there_is_no_gaussian_loss(make_model):
    assert make_model("iidgan", gaussian="none").floors(32) == {}
    assert make_model("iidgan", gaussian_weight=0.0).floors(32) == {}
    assert make_model("gan").floors(32) == {}
