"""The multilayer perceptrons of IID-GAN's synthetic experiments."""

import math

import keras

UNITS = (100, 200, 100)


def fan_in_uniform():
    """Uniform on +-1/sqrt(fan_in): the paper names no initialiser, and this one is common."""
    return keras.initializers.VarianceScaling(scale=1 / 3, mode="fan_in", distribution="uniform")


def build(role, data_shape, latent_dim):
    """Build the network of `role`: Dense 100, 200, 100 with ReLU, then a linear layer.

    For images the input is flattened, and the generator ends in tanh and a reshape.

    Args:
        role: see `networks.ROLES`.
        data_shape: shape of one sample.
        latent_dim: M.

    Reference:
        IID-GAN, tables 6 to 8. Their captions are wrong: they show F, G and D in this order.
    """
    from_latent = role in ("generator", "latent_discriminator")
    inputs = keras.Input((latent_dim,) if from_latent else data_shape, name=_input_name(role))
    h = inputs if from_latent or len(data_shape) == 1 else keras.layers.Flatten()(inputs)
    for units in UNITS:
        h = keras.layers.Dense(units, "relu", kernel_initializer=fan_in_uniform())(h)
    return keras.Model(inputs, _head(h, role, data_shape, latent_dim), name=role)


def _input_name(role):
    return "z" if role in ("generator", "latent_discriminator") else "x"


def _head(h, role, data_shape, latent_dim):
    units = {"generator": math.prod(data_shape), "encoder": latent_dim}.get(role, 1)
    is_image = role == "generator" and len(data_shape) > 1
    h = keras.layers.Dense(
        units,
        "tanh" if is_image else None,
        kernel_initializer=fan_in_uniform(),
        dtype="float32",
    )(h)
    return keras.layers.Reshape(data_shape, dtype="float32")(h) if is_image else h
