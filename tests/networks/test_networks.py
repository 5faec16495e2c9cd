"""The shapes and sizes of the networks, and what they refuse."""

import keras
import numpy as np
import pytest

from keras_iidgan import networks

# IID-GAN, tables 6 to 8: Linear 100, 200, 100 and an output, on 2-D data and codes.
HIDDEN = (2 * 100 + 100) + (100 * 200 + 200) + (200 * 100 + 100)

# The smallest image that each architecture can make; an architecture that isn't named takes 8x8.
SMALLEST = {"dcgan_s": 28, "resnet": 16, "sig_s": 28, "sig_m": 28, "sig_l": 28}


def smallest(architecture, channels):
    side = SMALLEST.get(architecture, 8)
    return (side, side, channels)


def test_modules_with_an_underscore_are_no_architectures():
    known = networks.names()
    assert {"conv8", "dcgan", "mlp", "resnet", "sig_l", "sig_m", "sig_s"} <= set(known)
    assert not any(name.startswith("_") for name in known)


def dense_sizes(network):
    return [layer.units for layer in network.layers if isinstance(layer, keras.layers.Dense)]


@pytest.mark.parametrize(
    ("role", "outputs"),
    [("encoder", 2), ("generator", 2), ("discriminator", 1), ("latent_discriminator", 1)],
)
def test_the_papers_perceptrons(role, outputs):
    network = networks.build("mlp", role, data_shape=(2,), latent_dim=2)
    assert dense_sizes(network) == [100, 200, 100, outputs]
    assert network.count_params() == HIDDEN + 100 * outputs + outputs
    assert network.output_shape == (None, outputs)
    assert network.name == role
    *hidden, head = [layer.activation.__name__ for layer in network.layers[1:]]
    assert hidden == ["relu"] * 3 and head == "linear"


def test_the_start_of_a_perceptron_is_uniform_within_the_root_of_its_fan_in():
    keras.utils.set_random_seed(0)
    network = networks.build("mlp", "generator", data_shape=(2,), latent_dim=2)
    for kernel, bias in zip(network.weights[::2], network.weights[1::2], strict=True):
        limit = kernel.shape[0] ** -0.5
        assert 0.9 * limit < np.abs(kernel.numpy()).max() <= limit
        # Biases of 0 would let every unit of the first layer switch at the origin.
        assert np.abs(bias.numpy()).max() <= limit
        if bias.shape[0] >= 100:
            assert np.abs(bias.numpy()).max() > 0.8 * limit and bias.numpy().min() < 0


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("architecture", networks.names())
def test_networks_of_images(architecture, channels):
    shape = smallest(architecture, channels)
    built = {
        role: networks.build(architecture, role, data_shape=shape, latent_dim=5)
        for role in networks.ROLES
    }
    z, x = np.random.default_rng(0).normal(size=(4, 5)) * 9, np.zeros((4, *shape))
    images = np.asarray(built["generator"](z))
    assert images.shape == (4, *shape)
    assert np.abs(images).max() <= 1  # Pixels.
    assert built["discriminator"](x).shape == (4, 1)
    assert built["encoder"](x).shape == (4, 5)
    assert built["latent_discriminator"](z).shape == (4, 1)


def test_conv8_doubles_its_way_up_and_halves_its_way_down():
    generator, encoder = (
        networks.build("conv8", role, data_shape=(8, 8, 1), latent_dim=5)
        for role in ("generator", "encoder")
    )
    up = [layer.output.shape[1:] for layer in generator.layers]
    assert up == [(5,), (512,), (2, 2, 128), (4, 4, 64), (8, 8, 32), (8, 8, 1)]
    down = [layer.output.shape[1:] for layer in encoder.layers]
    assert [shape for shape in down if len(shape) == 3][::2] == [
        (8, 8, 1),
        (8, 8, 32),
        (4, 4, 64),
        (2, 2, 128),
    ]


@pytest.mark.parametrize("architecture", sorted(set(networks.names()) - {"dcgan"}))
def test_the_encoder_does_not_couple_the_rows_of_a_batch(architecture):
    """The Gaussian loss takes the codes of a batch to be independent; the paper's dcgan couples."""
    shape = smallest(architecture, 1)
    x = np.random.default_rng(0).normal(size=(6, *shape)).astype(np.float32)
    encoder = networks.build(architecture, "encoder", data_shape=shape, latent_dim=2)
    together = np.asarray(encoder(x, training=True))
    alone = np.asarray(encoder(x[:1], training=True))
    np.testing.assert_allclose(together[:1], alone, atol=1e-5)


@pytest.mark.parametrize(
    ("shape", "architecture"),
    [
        ((2,), "mlp"),
        ((8, 8, 1), "conv8"),
        ((8, 8, 3), "conv8"),
        ((28, 28, 1), "dcgan"),
        ((32, 32, 3), "dcgan"),
        ((64, 64, 3), "dcgan"),
        ((30, 30, 1), "mlp"),
        ((8, 16, 1), "mlp"),
        ((8, 8), "mlp"),
    ],
)
def test_auto_chooses_by_the_shape_of_the_data(shape, architecture):
    assert networks.default(shape) == architecture
    chosen, named = (
        networks.build(name, "discriminator", data_shape=shape, latent_dim=2)
        for name in ("auto", architecture)
    )
    assert chosen.count_params() == named.count_params()
    assert [type(a) for a in chosen.layers] == [type(b) for b in named.layers]


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("architecture", networks.names())
def test_outputs_are_float32_under_mixed_precision(policy, architecture):
    shape = (2,) if architecture == "mlp" else smallest(architecture, 1)
    keras.config.set_dtype_policy(policy)
    try:
        for role in networks.ROLES:
            network = networks.build(architecture, role, data_shape=shape, latent_dim=2)
            assert network.output.dtype == "float32", role
            assert network.layers[1].compute_dtype == policy.removeprefix("mixed_")
            outputs = np.asarray(network(np.ones((2, *network.input_shape[1:])), training=True))
            assert outputs.dtype == np.float32 and np.isfinite(outputs).all()
    finally:
        keras.config.set_dtype_policy("float32")


@pytest.mark.parametrize(
    ("architecture", "role", "shape", "message"),
    [
        ("mpl", "encoder", (2,), "architecture must be one of auto, .*mlp.*; got 'mpl'"),
        ("mlp", "critic", (2,), "role must be one of generator, .*; got 'critic'"),
        ("conv8", "encoder", (2,), r"architecture conv8 needs data of shape .*; got \(2,\)"),
        ("conv8", "generator", (16, 8, 1), r"conv8 needs .*; got \(16, 8, 1\)"),
    ],
)
def test_refusals(architecture, role, shape, message):
    with pytest.raises(ValueError, match=message):
        networks.build(architecture, role, data_shape=shape, latent_dim=2)


@pytest.mark.parametrize(
    ("architecture", "shape", "size"),
    [
        ("auto", (2,), 2),
        ("auto", (8, 8, 1), 32),
        ("dcgan", (32, 32, 3), 100),
        ("resnet", (64, 64, 3), 20),
        ("sig_l", (28, 28, 3), 256),
    ],
)
def test_the_latent_size_is_the_papers(architecture, shape, size):
    assert networks.latent_dim(architecture, shape) == size


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("generator", [5, 5, 5, 2]),
        ("encoder", [5, 5, 5, 4]),
        ("discriminator", [7, 1]),
        ("latent_discriminator", [7, 1]),
    ],
)
def test_an_mlp_takes_its_sizes_from_its_name(role, expected):
    network = networks.build("mlp:3x5/1x7", role, data_shape=(2,), latent_dim=4)
    assert [layer.units for layer in network.layers if hasattr(layer, "units")] == expected


@pytest.mark.parametrize(
    ("suffix", "function"), [("", "relu"), (",relu", "relu"), (",tanh", "tanh")]
)
def test_an_mlp_takes_its_activation_from_its_name_and_ends_without_one(suffix, function):
    network = networks.build(f"mlp:2x5/1x7{suffix}", "generator", data_shape=(2,), latent_dim=4)
    found = [layer.activation.__name__ for layer in network.layers if hasattr(layer, "activation")]
    assert found == [function, function, "linear"]


@pytest.mark.parametrize(
    "sizes", ["", "3", "3x5", "0x5/1x7", "3x5/1x0", "3x5/1x7/2", "ax5/1x7", "3x5/1x7,gelu"]
)
def test_sizes_that_are_none_are_refused(sizes):
    with pytest.raises(ValueError, match="architecture must be mlp:LAYERSxUNITS/LAYERSxUNITS"):
        networks.build(f"mlp:{sizes}", "generator", data_shape=(2,), latent_dim=4)


def test_an_architecture_of_fixed_sizes_takes_none():
    with pytest.raises(ValueError, match="architecture must be dcgan, which has no sizes; got"):
        networks.build("dcgan:3x5/1x7", "generator", data_shape=(32, 32, 3), latent_dim=4)
