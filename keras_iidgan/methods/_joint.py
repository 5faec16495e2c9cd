"""What the methods share whose discriminator judges pairs of a sample and a code."""

from typing import ClassVar

from keras_iidgan import losses
from keras_iidgan.methods.base import Turn
from keras_iidgan.methods.gan import GAN


class JointGAN(GAN):
    """A GAN on pairs (x, z): D tells (x, F(x)) of real data, label 1, from (G(z), z), label 0.

    A method of this kind gives `generator_loss(batch)`, and `shown_code(batch)` where D sees
    another code than F(x).

    Args:
        discriminator: network (x [B, *data_shape], z [B, M]) -> logit [B, 1].
        encoder: network x [B, *data_shape] -> z [B, M].
    """

    roles = ("generator", "discriminator", "encoder")
    forms: ClassVar = {"discriminator": "joint"}
    turns = (
        Turn("discriminator", updates=("discriminator",)),
        Turn("generator", updates=("generator", "encoder")),
    )

    def __init__(self, *, encoder=None, **kwargs):
        super().__init__(encoder=encoder, **kwargs)

    def discriminator_loss(self, batch):
        """Tell data with their codes from codes with what is made of them."""
        z = self.draw_latents(batch)
        real_logits = self.pair_logits(batch.x, self.shown_code(batch), batch)
        fake_logits = self.pair_logits(self.fake(z, batch), z, batch)
        return {"adversarial": losses.discriminator_loss(real_logits, fake_logits)}

    def shown_code(self, batch):
        """Return the codes of a batch that D sees, [B, M]."""
        return self.encoder(batch.x, training=True)

    def pair_logits(self, x, z, batch):
        """Return D's logits [B, 1] of pairs, the samples seen through instance noise."""
        return self.discriminator([self.with_noise(x, batch), z], training=True)
