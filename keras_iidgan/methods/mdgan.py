"""MDGAN: first learn the manifold of the data, then spread the samples over it."""

import keras

from keras_iidgan import checks, losses
from keras_iidgan.methods.base import Turn
from keras_iidgan.methods.gan import GAN


@keras.saving.register_keras_serializable("keras_iidgan")
class MDGAN(GAN):
    """A GAN in two steps, manifold and diffusion, each with a discriminator of its own.

    In the manifold step an autoencoder G(E(x)) is brought onto the manifold of the data, by
    reconstruction and by a discriminator D1 of real and of reconstructed data. In the diffusion
    step G(z) is brought to where the reconstructions are, by D2, which never sees real data: both
    of its sides lie near the manifold, so it has no easy game and G a useful gradient. Every mode
    is in the reconstructions, and so in what G(z) has to match.

    Objective:
        D1:   min  E_x[-log D1(x)] + E_x[-log(1 - D1(G(E(x))))]
        G, E: min  adversarial_weight E_x[-log D1(G(E(x)))] + reconstruction_weight E|x - G(E(x))|^2
        D2:   min  E_x[-log D2(G(E(x)))] + E_z[-log(1 - D2(G(z)))]
        G:    min  E_z[-log D2(G(z))]

    | paper | attribute |
    |---|---|
    | E | `encoder` |
    | D1, D2 | `discriminator`, `diffusion_discriminator` |
    | lambda | `adversarial_weight` / `reconstruction_weight` |

    D1 and D2 learn from their own losses alone, E from both terms of the manifold step, and G from
    those and from D2.

    Args:
        adversarial_weight: weight of D1 in the manifold step. 0.01 keeps it below reconstruction.
        reconstruction_weight: weight of the squared error, summed over the dimensions of a sample.
        encoder: network x [B, *data_shape] -> z [B, M].
        diffusion_discriminator: network x [B, *data_shape] -> logit [B, 1].

    Reference:
        Che, Li, Jacob, Bengio, Li, Mode Regularized Generative Adversarial Networks, 2017, section
        3.3 and Algorithm 1: the MDGAN that LDMGAN (section 2) and SIG (section 4) compare to.

    Differences from the paper:
        The four turns are taken on one batch; z is drawn anew for D2 and for G. The value of
        lambda differs between the paper's experiments; 0.01 is ours.
    """

    roles = ("generator", "discriminator", "encoder", "diffusion_discriminator")
    turns = (
        Turn("discriminator", updates=("discriminator",)),
        Turn("manifold", updates=("generator", "encoder")),
        Turn("diffusion_discriminator", updates=("diffusion_discriminator",)),
        Turn("generator", updates=("generator",)),
    )

    def __init__(
        self,
        *,
        adversarial_weight=0.01,
        reconstruction_weight=1.0,
        encoder=None,
        diffusion_discriminator=None,
        **kwargs,
    ):
        checks.at_least("adversarial_weight", adversarial_weight, 0)
        checks.at_least("reconstruction_weight", reconstruction_weight, 0)
        super().__init__(encoder=encoder, diffusion_discriminator=diffusion_discriminator, **kwargs)
        self.adversarial_weight = adversarial_weight
        self.reconstruction_weight = reconstruction_weight

    def discriminator_loss(self, batch):
        """Tell real from reconstructed data."""
        real_logits = self.logits(batch.x, batch)
        logits = self.logits(self.rebuild(batch.x), batch)
        return {"adversarial": self.discriminator_value(real_logits, logits)}

    def manifold_loss(self, batch):
        """Rebuild real data so that D1 takes them for real."""
        x_rebuilt = self.rebuild(batch.x)
        adversarial = self.adversarial_terms(x_rebuilt, batch)["adversarial"]
        distance = losses.cycle(batch.x, x_rebuilt, norm="l2_squared", reduction="sum")
        return {
            "adversarial": self.adversarial_weight * adversarial,
            "reconstruction": self.reconstruction_weight * distance,
        }

    def diffusion_discriminator_loss(self, batch):
        """Tell reconstructed from generated samples."""
        real_logits = self.diffusion_logits(self.rebuild(batch.x), batch)
        fake_logits = self.diffusion_logits(self.fake(self.draw_latents(batch), batch), batch)
        return {"adversarial": self.discriminator_value(real_logits, fake_logits)}

    def generator_loss(self, batch):
        """Make samples that D2 takes for reconstructions."""
        fake_logits = self.diffusion_logits(self.fake(self.draw_latents(batch), batch), batch)
        return {"adversarial": self.generator_value(fake_logits)}

    def rebuild(self, x):
        """Return G(E(x)), [B, *data_shape], in training."""
        return self.generator(self.encoder(x, training=True), training=True)

    def diffusion_logits(self, x, batch):
        """Return D2's logits [B, 1] of samples [B, *data_shape], seen through instance noise."""
        return self.diffusion_discriminator(self.with_noise(x, batch), training=True)


METHOD = MDGAN
