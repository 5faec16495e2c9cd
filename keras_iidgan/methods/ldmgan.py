"""LDMGAN: the codes of generated samples must be as those of data are, N(0, I)."""

import keras
import tensorflow as tf

from keras_iidgan import checks, losses
from keras_iidgan.methods._rebuilding import RebuildingGAN
from keras_iidgan.training import replicas

# The least variance that is told from 0, as in the Gaussian losses.
_JITTER = 1e-6


@keras.saving.register_keras_serializable("keras_iidgan")
class LDMGAN(RebuildingGAN):
    """A GAN with a regularised autoencoder, into whose codes its samples are mapped and matched.

    E maps the data to N(0, I). If G has lost modes, the codes E(G(z)) of its samples aren't
    N(0, I), and G, with E held still, is taught to make them so.

    Objective, with q, q' the moments of the batches E(x), E(G(z)), and d a distance:
        D: min  E_x[-log D(x)] + E_z[-log(1 - D(G(z)))] + E_x[-log(1 - D(G(E(x))))]
        E: min  l1 d(x, G(E(x))) + gaussian_weight KL(q || N(0, I))
        G: min  E_z[-log D(G(z))] + E_x[-log D(G(E(x)))]
                + l1 d(x, G(E(x))) + l2 KL(q' || N(0, I))
        KL(N(mu, diag sigma^2) || N(0, I)) = sum_m (sigma_m^2 + mu_m^2) / 2 - log sigma_m - 1/2

    | paper | attribute |
    |---|---|
    | E | `encoder` |
    | lambda_1, lambda_2 | `reconstruction_weight`, `latent_matching_weight` |

    Args:
        reconstruction_weight: l1, 1 (paper).
        gaussian_weight: of the KL divergence of E's codes from N(0, I), 1 (paper).
        latent_matching_weight: l2, 1 (paper).
        norm: d, a mean over dimensions: `l1`, `l2` or `l2_squared`. Paper: "L1 or L2 loss".

    Reference:
        LDMGAN: Reducing Mode Collapse in GANs with Latent Distribution Matching (2020),
        Algorithm 1 and eq. 10.

    Differences from the paper:
        The gradient of D in Algorithm 1 has the sign of an ascent and is then descended; mended.
        Eq. 9 would have E follow the game; Algorithm 1, followed here, doesn't. It prints no l1 in
        E's step, where it is kept. Non-saturating loss of G. The networks step one after the other.
    """

    def __init__(
        self,
        *,
        reconstruction_weight=1.0,
        gaussian_weight=1.0,
        latent_matching_weight=1.0,
        norm="l2_squared",
        **kwargs,
    ):
        checks.at_least("gaussian_weight", gaussian_weight, 0)
        checks.at_least("latent_matching_weight", latent_matching_weight, 0)
        checks.one_of("norm", norm, losses.NORMS)
        super().__init__(reconstruction_weight=reconstruction_weight, **kwargs)
        self.gaussian_weight, self.norm = gaussian_weight, norm
        self.latent_matching_weight = latent_matching_weight

    def encode(self, batch):
        """Return E(x), [B, M], and `{"gaussian": weighted KL of their moments}`."""
        z_real = self.encoder(batch.x, training=True)
        return z_real, {"gaussian": self.gaussian_weight * _kl_of_moments(z_real)}

    def encoder_loss(self, batch):
        """Map data to N(0, I), and tell G what to rebuild."""
        rebuilt, terms = self.rebuild(batch)
        return terms | self._reconstruction(batch.x, rebuilt)

    def generator_loss(self, batch):
        """Fool D with samples of both kinds, rebuild, and match codes in the space of E."""
        x_fake = self.fake(self.draw_latents(batch), batch)
        rebuilt, _ = self.rebuild(batch)
        terms = self.fooling_terms(x_fake, rebuilt, batch) | self._reconstruction(batch.x, rebuilt)
        matching = _kl_of_moments(self.encoder(x_fake, training=True))
        return terms | {"latent_matching": self.latent_matching_weight * matching}

    def _reconstruction(self, x, rebuilt):
        distance = losses.cycle(x, rebuilt, norm=self.norm)
        return {"reconstruction": self.reconstruction_weight * distance}

    def floors(self, batch_size):
        """Return what exact N(0, I) codes cost in both KL divergences at this global batch size."""
        one = losses.small_batch_floor("kl_qp", batch_size, 1)  # Of one dimension; they add up.
        floor = self.latent_dim * one
        return {
            "encoder_gaussian": self.gaussian_weight * floor,
            "generator_latent_matching": self.latent_matching_weight * floor,
        }


def _kl_of_moments(z):
    """Eq. 10 on the moments of the global batch of codes [B, M]: a scalar."""
    all_reduce = replicas.all_reduce_sum if replicas.count() > 1 else None
    mean, covariance = losses.moments(z, all_reduce=all_reduce)
    return losses.kl_diagonal(mean, tf.math.log(tf.linalg.diag_part(covariance) + _JITTER))


METHOD = LDMGAN
