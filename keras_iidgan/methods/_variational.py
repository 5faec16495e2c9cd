"""The mixin that gives a method the stochastic encoder of a variational autoencoder."""

from typing import ClassVar

import tensorflow as tf

from keras_iidgan import checks, losses


class Variational:
    """Codes are drawn from q(z given x) = N(mean, diag variance), which the encoder puts out.

    The public face knows one code of a sample, the mean.

    Args:
        kl_weight: weight of the KL divergence of q(z given x) from N(0, I), 1 (paper).
        encoder: network x [B, *data_shape] -> (mean [B, M], log variance [B, M]).
    """

    forms: ClassVar = {"encoder": "gaussian"}

    def __init__(self, *, kl_weight=1.0, encoder=None, **kwargs):
        checks.at_least("kl_weight", kl_weight, 0)
        super().__init__(encoder=encoder, **kwargs)
        self.kl_weight = kl_weight

    def encode(self, batch):
        """Draw a code for every sample, and measure how far their distributions are from N(0, I).

        Returns:
            `(z_real, terms)`: [B, M] = mean + exp(log variance / 2) noise, through which gradients
            reach the encoder, and `{"kl": scalar}`, a sum over dimensions, a mean over the batch.
        """
        mean, log_variance = self.encoder(batch.x, training=True)
        noise = self.draw_normal(batch, [self.latent_dim])
        kl = tf.reduce_mean(losses.kl_diagonal(mean, log_variance))
        return mean + tf.exp(log_variance / 2) * noise, {"kl": self.kl_weight * kl}
