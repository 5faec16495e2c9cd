"""Gaussian encoders, discriminators of pairs, and features, of any architecture."""

import keras
import numpy as np
import pytest

from keras_iidgan import networks
from keras_iidgan.networks import _forms

LATENT = 5
# The smallest image that each architecture can make; an architecture that isn't named takes 8x8.
SMALLEST = {"dcgan_s": 28, "resnet": 16, "sig_s": 28, "sig_m": 28, "sig_l": 28}
CASES = [(name, (SMALLEST.get(name, 8),) * 2 + (1,)) for name in networks.names()]
every_architecture = pytest.mark.parametrize(("architecture", "shape"), [("mlp", (2,)), *CASES])


def build(architecture, form, shape):
    role = _forms.FORMS[form]
    return networks.build(architecture, role, data_shape=shape, latent_dim=LATENT, form=form)


def draw(shape, rows=4, seed=0):
    return np.random.default_rng(seed).normal(size=(rows, *shape)).astype(np.float32)


@every_architecture
def test_an_encoder_gives_a_mean_and_a_log_variance(architecture, shape):
    network = build(architecture, "gaussian", shape)
    mean, log_variance = (np.asarray(part) for part in network(draw(shape)))
    assert mean.shape == log_variance.shape == (4, LATENT)
    assert np.abs(mean - log_variance).min() > 0
    plain = networks.build(architecture, "encoder", data_shape=shape, latent_dim=2 * LATENT)
    assert network.count_params() == plain.count_params()
    assert network.name == "encoder"


@every_architecture
def test_a_discriminator_of_pairs_sees_both(architecture, shape):
    network = build(architecture, "joint", shape)
    x, z = draw(shape), draw((LATENT,))
    logits = np.asarray(network([x, z]))
    assert logits.shape == (4, 1) and network.name == "discriminator"
    assert np.abs(logits - network([draw(shape, seed=1), z])).min() > 0
    assert np.abs(logits - network([x, draw((LATENT,), seed=1)])).min() > 0
    assert logits[0] != logits[1]


def test_points_and_codes_are_side_by_side_from_the_first_layer():
    network = build("mlp", "joint", (2,))
    plain = networks.build("mlp", "discriminator", data_shape=(2 + LATENT,), latent_dim=1)
    assert network.count_params() == plain.count_params()
    plain.set_weights(network.get_weights())
    x, z = draw((2,)), draw((LATENT,))
    np.testing.assert_allclose(network([x, z]), plain(np.hstack([x, z])), rtol=1e-5)


def test_images_and_codes_meet_before_two_dense_layers():
    network = build("conv8", "joint", (8, 8, 1))
    plain = networks.build("conv8", "discriminator", data_shape=(8, 8, 1), latent_dim=1)
    seen = networks.featured(plain)(draw((8, 8, 1)))[0].shape[-1]
    weights = [w.shape for w in network.weights[-4:]]
    assert weights == [(seen + LATENT, _forms.WIDTH), (_forms.WIDTH,), (_forms.WIDTH, 1), (1,)]


@every_architecture
@pytest.mark.parametrize("form", _forms.FORMS)
def test_outputs_are_float32_under_mixed_precision(architecture, shape, form):
    keras.config.set_dtype_policy("mixed_float16")
    try:
        network = build(architecture, form, shape)
        outputs = network([draw(shape), draw((LATENT,))] if form == "joint" else draw(shape))
        for part in outputs if form == "gaussian" else [outputs]:
            assert part.dtype == "float32" and np.isfinite(part).all()
    finally:
        keras.config.set_dtype_policy("float32")


def test_refusals():
    with pytest.raises(ValueError, match="form must be one of gaussian, joint; got 'pair'"):
        networks.build("mlp", "encoder", data_shape=(2,), latent_dim=2, form="pair")
