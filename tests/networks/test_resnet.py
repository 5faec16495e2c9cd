"""The residual networks of tables 12 to 14 of IID-GAN, at the printed size and at others."""

import keras
import numpy as np
import printed
import pytest

from keras_iidgan import IIDGAN, networks
from keras_iidgan.networks import resnet

ROLES = ("generator", "discriminator", "encoder")

# IID-GAN, tables 12 (G), 13 (F, as InvertGAN's table 3) and 14 (D): layer, output size, filters
# of its convolutions: 3x3, 3x3 and, where a third is printed, 1x1.
TABLES = {
    "generator": [
        ("Linear", 8192),
        ("ResnetBlock", 4, 256, 256, 256),
        ("Upsample", 8),
        ("ResnetBlock", 8, 128, 128, 128),
        ("Upsample", 16),
        ("ResnetBlock", 16, 64, 64, 64),
        ("Upsample", 32),
        ("ResnetBlock", 32, 64, 64),
        ("Conv2d", 32, 3),
    ],
    "encoder": [
        ("Conv2d", 32, 64),
        ("ResnetBlock", 32, 64, 64),
        ("AvgPool2d", 16),
        ("ResnetBlock", 16, 64, 128, 128),
        ("AvgPool2d", 8),
        ("ResnetBlock", 8, 128, 256, 256),
        ("AvgPool2d", 4),
        ("ResnetBlock", 4, 256, 512, 512),
        ("Linear", 20),
    ],
    "discriminator": [
        ("Conv2d", 32, 64),
        ("ResnetBlock", 32, 64, 64),
        ("AvgPool2d", 16),
        ("ResnetBlock", 16, 64, 128, 128),
        ("AvgPool2d", 8),
        ("ResnetBlock", 8, 128, 256, 256),
        ("Linear", 10),
        ("Linear", 1),
    ],
}


def build(role, shape, latent_dim=5):
    return networks.build("resnet", role, data_shape=shape, latent_dim=latent_dim)


def table_of(network):
    """A network's rows in the papers' form: a block ends at the sum with its shortcut."""
    found, convolutions = [], []
    for layer in network.layers[1:]:
        kind, shape = type(layer).__name__, layer.output.shape[1:]
        if kind == "Conv2D":
            convolutions.append((*layer.kernel_size, layer.filters))
            if layer.activation.__name__ == "tanh" or not found:
                found.append(("Conv2d", shape[0], convolutions.pop()[-1]))
        elif kind == "Add":
            # The layers of a model are sorted by depth: the 1x1 comes somewhere in the block.
            wide = [filters for *size, filters in convolutions if size == [3, 3]]
            narrow = [filters for *size, filters in convolutions if size == [1, 1]]
            found.append(("ResnetBlock", shape[0], *wide, *narrow))
            convolutions = []
        elif kind in ("UpSampling2D", "AveragePooling2D"):
            found.append(("Upsample" if kind == "UpSampling2D" else "AvgPool2d", shape[0]))
        elif kind == "Dense":
            found.append(("Linear", layer.units))
    return found


def parameters(table, inputs, channels):
    """Weights by the rows: 3x3 and dense with a bias, the 1x1 of a block's input without.

    `inputs` is the size of the input; `channels` those of the first map, as G's Linear makes it.
    """
    total = 0
    for kind, out, *filters in table:
        if kind == "Linear":
            total += inputs * out + out
            inputs = out
            continue
        before = channels
        for filters_3x3 in filters[:2]:
            total += 9 * channels * filters_3x3 + filters_3x3
            channels = filters_3x3
        total += sum(before * filters_1x1 for filters_1x1 in filters[2:])
        inputs = out * out * channels
    return total


@pytest.mark.parametrize("role", ROLES)
def test_the_printed_tables(role):
    network = build(role, (32, 32, 3), resnet.LATENT_DIM)
    assert table_of(network) == TABLES[role]
    inputs, channels = (20, 512) if role == "generator" else (32 * 32 * 3, 3)
    assert network.count_params() == parameters(TABLES[role], inputs, channels)
    assert network.name == role


# Side of the image: the sides and widths of each role's blocks, from its input to its output.
SIZES = {
    28: {
        "generator": [(7, 128), (14, 64), (28, 64)],
        "discriminator": [(28, 64), (14, 128)],
        "encoder": [(28, 64), (14, 128), (7, 256)],
    },
    48: {
        "generator": [(6, 256), (12, 128), (24, 64), (48, 64)],
        "discriminator": [(48, 64), (24, 128), (12, 256)],
        "encoder": [(48, 64), (24, 128), (12, 256), (6, 512)],
    },
    64: {
        "generator": [(4, 512), (8, 256), (16, 128), (32, 64), (64, 64)],
        "discriminator": [(64, 64), (32, 128), (16, 256), (8, 512)],
        "encoder": [(64, 64), (32, 128), (16, 256), (8, 512), (4, 512)],
    },
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("side", SIZES)
def test_other_sizes(side, channels, role):
    network = build(role, (side, side, channels))
    blocks = [row for row in table_of(network) if row[0] == "ResnetBlock"]
    assert [(row[1], row[3]) for row in blocks] == SIZES[side][role]
    inputs = np.random.default_rng(0).normal(size=(2, *network.input_shape[1:])) * 9
    outputs = np.asarray(network(inputs))
    assert outputs.shape == (2, *network.output_shape[1:])
    if role == "generator":
        assert network.output_shape == (None, side, side, channels)
        assert np.abs(outputs).max() <= 1  # Pixels.


@pytest.mark.parametrize("side", resnet.SIDES)
def test_every_size_that_is_offered_starts_from_4_to_7(side):
    generator = build("generator", (side, side, 1), latent_dim=1)
    assert generator.output_shape == (None, side, side, 1)
    (start,) = (x.target_shape[0] for x in generator.layers if isinstance(x, keras.layers.Reshape))
    assert 4 <= start <= 7


@pytest.mark.parametrize("shape", [(8, 8, 1), (30, 30, 3), (28, 32, 1), (144, 144, 3), (28, 28)])
def test_other_shapes_are_refused_with_those_that_can_be_made(shape):
    with pytest.raises(ValueError, match="architecture resnet needs data of shape") as caught:
        build("discriminator", shape)
    message = str(caught.value)
    assert "n = 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112 or 128; got" in message
    assert message.endswith(str(shape))


def leaky(x):
    return np.where(x > 0, x, 0.2 * x)


def test_a_block_adds_a_tenth_of_its_convolutions_to_its_shortcut():
    """Kernels with one tap, at their centre, make a block a function of each pixel alone."""
    x = keras.Input((4, 4, 2))
    block = keras.Model(x, resnet._block(x, 3))
    first, second, shortcut = sorted(
        (layer for layer in block.layers if layer.weights),
        key=lambda layer: (layer.kernel_size[0] == 1, layer.filters),
    )
    generator = np.random.default_rng(0)
    weights = []
    for layer, size in ((first, (2, 2)), (second, (2, 3)), (shortcut, (2, 3))):
        tap = generator.normal(size=size)
        kernel = np.zeros(layer.kernel.shape)
        kernel[kernel.shape[0] // 2, kernel.shape[1] // 2] = tap
        layer.kernel.assign(kernel)
        weights.append(tap)
    biases = [generator.normal(size=layer.filters) for layer in (first, second)]
    for layer, bias in zip((first, second), biases, strict=True):
        layer.bias.assign(bias)
    assert not shortcut.use_bias
    pixels = generator.normal(size=(3, 4, 4, 2))
    hidden = leaky(pixels) @ weights[0] + biases[0]
    expected = pixels @ weights[2] + 0.1 * (leaky(hidden) @ weights[1] + biases[1])
    np.testing.assert_allclose(np.asarray(block(pixels)), expected, rtol=1e-4, atol=1e-5)


def test_there_is_no_normalization():
    for role in ROLES:
        assert "BatchNormalization" not in printed.kinds(build(role, (16, 16, 1)))


def test_a_step_of_iidgan_has_finite_terms():
    keras.utils.set_random_seed(0)
    model = IIDGAN(data_shape=(16, 16, 1), latent_dim=2, architecture="resnet", ema=0.5)
    model.compile(run_eagerly=True)
    x = np.tanh(np.random.default_rng(0).normal(size=(8, 16, 16, 1))).astype(np.float32)
    logs = model.train_on_batch(x, return_dict=True)
    assert np.isfinite(list(logs.values())).all()
    assert model.sample(3).shape == (3, 16, 16, 1) and model.invert(x).shape == (8, 2)
