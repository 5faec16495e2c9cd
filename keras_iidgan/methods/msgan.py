"""MSGAN: codes that are far apart must give samples that are."""

import keras
import tensorflow as tf

from keras_iidgan import checks
from keras_iidgan.methods.cgan import CGAN
from keras_iidgan.training import replicas

# Of the original, in the units of the ratio.
_EPSILON = 1e-5


@keras.saving.register_keras_serializable("keras_iidgan")
class MSGAN(CGAN):
    """A conditional GAN whose generator is paid for the distance of samples of the same class.

    A generator that collapses inside a class maps many codes to one sample. Every row of a batch
    is generated twice, with one label and two codes, and the generator minimises the distance of
    the codes over the distance of the samples.

    Objective, with x1 = G(z1, c), x2 = G(z2, c):
        D: min  2 E_(x,c)[-log D(x, c)] + E[-log(1 - D(x1, c))] + E[-log(1 - D(x2, c))]
        G: min  E[-log D(x1, c)] + E[-log D(x2, c)]
                + mode_seeking_weight / (r + 1e-5),  r = mean|x1 - x2| / mean|z1 - z2|

    | paper | attribute |
    |---|---|
    | lambda_ms | `mode_seeking_weight` |
    | d_I, d_z | mean absolute differences over the batch and all dimensions |

    D learns from its own loss alone, and G from both terms.

    Args:
        mode_seeking_weight: 1, as in the original.
        clip: the most that the reciprocal counts for, before its weight. Beyond, it is scaled down
            to `clip` and its gradient along with it, so that a generator that has collapsed still
            sees where to go. The original has none, which 1e5 is; users found it unstable.

    Reference:
        Mao, Lee, Tseng, Ma, Yang, Mode Seeking Generative Adversarial Networks for Diverse Image
        Synthesis, 2019, eq. 5 and 6. Its setting for CIFAR-10: DCGAN with M 100, batch 32, 200
        epochs, Adam(2e-4, beta_1=0.5) with weight decay 1e-4.

    Differences from the paper:
        The paper maximises the ratio; its code minimises the reciprocal, as here. `clip`. The means
        of the ratio are those of the global batch. No weight decay.
    """

    def __init__(self, *, mode_seeking_weight=1.0, clip=10.0, **kwargs):
        checks.at_least("mode_seeking_weight", mode_seeking_weight, 0)
        checks.above("clip", clip, 0)
        super().__init__(**kwargs)
        self.mode_seeking_weight, self.clip = mode_seeking_weight, clip

    def discriminator_loss(self, batch):
        """Tell real from both generated samples of every row."""
        real_logits = self.logits(batch.x, batch)
        fake_logits = [
            self.logits(self.fake(self.draw_latents(batch), batch), batch) for _ in range(2)
        ]
        each = [self.discriminator_value(real_logits, logits) for logits in fake_logits]
        return {"adversarial": tf.add_n(each)}

    def generator_loss(self, batch):
        """Make pairs of samples that D takes for real and that differ as their codes do."""
        z = [self.draw_latents(batch) for _ in range(2)]
        x_fake = [self.fake(codes, batch) for codes in z]
        each = [self.adversarial_terms(x, batch)["adversarial"] for x in x_fake]
        terms = {"adversarial": tf.add_n(each)}
        if self.mode_seeking_weight:
            terms["mode_seeking"] = self.mode_seeking_weight * self._reciprocal(x_fake, z)
        return terms

    def _reciprocal(self, x_fake, z):
        """Return the distance of codes over that of samples, at most `clip`."""
        local = [_distance(*x_fake), _distance(*z)]
        x_distance, z_distance = replicas.all_reduce_sum(local)  # Sums: their ratio is the means'.
        reciprocal = 1 / (x_distance / z_distance + _EPSILON)
        return reciprocal * tf.stop_gradient(tf.minimum(1.0, self.clip / reciprocal))


def _distance(one, other):
    return tf.reduce_mean(tf.abs(tf.cast(one, tf.float32) - tf.cast(other, tf.float32)))


METHOD = MSGAN
