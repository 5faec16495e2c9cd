"""The networks of the paper on SIG for MNIST-3, in three sizes."""

import keras
import numpy as np
import printed
import pytest

from keras_iidgan import IIDGAN, networks
from keras_iidgan.networks import _sig

# Semi-implicit generative model, appendix C: the pairs (K_g, K_d), then number of outputs of the
# rows of G and D; the sizes follow from strides and padding.
SCALES = {"sig_s": (1, 0.5), "sig_m": (1, 1), "sig_l": (2, 1)}
LEAKY = "leaky 0.2"


def tables(architecture, outputs):
    g, d = SCALES[architecture]
    return {
        "generator": [
            ("Dense", (4 * 4 * 64,), "relu", False),
            ("Conv2DTranspose", (7, 7, 64 * g), "relu", False),  # Stride 1, VALID.
            ("Conv2DTranspose", (14, 14, 32 * g), "relu", False),  # Stride 2, SAME.
            ("Conv2DTranspose", (14, 14, 8 * g), "relu", False),  # Stride 1, SAME.
            ("Conv2DTranspose", (28, 28, 3), "tanh", False),  # Stride 2, SAME; "Convolution".
        ],
        "discriminator": [
            ("Conv2D", (13, 13, 8 * d), LEAKY, False),  # Stride 2, VALID; "Transpose".
            ("Conv2D", (7, 7, 16 * d), LEAKY, False),  # Stride 2, SAME; "Transpose".
            ("Conv2D", (7, 7, 32 * d), LEAKY, False),  # Stride 1, SAME; "Transpose".
            ("Dense", (outputs,), "linear", False),
        ],
    }


def build(architecture, role, shape=(28, 28, 3), latent_dim=_sig.LATENT_DIM):
    return networks.build(architecture, role, data_shape=shape, latent_dim=latent_dim)


@pytest.mark.parametrize("architecture", SCALES)
@pytest.mark.parametrize("role", ["generator", "discriminator", "encoder"])
def test_the_printed_tables(architecture, role):
    network = build(architecture, role)
    outputs = 256 if role == "encoder" else 1
    mirrored = "discriminator" if role == "encoder" else role  # F isn't printed.
    table = tables(architecture, outputs)[mirrored]
    assert printed.rows(network) == table
    inputs, channels = (256, 64) if role == "generator" else (28 * 28 * 3, 3)
    expected = printed.parameters(table, inputs, channels, kernel=4, bias=True)
    assert network.count_params() == expected
    assert network.name == role


@pytest.mark.parametrize("architecture", SCALES)
def test_kernels_strides_and_padding(architecture):
    found = {
        role: [
            (layer.kernel_size, layer.strides, layer.padding)
            for layer in build(architecture, role).layers
            if hasattr(layer, "kernel_size")
        ]
        for role in ("generator", "discriminator")
    }
    four, one, two = (4, 4), (1, 1), (2, 2)
    assert found == {
        "generator": [
            (four, one, "valid"),
            (four, two, "same"),
            (four, one, "same"),
            (four, two, "same"),
        ],
        "discriminator": [(four, two, "valid"), (four, two, "same"), (four, one, "same")],
    }


@pytest.mark.parametrize("architecture", SCALES)
@pytest.mark.parametrize("shape", [(32, 32, 3), (28, 32, 3), (28, 28), (8, 8, 1)])
def test_other_shapes_are_refused_with_the_one_that_can_be_made(architecture, shape):
    with pytest.raises(ValueError, match=rf"architecture {architecture} needs .* n = 28; got \("):
        build(architecture, "generator", shape)


@pytest.mark.parametrize("architecture", SCALES)
def test_a_step_of_iidgan_has_finite_terms(architecture):
    keras.utils.set_random_seed(0)
    model = IIDGAN(data_shape=(28, 28, 3), latent_dim=2, architecture=architecture)
    model.compile(run_eagerly=True)
    x = np.tanh(np.random.default_rng(0).normal(size=(8, 28, 28, 3))).astype(np.float32)
    logs = model.train_on_batch(x, return_dict=True)
    assert np.isfinite(list(logs.values())).all()
    samples = model.sample(3)
    assert samples.shape == (3, 28, 28, 3) and np.abs(samples).max() <= 1
