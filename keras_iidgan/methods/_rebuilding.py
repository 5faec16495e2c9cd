"""What the methods share whose discriminator also sees samples rebuilt from their codes."""

from keras_iidgan import checks, losses
from keras_iidgan.methods.base import Turn
from keras_iidgan.methods.gan import GAN


class RebuildingGAN(GAN):
    """A GAN with an encoder, in which D tells data from G(z) and from G(F(x)) alike.

    A method of this kind gives `encoder_loss(batch)` and `generator_loss(batch)`. Encoder and
    generator have turns of their own, so that no gradient of the game can reach the encoder.

    Args:
        reconstruction_weight: weight of the reconstruction in the generator's turn.
        encoder: network x [B, *data_shape] -> z [B, M].
    """

    roles = ("generator", "discriminator", "encoder")
    turns = (
        Turn("discriminator", updates=("discriminator",)),
        Turn("encoder", updates=("encoder",)),
        Turn("generator", updates=("generator",)),
    )

    def __init__(self, *, reconstruction_weight=1.0, encoder=None, **kwargs):
        checks.at_least("reconstruction_weight", reconstruction_weight, 0)
        super().__init__(encoder=encoder, **kwargs)
        self.reconstruction_weight = reconstruction_weight

    def encode(self, batch):
        """Return the codes of a batch [B, M], and the encoder's terms on them."""
        raise NotImplementedError

    def rebuild(self, batch):
        """Return G(F(x)), [B, *data_shape], and the encoder's terms."""
        z_real, terms = self.encode(batch)
        return self.fake(z_real, batch), terms

    def discriminator_loss(self, batch):
        """Tell real samples from generated and from rebuilt ones, three terms of weight 1."""
        rebuilt, _ = self.rebuild(batch)
        rebuilt_logits = self.logits(rebuilt, batch)
        # The saturating loss of G is mean log(1 - D), and D minimises its negative.
        rejecting = -losses.generator_loss(rebuilt_logits, "saturating")
        return super().discriminator_loss(batch) | {"adversarial_rebuilt": rejecting}

    def fooling_terms(self, x_fake, rebuilt, batch):
        """Return the generator's adversarial terms on G(z) and G(F(x)), [B, *data_shape] each."""
        logits = self.logits(rebuilt, batch)
        rebuilt_term = losses.generator_loss(logits, self.adversarial)
        return self.adversarial_terms(x_fake, batch) | {"adversarial_rebuilt": rebuilt_term}
