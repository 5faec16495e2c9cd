"""What all games of a generator against a discriminator share, whatever their losses."""

import tensorflow as tf

from keras_iidgan import checks
from keras_iidgan.methods.base import Method, Turn


class TwoPlayers(Method):
    """A generator and a discriminator; a subclass says how the logits make losses.

    It states `discriminator_value(real_logits, fake_logits)` and `generator_value(fake_logits)`,
    each a scalar.

    Args:
        instance_noise: standard deviation, in units of x, of the Gaussian noise on all that D
            sees in training, real and generated, at the first learning rate. It falls as the
            square of the rate: s (rate / first)^2. 0 (paper) adds none. Where modes are much
            narrower than their distances, D otherwise tells real from generated points without
            error, and G learns nothing from it of where modes are missing.
        generator: network z [B, M] -> x [B, *data_shape].
        discriminator: network x [B, *data_shape] -> logit [B, 1].

    Reference:
        Instance noise: Sonderby et al., Amortised MAP Inference for Image Super-resolution, 2017,
        2.4.
    """

    roles = ("generator", "discriminator")
    turns = (
        Turn("discriminator", updates=("discriminator",)),
        Turn("generator", updates=("generator",)),
    )

    def __init__(self, *, instance_noise=0.0, generator=None, discriminator=None, **kwargs):
        checks.at_least("instance_noise", instance_noise, 0)
        super().__init__(generator=generator, discriminator=discriminator, **kwargs)
        self.instance_noise = instance_noise

    def discriminator_loss(self, batch):
        """Tell real from generated samples."""
        x_fake = self.fake(self.draw_latents(batch), batch)
        real_logits = self.logits(batch.x, batch)
        fake_logits = self.logits(x_fake, batch)
        return {"adversarial": self.discriminator_value(real_logits, fake_logits)}

    def generator_loss(self, batch):
        """Make samples that the discriminator takes for real."""
        x_fake = self.fake(self.draw_latents(batch), batch)
        return self.adversarial_terms(x_fake, batch)

    def adversarial_terms(self, x_fake, batch):
        """Return the generator's adversarial term for samples [B, *data_shape]."""
        return {"adversarial": self.generator_value(self.logits(x_fake, batch))}

    def logits(self, x, batch):
        """Return D's logits [B, 1] of samples [B, *data_shape], seen through instance noise."""
        return self.judge(self.with_noise(x, batch), batch)

    def fake(self, z, batch):
        """Return G(z), [B, *data_shape], as a loss on `batch` sees it."""
        del batch
        return self.generator(z, training=True)

    def judge(self, x, batch):
        """Return D(x), logits [B, 1], as a loss on `batch` sees it."""
        del batch
        return self.discriminator(x, training=True)

    def with_noise(self, x, batch):
        """Return samples [B, *data_shape] as D sees them: with instance noise, if there is any."""
        if not self.instance_noise:
            return x
        scale = self.instance_noise * self.relative_learning_rate("discriminator") ** 2
        return x + tf.cast(scale * self.draw_normal(batch, self.data_shape), x.dtype)
