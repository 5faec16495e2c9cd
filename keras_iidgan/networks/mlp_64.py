"""The multilayer perceptrons of LDMGAN's experiments on points."""

from keras_iidgan.networks import mlp

UNITS = 64


def build(role, data_shape, latent_dim):
    """Build the network of `role`: two layers of 64 with ReLU, of a discriminator one.

    Args:
        role: see `networks.ROLES`.
        data_shape: shape of one sample.
        latent_dim: M.

    Reference:
        LDMGAN, section 5.1. It names no activation; ReLU is ours.
    """
    layers = 1 if role.endswith("discriminator") else 2
    return mlp.build(role, data_shape, latent_dim, units=(UNITS,) * layers)
