"""The convolutional networks of IID-GAN for CIFAR, at any of the common sizes."""

import keras

from keras_iidgan.networks import _images, mlp

# Multiples of 4, of 8 and of 16: what two, three and four halvings bring to 8x8 or less.
SIDES = (*range(8, 33, 4), *range(40, 65, 8), *range(80, 129, 16))
LATENT_DIM = 100  # The paper's M.
WIDTH = 64
SLOPE = 0.3


def build(role, data_shape, latent_dim):
    """Build the network of `role` for square images.

    All kernels are 5x5, and BatchNorm follows the activation. With k halvings between the image and
    G's first map, s = n / 2^k, and w = 64 * 2^k:

        G: Dense s*s*w, ConvT w/2, then up to 64 by strides of 2, and ConvT channels with tanh
        D: Conv 64, 128 and so on to w, all by strides of 2, LeakyReLU(0.3); Dense 1
        F: Conv 3, 64 and so on by strides of 2, Conv w/2; Dense M

    k is 2 as printed up to 32x32, so that 28x28 starts from 7x7. Larger images are halved further,
    until s is at most 8, at twice the width for each halving: 64x64 starts from 8x8x512. From
    16x16 the kernels would see half as large a part of the image, and only the Dense layers, twice
    as wide, would hold its parts together.

    BatchNorm needs care in three places:

    * In F it couples the codes of a batch, which the Gaussian loss takes to be independent. The
      paper's table has it; `conv8`, `resnet` and `sig_*` have none.
    * Every pass with `training=True` updates the moving statistics: in G those of G(z) and of
      G(F(x)), and in both turns. D's are updated by real and by generated batches, apart.
    * Statistics are those of the global batch, whatever the number of replicas.

    Args:
        role: see `networks.ROLES`; the latent discriminator is the `mlp` one.
        data_shape: `(n, n, channels)`, n one of `SIDES`.
        latent_dim: M; the paper has 100.

    Raises:
        ValueError: if the images are not square, or of another size.

    Reference:
        IID-GAN, tables 9 (F), 10 (G) and 11 (D). What they leave out (kernels, order, biases,
        slope) is taken from the networks of BuresGAN, which the paper follows and the tables match.

    Differences from the paper:
        No BatchNorm after G's tanh, where the cell is garbled ("EXes 1"). F's first convolution
        has ReLU as printed, and its 3 filters whatever the channels of the image. Other sizes than
        32x32 are not printed.
    """
    side = _images.side("dcgan", data_shape, SIDES)
    if role == "latent_discriminator":
        return mlp.build(role, data_shape, latent_dim)
    count = _images.halvings(side, most=8, at_least=2)
    if role == "generator":
        return _generator(side >> count, count, data_shape[-1], latent_dim)
    if role == "encoder":
        return _encoder(data_shape, count, latent_dim)
    return _discriminator(data_shape, count)


def _normalize(h):
    # Synchronized, N replicas act as one device; with one replica nothing changes.
    return keras.layers.BatchNormalization(synchronized=True)(h)


def _generator(start, count, channels, latent_dim):
    layers, width = keras.layers, WIDTH << count
    z = keras.Input((latent_dim,), name="z")
    h = layers.Dense(start * start * width, "relu")(z)
    h = layers.Reshape((start, start, width))(_normalize(h))
    for i in range(count):
        width //= 2
        strides = 2 if i else 1
        h = _up(width, strides, activation="relu")(h)
        h = _normalize(h)
    x = _up(channels, 2, activation="tanh", dtype="float32")(h)
    return keras.Model(z, x, name="generator")


def _up(filters, strides, **options):
    return keras.layers.Conv2DTranspose(filters, 5, strides, "same", use_bias=False, **options)


def _discriminator(data_shape, count):
    layers = keras.layers
    x = keras.Input(data_shape, name="x")
    h = layers.Conv2D(WIDTH, 5, 2, "same")(x)
    h = layers.LeakyReLU(SLOPE)(h)
    for i in range(1, count + 1):
        h = layers.Conv2D(WIDTH << i, 5, 2, "same")(h)
        h = layers.LeakyReLU(SLOPE)(h)
        h = _normalize(h)
    h = layers.Flatten()(h)
    return keras.Model(x, layers.Dense(1, dtype="float32")(h), name="discriminator")


def _encoder(data_shape, count, latent_dim):
    layers = keras.layers
    x = keras.Input(data_shape, name="x")
    h = _down(x, 3, strides=2)
    for i in range(count - 1):
        h = _down(h, WIDTH << i, strides=2)
    h = _down(h, WIDTH << (count - 1), strides=1)
    h = layers.Flatten()(h)
    return keras.Model(x, layers.Dense(latent_dim, dtype="float32")(h), name="encoder")


def _down(h, filters, strides):
    convolve = keras.layers.Conv2D(filters, 5, strides, "same", activation="relu", use_bias=False)
    return _normalize(convolve(h))
