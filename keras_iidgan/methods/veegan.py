"""VEEGAN: a reconstructor network that maps data to noise, and finds the modes that G has lost."""

import keras
import tensorflow as tf

from keras_iidgan import checks, losses
from keras_iidgan.methods._joint import JointGAN


@keras.saving.register_keras_serializable("keras_iidgan")
class VEEGAN(JointGAN):
    """A discriminator of pairs whose logit is a log-ratio of densities, and an autoencoder of z.

    F learns to rebuild z from G(z), and nothing else. Where G has lost a mode, F maps the data of
    that mode to codes unlike N(0, I), and D tells them from the pairs of G.

    Objective, with z' ~ N(F(x), I), l the logit of D, and label 1 for data, 0 for G's pairs:
        D:    min  E_x[-log D(x, z')] + E_z[-log(1 - D(G(z), z))]
        G, F: min  E_z[-l(G(z), z)] + z_reconstruction_weight E_z 1/2 sum_m (z_m - F(G(z))_m)^2

    The authors write label 1 for G's pairs and have G minimise +l. Turn the sign of l, and the two
    are the same; here, as in every method, a high logit means real.

    | paper | attribute |
    |---|---|
    | G_gamma | `generator` |
    | F_theta, the mean of p_theta(z given x) | `encoder` (F) |
    | D_omega | `discriminator` |

    G learns from both terms, F from the reconstruction alone.

    Args:
        adversarial: G's term: `logit` (paper), or one of the forms of GAN.
        z_reconstruction_weight: 1 (paper), which makes the term -log N(z; F(G(z)), I) but for a
            constant.

    Reference:
        Srivastava et al., VEEGAN: Reducing Mode Collapse in GANs using Implicit Variational
        Learning, 2017, Algorithm 1, and the authors' code for the grid of 25 modes.

    Differences from the paper:
        G has no noise input beside z (the code adds one dimension). D's step comes before that of
        G and F, which then see the new D and fresh codes; in the code both come at once.
    """

    adversarial_forms = ("logit", *losses.FORMS)

    def __init__(self, *, adversarial="logit", z_reconstruction_weight=1.0, **kwargs):
        checks.at_least("z_reconstruction_weight", z_reconstruction_weight, 0)
        super().__init__(adversarial=adversarial, **kwargs)
        self.z_reconstruction_weight = z_reconstruction_weight

    def shown_code(self, batch):
        """Return a draw z' of N(F(x), I) for every sample, [B, M]."""
        mean = super().shown_code(batch)
        return mean + self.draw_normal(batch, [self.latent_dim])

    def generator_loss(self, batch):
        """Raise the logit of G's pairs, and rebuild z."""
        z = self.draw_latents(batch)
        x_fake = self.fake(z, batch)
        z_fake = self.encoder(x_fake, training=True)
        logits = self.pair_logits(x_fake, z, batch)
        squares = losses.cycle(z, z_fake, norm="l2_squared", reduction="sum")
        return {
            "adversarial": self._fooling(logits),
            "z_reconstruction": self.z_reconstruction_weight * squares / 2,
        }

    def _fooling(self, logits):
        if self.adversarial == "logit":
            return -tf.reduce_mean(tf.cast(logits, tf.float32))
        return losses.generator_loss(logits, self.adversarial)


METHOD = VEEGAN
