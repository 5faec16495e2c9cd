"""Where a formula alone would fail: singular, extreme or coarse input, and compiled graphs."""

import functools

import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan.losses.divergences import p_norm, w2
from keras_iidgan.losses.gaussian import GAUSSIAN
from keras_iidgan.losses.moments import moments

LOSSES = GAUSSIAN | {
    "p_norm_1": functools.partial(p_norm, p=1),
    "p_norm_8": functools.partial(p_norm, p=8.0),
    "w2_root": functools.partial(w2, root=True),
}


def loss_and_gradient(name, z):
    with tf.GradientTape() as tape:
        tape.watch(z)
        value = LOSSES[name](*moments(z))
    return value, tape.gradient(value, z)


def loss_of_codes(name, z):
    value, gradient = loss_and_gradient(name, tf.constant(z, tf.float32))
    return value.numpy(), gradient.numpy()


@pytest.mark.parametrize("name", ["p_norm", "p_norm_8"])
def test_small_deviations_are_not_lost(name):
    mean, cov = np.full(3, 1e-4, "float32"), np.eye(3, dtype="float32")
    count = 3 ** (1 / (2 if name == "p_norm" else 8))
    assert LOSSES[name](mean, cov).numpy() == pytest.approx(1e-4 * count, rel=0.02)


def test_terms_do_not_cancel_near_the_minimum():
    excess = np.linspace(-1e-3, 1e-3, 20)
    mean, cov = np.zeros(20, "float32"), np.diag(1 + excess).astype("float32")
    mean[0] = 1e-4
    # To second order; third-order terms cancel between the two signs of the excess.
    expected = {"w2": 1e-8 + (excess**2).sum() / 4, "kl_pq": 5e-9 + (excess**2).sum() / 4}
    expected["kl_qp"] = expected["kl_pq"]
    for name, value in expected.items():
        assert LOSSES[name](mean, cov).numpy() == pytest.approx(value, rel=0.01), name


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("case", ["fewer codes than dimensions", "dead", "copied", "collapsed"])
def test_singular_covariances_give_finite_losses_and_gradients(name, case):
    z = 100 * np.random.default_rng(0).normal(size=(20, 4))
    if case == "fewer codes than dimensions":
        z = z[:3]
    elif case == "dead":
        z[:, 2] = 0.7
    elif case == "copied":
        z[:, 2] = z[:, 0]
    else:
        z[:] = 0.7
    value, gradient = loss_of_codes(name, z)
    assert np.isfinite(value) and value > 0.1
    assert np.isfinite(gradient).all()
    assert np.abs(gradient).max() > 1e-6


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("scale", [1, 100])
@pytest.mark.parametrize(("batch_size", "latent_dim", "rank"), [(64, 300, 300), (300, 100, 1)])
@pytest.mark.filterwarnings("ignore:p_norm with p=1")
def test_many_dimensions_of_low_rank(name, scale, batch_size, latent_dim, rank):
    # Rounding alone gives these covariances negative eigenvalues in float32.
    generator = np.random.default_rng(0)
    mix = np.ones((1, latent_dim)) if rank == 1 else np.eye(latent_dim)
    z = generator.normal(size=(batch_size, rank)) @ mix
    value, gradient = loss_of_codes(name, scale * z)
    assert np.isfinite(value) and value > 0.1
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("name", ["w2", "w2_1d", "p_norm", "kl_pq", "kl_qp"])
def test_a_dying_dimension_is_driven_apart_and_a_wide_one_together(name):
    z = np.random.default_rng(1).normal(size=(200, 3))
    z = (z - z.mean(axis=0)) * [1e-2, 1.0, 3.0]
    _, gradient = loss_of_codes(name, z)
    outward = (gradient * z).sum(axis=0)
    assert outward[0] < 0 < outward[2]


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_codes_that_are_not_finite_give_nan_and_no_exception(name, bad):
    z = np.random.default_rng(0).normal(size=(20, 4))
    z[3, 1] = bad
    assert np.isnan(loss_of_codes(name, z)[0])


@pytest.mark.parametrize("dtype", [tf.float16, tf.bfloat16])
@pytest.mark.parametrize("name", LOSSES)
def test_half_precision_codes_lose_nothing_but_their_own_digits(name, dtype):
    z = tf.cast(np.random.default_rng(0).normal(size=(64, 3)) * 1.5 + 0.5, dtype)
    value, gradient = loss_and_gradient(name, z)
    expected, expected_gradient = loss_of_codes(name, tf.cast(z, tf.float32))
    assert (value.dtype, gradient.dtype) == (tf.float32, dtype)
    assert value.numpy() == pytest.approx(expected, rel=1e-6)
    scale = np.abs(expected_gradient).max()
    gradient = tf.cast(gradient, tf.float32).numpy()
    np.testing.assert_allclose(gradient, expected_gradient, atol=0.01 * scale)


@pytest.mark.parametrize("name", LOSSES)
def test_xla_gives_equal_values_and_gradients(name):
    z = tf.constant(np.random.default_rng(2).normal(size=(30, 5)) * 1.3, tf.float32)
    compiled = tf.function(functools.partial(loss_and_gradient, name), jit_compile=True)
    value, gradient = compiled(z)
    expected, expected_gradient = loss_and_gradient(name, z)
    assert value.numpy() == pytest.approx(expected.numpy(), rel=1e-4)
    scale = np.abs(expected_gradient).max()
    np.testing.assert_allclose(gradient, expected_gradient, atol=1e-4 * scale)
