"""A DCGAN in small, for 28x28 and 32x32 images on a few cores."""

import keras

from keras_iidgan.networks import _images, mlp

SIDES = (28, 32)
WIDTH = 16
SLOPE = 0.2


def build(role, data_shape, latent_dim):
    """Build the network of `role` for small images, of 4x4 kernels and strides of 2.

        G: Dense s*s*32, ConvT 16, ConvT channels with tanh; BatchNorm and ReLU before each ConvT
        D: Conv 16, Conv 32 with LeakyReLU(0.2), Dense 1
        F: as D, with M outputs

    s is a quarter of the image's side: 7 or 8. There is no BatchNorm in D, which would see a batch
    of real samples apart from one of generated ones, nor in F, where it would couple the codes of
    a batch, which the Gaussian loss takes to be independent.

    Args:
        role: see `networks.ROLES`; the latent discriminator is the `mlp` one.
        data_shape: `(n, n, channels)`, n one of `SIDES`.
        latent_dim: M.

    Raises:
        ValueError: if the images are not square, or of another size.

    Reference:
        Ours, after Radford et al., Unsupervised Representation Learning with DCGANs, 2016.
    """
    side = _images.side("dcgan_s", data_shape, SIDES)
    if role == "latent_discriminator":
        return mlp.build(role, data_shape, latent_dim)
    if role == "generator":
        return _generator(side // 4, data_shape[-1], latent_dim)
    return _downward(role, data_shape, latent_dim if role == "encoder" else 1)


def _generator(start, channels, latent_dim):
    layers = keras.layers
    z = keras.Input((latent_dim,), name="z")
    h = layers.Dense(start * start * 2 * WIDTH, use_bias=False)(z)
    h = _normalize(layers.Reshape((start, start, 2 * WIDTH))(h))
    h = _normalize(layers.Conv2DTranspose(WIDTH, 4, 2, "same", use_bias=False)(h))
    last = layers.Conv2DTranspose(channels, 4, 2, "same", activation="tanh", dtype="float32")
    return keras.Model(z, last(h), name="generator")


def _normalize(h):
    # Synchronized, N replicas act as one device; with one replica nothing changes.
    return keras.layers.ReLU()(keras.layers.BatchNormalization(synchronized=True)(h))


def _downward(role, data_shape, outputs):
    layers = keras.layers
    x = h = keras.Input(data_shape, name="x")
    for filters in (WIDTH, 2 * WIDTH):
        h = layers.LeakyReLU(SLOPE)(layers.Conv2D(filters, 4, 2, "same")(h))
    h = layers.Flatten()(h)
    return keras.Model(x, layers.Dense(outputs, dtype="float32")(h), name=role)
