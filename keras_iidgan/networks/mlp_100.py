"""The multilayer perceptrons of the semi-implicit generator's experiments on points."""

from keras_iidgan.networks import mlp

UNITS = 100


def build(role, data_shape, latent_dim):
    """Build the network of `role`: two layers of 100 with ReLU, of a discriminator one.

    Args:
        role: see `networks.ROLES`.
        data_shape: shape of one sample.
        latent_dim: M.

    Reference:
        Semi-implicit generator (Yin and Zhou), section 5.2.
    """
    layers = 1 if role.endswith("discriminator") else 2
    return mlp.build(role, data_shape, latent_dim, units=(UNITS,) * layers)
