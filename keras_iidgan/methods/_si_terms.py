"""The mixin that adds the semi-implicit regulariser to the generator's turn of a GAN."""

import math

import tensorflow as tf

from keras_iidgan import checks, losses
from keras_iidgan.training import replicas


class SITerms:
    """Adds the cross-entropy of the data under the samples' mixture to a GAN's generator turn.

    Formula: semi_implicit_weight * -E_x log 1/M sum_j N(x; G(z_j), s^2 I)

    The class it is mixed into gives the turns and a generator loss with the term `adversarial`.
    The discriminator sees theta = G(z) itself, and samples are theta.

    Args:
        semi_implicit_weight: lambda. `auto` holds both terms on the same scale (paper): it is the
            size of the adversarial term over that of the cross-entropy above its least value,
            d/2 log(2 pi s^2), both of the step's own global batch and without a gradient. So the
            weight is part of no state, and a resumed run goes on exactly.
        mixture_draws: M. Paper: 100 (CelebA), without a number for other data.
        scale: s, in units of x. Paper: 0.1 (toys of SIG), without a number for images.
    """

    def __init__(self, *, semi_implicit_weight="auto", mixture_draws=100, scale=0.1, **kwargs):
        if semi_implicit_weight != "auto":
            checks.at_least("semi_implicit_weight", semi_implicit_weight, 0)
        checks.whole("mixture_draws", mixture_draws, 1)
        checks.above("scale", scale, 0)
        super().__init__(**kwargs)
        self.semi_implicit_weight = semi_implicit_weight
        self.mixture_draws, self.scale = mixture_draws, scale

    def generator_loss(self, batch):
        """Play the game of the GAN, and make the data likely under the mixture of samples."""
        terms = super().generator_loss(batch)
        if self.semi_implicit_weight == 0:
            return terms
        z = self.draw_shared(batch, [self.mixture_draws, self.latent_dim])
        theta = self.generator(z, training=True)
        loss = losses.semi_implicit_loss(batch.x, theta, scale=self.scale)
        weight = self._resolved_weight(terms["adversarial"], loss)
        return terms | {"semi_implicit": weight * loss}

    def _resolved_weight(self, adversarial, loss):
        if self.semi_implicit_weight != "auto":
            return self.semi_implicit_weight
        excess = loss - losses.semi_implicit_floor(math.prod(self.data_shape), self.scale)
        # Sums over replicas: their ratio is that of the means.
        adversarial, excess = replicas.all_reduce_sum([adversarial, excess])
        return tf.stop_gradient(tf.math.divide_no_nan(tf.abs(adversarial), excess))
