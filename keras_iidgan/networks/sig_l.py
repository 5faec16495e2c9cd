"""The large networks of the paper on SIG for 28x28 images: (K_g, K_d) = (2, 1)."""

from keras_iidgan.networks import _sig

LATENT_DIM = _sig.LATENT_DIM


def build(role, data_shape, latent_dim):
    """Build the network of `role`; see `_sig.build`."""
    return _sig.build("sig_l", (2, 1), role, data_shape, latent_dim)
