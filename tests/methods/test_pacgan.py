"""PacGAN: which samples make a pack, and what is counted in packs."""

import by_hand
import keras
import numpy as np
import pytest
import routing
import tensorflow as tf

from keras_iidgan import PacGAN, methods
from keras_iidgan.methods import pacgan
from keras_iidgan.methods.base import Batch


@pytest.fixture
def make(small):
    def model(pack, **values):
        keras.utils.set_random_seed(0)  # As `make_model` has it.
        made = PacGAN(
            generator=small("generator"),
            discriminator=small("discriminator", (3 * pack,)),
            pack=pack,
            **values,
        )
        made.compile(keras.optimizers.Adam(0.01, beta_1=0.5), jit_compile=False, run_eagerly=True)
        return made

    return model


@pytest.mark.parametrize("shape", [(2,), (4, 5, 3)])
@pytest.mark.parametrize("pack", [1, 2, 3])
def test_neighbours_lie_side_by_side_along_the_last_axis(shape, pack):
    x = np.random.default_rng(0).normal(size=(6, *shape)).astype(np.float32)
    expected = [np.concatenate(x[i : i + pack], axis=-1) for i in range(0, 6, pack)]
    np.testing.assert_array_equal(pacgan.packed(tf.constant(x), pack), expected)


def test_losses_are_means_over_packs(make, rows, monkeypatch):
    model, x = make(2), rows(8)
    z = np.random.default_rng(5).normal(size=(8, 2))
    codes = tf.constant(z, tf.float32)
    monkeypatch.setattr(type(model), "draw_latents", lambda self, batch: codes)
    x_fake = by_hand.two_layers(by_hand.weights_of(model.generator), z)
    weights = by_hand.weights_of(model.discriminator)
    pairs = [[np.r_[r[i], r[i + 1]] for i in range(0, 8, 2)] for r in (x, x_fake)]
    real, fake = (by_hand.two_layers(weights, np.array(each)) for each in pairs)
    assert real.shape == fake.shape == (4, 1)
    batch = Batch(tf.constant(x))
    expected = np.logaddexp(0, -real).mean() + np.logaddexp(0, fake).mean()
    found = model.discriminator_loss(batch)["adversarial"].numpy()
    assert found == pytest.approx(expected, rel=1e-5)
    found = model.generator_loss(batch)["adversarial"].numpy()
    assert found == pytest.approx(np.logaddexp(0, -fake).mean(), rel=1e-5)


def test_packs_of_one_are_a_gan_bit_for_bit(make, make_model, rows):
    gan = make_model("gan", instance_noise=0.1, run_eagerly=True)
    model = make(1, instance_noise=0.1)
    for seed in range(3):
        gan.train_on_batch(rows(8, seed=seed)), model.train_on_batch(rows(8, seed=seed))
    theirs = gan.state()
    for key, mine in model.state().items():
        np.testing.assert_array_equal(mine, theirs[key], err_msg=key)


def test_which_networks_learn(make, rows):
    both = {"adversarial": {"generator", "discriminator"}}
    found = routing.routes(make(2), rows(8))
    assert found == {"discriminator": both, "generator": both}


@pytest.mark.parametrize("shape", [(2,), (8, 8, 3)])
def test_only_the_first_layer_of_the_discriminator_grows(shape):
    models = [
        methods.create("pacgan", data_shape=shape, latent_dim=2, pack=pack) for pack in (1, 3)
    ]
    one, three = ([w.shape for w in m.discriminator.weights] for m in models)
    assert models[1].discriminator.input_shape[1:] == (*shape[:-1], 3 * shape[-1])
    assert one[1:] == three[1:] and three[0][-2] == 3 * one[0][-2]
    assert [w.shape for w in models[0].generator.weights] == [
        w.shape for w in models[1].generator.weights
    ]


def test_a_given_discriminator_must_take_packs(small):
    networks = {role: small(role) for role in ("generator", "discriminator")}
    message = r"discriminator must take packs of shape \(6,\); got \(3,\)"
    with pytest.raises(ValueError, match=message):
        PacGAN(**networks)
    with pytest.raises(ValueError, match="pack must be a whole number of at least 1; got 0"):
        PacGAN(**networks, pack=0)


def test_a_pack_is_not_offered_as_the_score_of_a_sample(make):
    assert make(1).can_score and not make(2).can_score
