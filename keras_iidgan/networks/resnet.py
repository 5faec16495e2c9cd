"""The residual networks of IID-GAN and InvertGAN for STL-10, at any of the common sizes."""

import keras

from keras_iidgan.networks import _images, mlp

# 4x4 to 7x7, doubled two to five times: n = s * 2^k.
SIDES = (*range(16, 29, 4), *range(32, 57, 8), *range(64, 113, 16), 128)
LATENT_DIM = 20  # The paper's M.
WIDTH, MAX_WIDTH = 64, 512
SLOPE = 0.2
SCALE = 0.1


def build(role, data_shape, latent_dim):
    """Build the network of `role` for square images.

    With k doublings, n = s * 2^k and s from 4 to 7. `Block w` is a residual block of w filters:

        G: Dense to s x s; Block and doubling, k times; Block 64; Conv channels with tanh
        F: Conv 64; Block 64; 3x3 mean by strides of 2 and Block, k times; Dense M
        D: as F with one mean and Block less; Dense 10, Dense 1

    Widths double with every halving, from 64 to at most 512. At 32x32 (k = 3) that is the paper's
    tables; 64x64 has one block more at the narrow end, and 28x28, from 7x7, one less. There is no
    normalisation, so F's codes stay independent of each other.

    Args:
        role: see `networks.ROLES`; the latent discriminator is the `mlp` one.
        data_shape: `(n, n, channels)`, n one of `SIDES`.
        latent_dim: M; the paper has 20.

    Raises:
        ValueError: if the images are not square, or of another size.

    Reference:
        IID-GAN, tables 12 (G), 13 (F) and 14 (D); InvertGAN, tables 3 (F) and 4 (G). Their layers
        are those of the networks of Mescheder et al., Which Training Methods for GANs do actually
        Converge?, 2018, whose blocks are taken over: x + 0.1 conv(act(conv(act(x)))) with
        LeakyReLU(0.2), a 1x1 convolution without bias on x where the width changes, LeakyReLU
        before the last layer of each network, and a width of at most 512.

    Differences from the paper:
        The text resizes STL-10 to 64x64, but the tables make 32x32; other sizes are not printed.
        The kernel of G's last convolution isn't printed: 3x3. LeakyReLU between D's Dense 10
        and Dense 1, which without it would be one layer. Means at the border leave out the padding.
    """
    side = _images.side("resnet", data_shape, SIDES)
    if role == "latent_discriminator":
        return mlp.build(role, data_shape, latent_dim)
    count = _images.halvings(side, most=7)
    if role == "generator":
        return _generator(side >> count, count, data_shape[-1], latent_dim)
    outputs = (latent_dim,) if role == "encoder" else (10, 1)
    return _downward(role, data_shape, count if role == "encoder" else count - 1, outputs)


def _width(halvings):
    return min(WIDTH << halvings, MAX_WIDTH)


def _activate(h):
    return keras.layers.LeakyReLU(SLOPE)(h)


def _convolve(h, filters):
    return keras.layers.Conv2D(filters, 3, padding="same")(_activate(h))


def _block(h, filters):
    """Apply a residual block of `filters`; the narrower of its two widths is its hidden one."""
    layers, width = keras.layers, h.shape[-1]
    shortcut = h if width == filters else layers.Conv2D(filters, 1, use_bias=False)(h)
    h = _convolve(_convolve(h, min(width, filters)), filters)
    return layers.Add()([shortcut, layers.Rescaling(SCALE)(h)])


def _generator(start, count, channels, latent_dim):
    layers, width = keras.layers, _width(count)
    z = keras.Input((latent_dim,), name="z")
    h = layers.Dense(start * start * width)(z)
    h = layers.Reshape((start, start, width))(h)
    for i in reversed(range(count)):
        h = layers.UpSampling2D()(_block(h, _width(i)))
    h = _activate(_block(h, WIDTH))
    x = layers.Conv2D(channels, 3, padding="same", activation="tanh", dtype="float32")(h)
    return keras.Model(z, x, name="generator")


def _downward(role, data_shape, count, outputs):
    layers = keras.layers
    x = keras.Input(data_shape, name="x")
    h = layers.Conv2D(WIDTH, 3, padding="same")(x)
    h = _block(h, WIDTH)
    for i in range(1, count + 1):
        h = layers.AveragePooling2D(3, 2, "same")(h)
        h = _block(h, _width(i))
    h = layers.Flatten()(h)
    for units in outputs[:-1]:
        h = layers.Dense(units)(_activate(h))
    h = layers.Dense(outputs[-1], dtype="float32")(_activate(h))
    return keras.Model(x, h, name=role)
