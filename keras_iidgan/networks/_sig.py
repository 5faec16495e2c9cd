"""The networks of the paper on SIG for stacked 28x28 digits (MNIST-3), in three sizes."""

import keras

from keras_iidgan.networks import _images, mlp

SIDES = (28,)
LATENT_DIM = 256  # The paper's M.
SLOPE = 0.2


def build(architecture, scales, role, data_shape, latent_dim):
    """Build the network of `role` for 28x28 images, of 4x4 kernels and widths that scale.

        G: Dense 4*4*64, ConvT 64 K_g (7x7), 32 K_g (14x14), 8 K_g (14x14), channels (28x28), tanh
        D: Conv 8 K_d (13x13), 16 K_d (7x7), 32 K_d (7x7), Dense 1

    Args:
        architecture: the name to blame.
        scales: `(K_g, K_d)`: (1, 0.5), (1, 1) and (2, 1) for the paper's S, M and L.
        role: see `networks.ROLES`; the latent discriminator is the `mlp` one.
        data_shape: `(28, 28, channels)`; the paper has 3 channels.
        latent_dim: M; the paper has 256.

    Raises:
        ValueError: if the images are not 28x28.

    Reference:
        Yin and Zhou, Semi-implicit generative model, appendix C.

    Differences from the paper:
        Two misprints are mended. The three "transpose convolutions" of D are convolutions: they
        are printed narrow to wide, and transposed ones would grow the image. The last
        "convolution" of G, by strides of 2, is a transposed one: it has to end at 28x28.
        F isn't printed; it is D with M outputs. Activations aren't either: ReLU in G, tanh at its
        end, and LeakyReLU(0.2). No normalisation is printed, and there is none.
    """
    _images.side(architecture, data_shape, SIDES)
    if role == "latent_discriminator":
        return mlp.build(role, data_shape, latent_dim)
    generator_scale, discriminator_scale = scales
    if role == "generator":
        return _generator(data_shape[-1], latent_dim, generator_scale)
    outputs = latent_dim if role == "encoder" else 1
    return _downward(role, data_shape, outputs, discriminator_scale)


def _generator(channels, latent_dim, scale):
    layers = keras.layers
    z = keras.Input((latent_dim,), name="z")
    h = layers.Dense(4 * 4 * 64, "relu")(z)
    h = layers.Reshape((4, 4, 64))(h)
    for filters, strides, padding in ((64, 1, "valid"), (32, 2, "same"), (8, 1, "same")):
        filters = int(filters * scale)
        h = layers.Conv2DTranspose(filters, 4, strides, padding, activation="relu")(h)
    last = layers.Conv2DTranspose(channels, 4, 2, "same", activation="tanh", dtype="float32")
    return keras.Model(z, last(h), name="generator")


def _downward(role, data_shape, outputs, scale):
    layers = keras.layers
    x = keras.Input(data_shape, name="x")
    h = x
    for filters, strides, padding in ((8, 2, "valid"), (16, 2, "same"), (32, 1, "same")):
        h = layers.Conv2D(int(filters * scale), 4, strides, padding)(h)
        h = layers.LeakyReLU(SLOPE)(h)
    h = layers.Flatten()(h)
    return keras.Model(x, layers.Dense(outputs, dtype="float32")(h), name=role)
