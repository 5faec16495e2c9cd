"""MDGAN's four turns by their formulas in NumPy, and who learns in them."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from routing import all_routes
from test_iidgan_values import close, forward, softplus

from keras_iidgan import methods, networks
from keras_iidgan.methods.base import Batch


@pytest.fixture
def terms(monkeypatch, rows):
    x, z = rows(12), rows(12, dimensions=2, seed=5)

    def compute(model):
        monkeypatch.setattr(type(model), "draw_latents", lambda self, batch: tf.constant(z))
        batch = Batch(tf.constant(x))
        found = {turn.player: model.loss_of(turn, batch) for turn in model.turns}
        plain = {p: {k: float(v) for k, v in each.items()} for p, each in found.items()}
        return plain, x.astype(np.float64), z

    return compute


def test_the_terms_are_those_of_the_formulas(make_model, terms):
    model = make_model("mdgan", adversarial_weight=0.2, reconstruction_weight=3.0)
    found, x, z = terms(model)
    g, d1, e, d2 = (getattr(model, role) for role in model.roles)
    rebuilt, x_fake = forward(g, forward(e, x)), forward(g, z)
    assert list(found) == ["discriminator", "manifold", "diffusion_discriminator", "generator"]
    real, fake = forward(d1, x), forward(d1, rebuilt)
    assert found["discriminator"] == {
        "adversarial": close(softplus(-real).mean() + softplus(fake).mean())
    }
    assert found["manifold"] == {
        "adversarial": close(0.2 * softplus(-fake).mean()),
        "reconstruction": close(3 * ((x - rebuilt) ** 2).sum(axis=1).mean()),
    }
    real, fake = forward(d2, rebuilt), forward(d2, x_fake)
    assert found["diffusion_discriminator"] == {
        "adversarial": close(softplus(-real).mean() + softplus(fake).mean())
    }
    assert found["generator"] == {"adversarial": close(softplus(-fake).mean())}


def test_the_second_discriminator_never_sees_real_data(make_model, rows):
    """With a decoder that gives one sample, D2 sees the same on both sides: 2 log 2 at best."""
    model = make_model("mdgan")
    model.generator.layers[-1].set_weights([np.zeros((8, 3)), np.zeros(3)])
    turn = model.turns[2]
    for seed in (0, 1):
        batch = Batch(tf.constant(rows(8, seed=seed)))
        value = float(model.loss_of(turn, batch)["adversarial"])
        logit = forward(model.diffusion_discriminator, np.zeros((1, 3)))
        assert value == close(float((softplus(-logit) + softplus(logit)).mean()))


@pytest.mark.parametrize("instance_noise", [0.0, 0.1])
def test_who_learns_from_which_term(make_model, rows, instance_noise):
    both = {"generator", "encoder"}
    model = make_model("mdgan", instance_noise=instance_noise)
    assert all_routes(model, rows(8)) == {
        "discriminator": {"adversarial": {"discriminator"}},
        "manifold": {"adversarial": both, "reconstruction": both},
        "diffusion_discriminator": {"adversarial": {"diffusion_discriminator"}},
        "generator": {"adversarial": {"generator"}},
    }


@pytest.mark.parametrize("shape", [(2,), (8, 8, 1)])
def test_the_second_discriminator_is_built_as_the_first(shape):
    model = methods.create("mdgan", data_shape=shape, latent_dim=2)
    one, other = model.discriminator, model.diffusion_discriminator
    assert (one.name, other.name) == ("discriminator", "diffusion_discriminator")
    assert [w.shape for w in one.weights] == [w.shape for w in other.weights]
    assert not {id(w) for w in one.weights} & {id(w) for w in other.weights}


def test_an_unknown_role_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"role must be one of .*diffusion_discriminator; got 'x'"):
        networks.build("mlp", "x", data_shape=(2,), latent_dim=2)


def test_a_second_discriminator_of_ones_own_goes_in(small):
    given = {
        role: small(role)
        for role in ("generator", "discriminator", "encoder", "diffusion_discriminator")
    }
    model = methods.get("mdgan")(**given)
    assert all(getattr(model, role) is network for role, network in given.items())
    wrong = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    with pytest.raises(ValueError, match=r"diffusion_discriminator must give \(1,\) a row"):
        methods.get("mdgan")(**(given | {"diffusion_discriminator": wrong}))
