"""The generative adversarial network of Goodfellow et al. (2014), the baseline of all others."""

import keras
import tensorflow as tf

from keras_iidgan import checks, losses
from keras_iidgan.methods.base import Method, Turn


@keras.saving.register_keras_serializable("keras_iidgan")
class GAN(Method):
    """A generator and a discriminator in a two-player game.

    Objective:
        D: min  E_x[-log D(x)] + E_z[-log(1 - D(G(z)))]
        G: min  E_z[-log D(G(z))]        (non-saturating; saturating: E_z[log(1 - D(G(z)))])

    | paper | attribute |
    |---|---|
    | G | `generator` |
    | D, before its sigmoid | `discriminator` |

    Args:
        adversarial: `non_saturating` or `saturating`.
        instance_noise: standard deviation, in units of x, of the Gaussian noise on all that D
            sees in training, real and generated, at the first learning rate. It falls as the
            square of the rate: s (rate / first)^2. 0 (paper) adds none. Where modes are much
            narrower than their distances, D otherwise tells real from generated points without
            error, and G learns nothing from it of where modes are missing.
        generator: network z [B, M] -> x [B, *data_shape].
        discriminator: network x [B, *data_shape] -> logit [B, 1].

    Reference:
        Goodfellow et al., Generative Adversarial Nets, 2014, Algorithm 1 with k = 1. Instance
        noise: Sonderby et al., Amortised MAP Inference for Image Super-resolution, 2017, 2.4.

    Differences from the paper:
        The generator's loss is the non-saturating one, which the paper proposes for the start of
        training, throughout.
    """

    adversarial_forms = losses.FORMS

    roles = ("generator", "discriminator")
    turns = (
        Turn("discriminator", updates=("discriminator",)),
        Turn("generator", updates=("generator",)),
    )

    def __init__(
        self,
        *,
        adversarial="non_saturating",
        instance_noise=0.0,
        generator=None,
        discriminator=None,
        **kwargs,
    ):
        super().__init__(generator=generator, discriminator=discriminator, **kwargs)
        checks.one_of("adversarial", adversarial, self.adversarial_forms)
        checks.at_least("instance_noise", instance_noise, 0)
        self.adversarial, self.instance_noise = adversarial, instance_noise

    def discriminator_loss(self, batch):
        """Tell real from generated samples."""
        x_fake = self.fake(self.draw_latents(batch), batch)
        real_logits = self.logits(batch.x, batch)
        fake_logits = self.logits(x_fake, batch)
        return {"adversarial": losses.discriminator_loss(real_logits, fake_logits)}

    def generator_loss(self, batch):
        """Make samples that the discriminator takes for real."""
        x_fake = self.fake(self.draw_latents(batch), batch)
        return self.adversarial_terms(x_fake, batch)

    def adversarial_terms(self, x_fake, batch):
        """Return the generator's adversarial term for samples [B, *data_shape]."""
        logits = self.logits(x_fake, batch)
        return {"adversarial": losses.generator_loss(logits, self.adversarial)}

    def logits(self, x, batch):
        """Return D's logits [B, 1] of samples [B, *data_shape], seen through instance noise."""
        return self.judge(self._with_noise(x, batch), batch)

    def fake(self, z, batch):
        """Return G(z), [B, *data_shape], as a loss on `batch` sees it."""
        del batch
        return self.generator(z, training=True)

    def judge(self, x, batch):
        """Return D(x), logits [B, 1], as a loss on `batch` sees it."""
        del batch
        return self.discriminator(x, training=True)

    def _with_noise(self, x, batch):
        if not self.instance_noise:
            return x
        scale = self.instance_noise * self.relative_learning_rate("discriminator") ** 2
        return x + tf.cast(scale * self.draw_normal(batch, self.data_shape), x.dtype)


METHOD = GAN
