"""A small convolutional set for 8x8 images, of one or three channels."""

import keras

from keras_iidgan.networks import _images, mlp

SIDES = (8,)
WIDTH = {"generator": 32, "discriminator": 16, "encoder": 32}


def build(role, data_shape, latent_dim):
    """Build the network of `role` for 8x8 images.

    The generator is Dense 2*2*4w, then transposed convolutions to 4x4 (2w) and 8x8 (w), and a
    convolution with tanh; discriminator and encoder mirror it with strided convolutions and
    LeakyReLU(0.2). No normalisation: a batch statistic inside F would couple the codes that the
    Gaussian loss takes to be independent.

    Args:
        role: see `networks.ROLES`; the latent discriminator is the `mlp` one.
        data_shape: `(8, 8, channels)`.
        latent_dim: M.

    Raises:
        ValueError: if the images are not 8x8.
    """
    _images.side("conv8", data_shape, SIDES)
    if role == "latent_discriminator":
        return mlp.build(role, data_shape, latent_dim)
    if role == "generator":
        return _generator(data_shape[-1], latent_dim, WIDTH[role])
    outputs = latent_dim if role == "encoder" else 1
    return _downward(role, data_shape, outputs, WIDTH[role])


def _generator(channels, latent_dim, width):
    layers = keras.layers
    z = keras.Input((latent_dim,), name="z")
    h = layers.Dense(2 * 2 * 4 * width, "relu")(z)
    h = layers.Reshape((2, 2, 4 * width))(h)
    h = layers.Conv2DTranspose(2 * width, 4, 2, "same", activation="relu")(h)
    h = layers.Conv2DTranspose(width, 4, 2, "same", activation="relu")(h)
    x = layers.Conv2D(channels, 3, padding="same", activation="tanh", dtype="float32")(h)
    return keras.Model(z, x, name="generator")


def _downward(role, data_shape, outputs, width):
    layers = keras.layers
    x = keras.Input(data_shape, name="x")
    h = layers.Conv2D(width, 3, padding="same")(x)
    h = layers.LeakyReLU(0.2)(h)
    for filters in (2 * width, 4 * width):
        h = layers.Conv2D(filters, 4, 2, "same")(h)
        h = layers.LeakyReLU(0.2)(h)
    h = layers.Flatten()(h)
    return keras.Model(x, layers.Dense(outputs, dtype="float32")(h), name=role)
