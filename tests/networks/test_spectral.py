"""Spectral normalisation against singular values, and the gradient of its printed form."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan import networks
from keras_iidgan.networks import _rebuilt, _spectral

LAYERS = {
    "dense": (lambda: keras.layers.Dense(4), (5,)),
    "conv": (lambda: keras.layers.Conv2D(4, 3, 2, "same"), (6, 6, 2)),
    "transposed": (lambda: keras.layers.Conv2DTranspose(4, 3, 2, "same"), (3, 3, 2)),
}


@pytest.fixture(params=LAYERS)
def made(request):
    """A normalised layer, a plain one, and inputs [8, ...]."""
    make, shape = LAYERS[request.param]
    keras.utils.set_random_seed(3)
    plain, layer = make(), _spectral.SpectralNormalization(make())
    x = np.random.default_rng(0).normal(size=(8, *shape)).astype(np.float32)
    plain(x), layer(x)
    layer.layer.bias.assign(np.arange(4) / 4)
    return layer, plain, x


def matrix(layer, kernel):
    """A kernel as a matrix of all inputs and pixels by outputs, float64."""
    kernel = np.asarray(kernel, np.float64)
    if isinstance(layer.layer, keras.layers.Conv2DTranspose):
        kernel = kernel.swapaxes(2, 3)
    return kernel.reshape(-1, 4)


def power_iteration(w, u):
    """One step by the paper's Algorithm 1: sigma and the next u."""
    v = w @ u / np.linalg.norm(w @ u)
    u = w.T @ v / np.linalg.norm(w.T @ v)
    return (v.T @ w @ u).item(), u


def test_a_call_is_that_of_the_plain_layer_with_the_normalised_kernel(made):
    layer, plain, x = made
    kernel, bias = layer.layer.get_weights()
    sigma, _ = power_iteration(matrix(layer, kernel), layer.u.numpy().astype(np.float64))
    plain.set_weights([kernel / sigma, bias])
    for training in (False, True):
        np.testing.assert_allclose(layer(x, training=training), plain(x), rtol=1e-4, atol=1e-5)
        np.testing.assert_array_equal(layer.layer.kernel, kernel)  # W itself stays.


def test_a_kernel_of_zero_stays_zero_and_leaves_the_iteration_alone(made):
    layer, plain, x = made
    before = layer.u.numpy()
    layer.layer.kernel.assign(tf.zeros_like(layer.layer.kernel))
    plain.set_weights(layer.layer.get_weights())
    np.testing.assert_array_equal(layer(x, training=True), plain(x))
    np.testing.assert_array_equal(layer.u, before)


def test_a_training_call_takes_one_step_of_the_power_iteration_and_others_none(made):
    layer, _, x = made
    before = layer.u.numpy()
    layer(x, training=False)
    layer(x)
    np.testing.assert_array_equal(layer.u, before)
    layer(x, training=True)
    _, expected = power_iteration(matrix(layer, layer.layer.kernel), before.astype(np.float64))
    np.testing.assert_allclose(layer.u, expected, rtol=1e-4, atol=1e-6)


def test_the_largest_singular_value_becomes_one(made):
    layer, _, x = made
    w = matrix(layer, layer.layer.kernel)
    for _ in range(100):
        layer(x, training=True)
    sigma, _ = power_iteration(w, layer.u.numpy().astype(np.float64))
    assert sigma == pytest.approx(np.linalg.svd(w, compute_uv=False)[0], rel=1e-4)


def gradient(layer, x, target):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((layer(x, training=True) - target) ** 2)
    return tape.gradient(loss, layer.layer.kernel.value).numpy()


def test_the_gradient_has_no_part_along_the_kernel(made):
    """<W, dL/dW> = 0: scaling W changes nothing, whether or not the iteration has converged."""
    layer, plain, x = made
    target = np.random.default_rng(1).normal(size=plain(x).shape).astype(np.float32)
    for calls in (0, 50):
        for _ in range(calls):
            layer(x, training=True)
        found, kernel = gradient(layer, x, target), layer.layer.kernel.numpy()
        length = np.linalg.norm(found) * np.linalg.norm(kernel)
        assert length > 1e-2 and abs(np.sum(found * kernel)) < 1e-5 * length


def test_the_gradient_is_the_papers(made):
    """Eq. 11: (G - <G, W / sigma> v u') / sigma, with G that of a plain layer's kernel."""
    layer, plain, x = made
    target = np.random.default_rng(1).normal(size=plain(x).shape).astype(np.float32)
    kernel, bias = layer.layer.get_weights()
    w, u = matrix(layer, kernel), layer.u.numpy().astype(np.float64)
    v = w @ u / np.linalg.norm(w @ u)
    sigma, u = power_iteration(w, u)
    plain.set_weights([kernel / sigma, bias])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((plain(x) - target) ** 2)
    g = matrix(layer, tape.gradient(loss, plain.kernel.value))
    expected = (g - np.sum(g * w) / sigma * v @ u.T) / sigma
    found = matrix(layer, gradient(layer, x, target))
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-6)


def test_it_is_saved_and_compiled(made, tmp_path):
    layer, _, x = made
    network = keras.Sequential([keras.Input(x.shape[1:]), layer])
    compiled = tf.function(lambda x: network(x, training=True), jit_compile=True)
    compiled(x), compiled(x)
    network.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    np.testing.assert_array_equal(loaded.layers[0].u, layer.u)
    np.testing.assert_array_equal(loaded(x), network(x))


def test_norms_are_in_float32_under_mixed_precision():
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).normal(size=(8, 5)).astype(np.float32)
    inner = keras.layers.Dense(4, dtype="mixed_float16", kernel_initializer="random_normal")
    layer = _spectral.SpectralNormalization(inner)
    assert layer(x).dtype == tf.float16
    inner.kernel.assign(1e-4 * inner.kernel)  # Its squares are beyond float16.
    for _ in range(50):
        layer(x, training=True)
    expected = x @ (inner.kernel.numpy() / np.linalg.norm(inner.kernel.numpy(), 2))
    np.testing.assert_allclose(layer(x), expected, rtol=1e-2, atol=1e-2)


def test_other_layers_are_refused():
    with pytest.raises(ValueError, match="one of Dense, Conv2D, Conv2DTranspose; got Flatten"):
        _spectral.SpectralNormalization(keras.layers.Flatten())


def build(architecture, num_classes):
    shape = {"mlp": (2,), "resnet": (16, 16, 1)}.get(architecture, (8, 8, 3))
    values = {"data_shape": shape, "latent_dim": 2, "num_classes": num_classes}
    return networks.build(architecture, "discriminator", **values)


@pytest.mark.parametrize(
    ("architecture", "num_classes"),
    [("mlp", 0), ("mlp", 3), ("conv8", 0), ("conv8", 3), ("dcgan", 0), ("resnet", 0)],
)
def test_every_kernel_of_any_architecture_is_normalised_and_keeps_its_values(
    architecture, num_classes
):
    plain = build(architecture, num_classes)
    found = networks.spectrally_normalized(plain)
    mine, theirs = (
        [x for x in _rebuilt.layers(network) if hasattr(x, "kernel")] for network in (found, plain)
    )
    assert len(mine) == len(theirs) > 3
    wrappers = [x for x in _rebuilt.layers(found) if isinstance(x, _spectral.SpectralNormalization)]
    assert len(wrappers) == len(mine)
    for one, other in zip(mine, theirs, strict=True):
        for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
            np.testing.assert_array_equal(a, b)
    assert not [x for x in _rebuilt.layers(found) if "Batch" in type(x).__name__]
    assert found.output_shape == plain.output_shape and found.name == plain.name
    assert networks.spectrally_normalized(found) is found


def test_a_network_without_batch_norm_is_the_same_one_and_others_keep_their_weights():
    plain = build("conv8", 0)
    assert networks.without_batch_norm(plain) is plain
    x = np.random.default_rng(0).normal(size=(4, 8, 8, 3)).astype(np.float32)
    with_norm = build("dcgan", 0)
    without = networks.without_batch_norm(with_norm)
    # At their start, and out of training, BatchNorm layers only divide by sqrt(1 + epsilon).
    np.testing.assert_allclose(without(x), with_norm(x), rtol=1e-2, atol=1e-4)
