"""The multilayer perceptrons of IID-GAN's synthetic experiments."""

import functools
import math
import re
import types

import keras

UNITS = (100, 200, 100)


def dense(inputs, units, activation=None, **options):
    """Apply a Dense layer whose kernel and bias are uniform on +-1/sqrt(fan_in).

    The paper names no initialiser. With biases of 0 every unit of the first layer would switch at
    the origin, and a map between planes would start without any detail elsewhere: on the grid of
    25 modes 16 or 17 were found then, and all 25 with these biases.
    """
    limit = 1 / math.sqrt(inputs.shape[-1])
    uniform = keras.initializers.RandomUniform
    layer = keras.layers.Dense(
        units,
        activation,
        kernel_initializer=uniform(-limit, limit),
        bias_initializer=uniform(-limit, limit),
        **options,
    )
    return layer(inputs)


def build(role, data_shape, latent_dim, units=UNITS, activation="relu"):
    """Build the network of `role`: Dense 100, 200, 100 with ReLU, then a linear layer.

    For images the input is flattened, and the generator ends in tanh and a reshape.

    Args:
        role: see `networks.ROLES`.
        data_shape: shape of one sample.
        latent_dim: M.
        units: of the layers before the linear one.
        activation: of these layers.

    Reference:
        IID-GAN, tables 6 to 8. Their captions are wrong: they show F, G and D in this order.
    """
    from_latent = role in ("generator", "latent_discriminator")
    inputs = keras.Input((latent_dim,) if from_latent else data_shape, name=_input_name(role))
    h = inputs if from_latent or len(data_shape) == 1 else keras.layers.Flatten()(inputs)
    for each in units:
        h = dense(h, each, activation)
    return keras.Model(inputs, _head(h, role, data_shape, latent_dim), name=role)


def sized(sizes):
    """Return this architecture with other sizes, as a namespace with a function `build`.

    Args:
        sizes: `LxU/LxU`: layers and units of the discriminators after the slash, of all other
            networks before it; `,tanh` behind them is another activation than ReLU. LDMGAN's
            networks for points are 2x64/1x64, the semi-implicit generator's 2x100/1x100, and the
            unrolled GAN's 2x128/2x128,tanh.

    Raises:
        ValueError: for other text, or a size below 1.
    """
    found = re.fullmatch(r"(\d+)x(\d+)/(\d+)x(\d+)(?:,(relu|tanh))?", sizes)
    numbers = [int(number) for number in found.groups()[:4]] if found else [0]
    if min(numbers) < 1:
        raise ValueError(
            f"architecture must be mlp:LAYERSxUNITS/LAYERSxUNITS, with ,tanh behind it or not; "
            f"got 'mlp:{sizes}'"
        )
    build_sized = functools.partial(_build_sized, numbers, found[5] or "relu")
    return types.SimpleNamespace(build=build_sized)


def _build_sized(numbers, activation, role, data_shape, latent_dim):
    layers, units = numbers[2:] if role.endswith("discriminator") else numbers[:2]
    return build(role, data_shape, latent_dim, (units,) * layers, activation)


def _input_name(role):
    return "z" if role in ("generator", "latent_discriminator") else "x"


def _head(h, role, data_shape, latent_dim):
    units = {"generator": math.prod(data_shape), "encoder": latent_dim}.get(role, 1)
    is_image = role == "generator" and len(data_shape) > 1
    h = dense(h, units, "tanh" if is_image else None, dtype="float32")
    return keras.layers.Reshape(data_shape, dtype="float32")(h) if is_image else h
