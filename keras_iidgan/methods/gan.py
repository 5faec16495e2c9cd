"""The generative adversarial network of Goodfellow et al. (2014), the baseline of all others."""

import keras

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
        generator: network z [B, M] -> x [B, *data_shape].
        discriminator: network x [B, *data_shape] -> logit [B, 1].

    Reference:
        Goodfellow et al., Generative Adversarial Nets, 2014, Algorithm 1 with k = 1.

    Differences from the paper:
        The generator's loss is the non-saturating one, which the paper proposes for the start of
        training, throughout.
    """

    roles = ("generator", "discriminator")
    turns = (
        Turn("discriminator", updates=("discriminator",)),
        Turn("generator", updates=("generator",)),
    )

    def __init__(
        self, *, adversarial="non_saturating", generator=None, discriminator=None, **kwargs
    ):
        super().__init__(generator=generator, discriminator=discriminator, **kwargs)
        checks.one_of("adversarial", adversarial, losses.FORMS)
        self.adversarial = adversarial

    def discriminator_loss(self, batch):
        """Tell real from generated samples."""
        x_fake = self.generator(self.draw_latents(batch), training=True)
        real_logits = self.discriminator(batch.x, training=True)
        fake_logits = self.discriminator(x_fake, training=True)
        return {"adversarial": losses.discriminator_loss(real_logits, fake_logits)}

    def generator_loss(self, batch):
        """Make samples that the discriminator takes for real."""
        return self.adversarial_terms(self.generator(self.draw_latents(batch), training=True))

    def adversarial_terms(self, x_fake):
        """Return the generator's adversarial term for samples [B, *data_shape]."""
        logits = self.discriminator(x_fake, training=True)
        return {"adversarial": losses.generator_loss(logits, self.adversarial)}


METHOD = GAN
