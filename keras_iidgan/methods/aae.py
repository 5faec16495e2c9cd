"""The adversarial autoencoder of Makhzani et al. (2015): a game in the space of codes."""

import keras

from keras_iidgan import checks, losses
from keras_iidgan.methods.base import Method, Turn


@keras.saving.register_keras_serializable("keras_iidgan")
class AAE(Method):
    """An autoencoder whose codes a discriminator tries to tell from draws of N(0, I).

    The generator is the decoder. It learns to rebuild alone; that samples of N(0, I) give samples
    like the data is the work of the encoder, which fills N(0, I) with codes.

    Objective, of three turns in this order:
        G, F: min  reconstruction_weight E_x 1/2 ||x - G(F(x))||^2
        D_z:  min  E_z[-log D_z(z)] + E_x[-log(1 - D_z(F(x)))]
        F:    min  E_x[-log D_z(F(x))]

    | paper | attribute |
    |---|---|
    | encoder q(z given x), which is the generator of its game | `encoder` (F) |
    | decoder p(x given z) | `generator` |
    | discriminator of codes, before its sigmoid | `latent_discriminator` |

    Args:
        adversarial: F's form of the game, `non_saturating` or `saturating`.
        reconstruction_weight: weight of the squared error, a sum over dimensions, a mean over the
            batch. 1 is -log of the likelihood N(G(z), I), without its constant.
        generator: network z [B, M] -> x [B, *data_shape].
        encoder: network x [B, *data_shape] -> z [B, M].
        latent_discriminator: network z [B, M] -> logit [B, 1].

    Reference:
        Makhzani et al., Adversarial Autoencoders, 2015, section 2: the deterministic encoder, and
        the two phases, reconstruction and regularisation.

    Differences from the paper:
        The prior is N(0, I); its N(0, 25 I) of 8 dimensions for digits is another unit of z. The
        weight and the scale of the reconstruction aren't printed.
    """

    roles = ("generator", "encoder", "latent_discriminator")
    turns = (
        Turn("generator", updates=("generator", "encoder")),
        Turn("latent_discriminator", updates=("latent_discriminator",)),
        Turn("encoder", updates=("encoder",)),
    )

    def __init__(
        self,
        *,
        adversarial="non_saturating",
        reconstruction_weight=1.0,
        generator=None,
        encoder=None,
        latent_discriminator=None,
        **kwargs,
    ):
        checks.one_of("adversarial", adversarial, losses.FORMS)
        checks.at_least("reconstruction_weight", reconstruction_weight, 0)
        super().__init__(
            generator=generator,
            encoder=encoder,
            latent_discriminator=latent_discriminator,
            **kwargs,
        )
        self.adversarial, self.reconstruction_weight = adversarial, reconstruction_weight

    def generator_loss(self, batch):
        """Rebuild samples from their codes."""
        rebuilt = self.generator(self.encoder(batch.x, training=True), training=True)
        squares = losses.cycle(batch.x, rebuilt, norm="l2_squared", reduction="sum")
        return {"reconstruction": self.reconstruction_weight * squares / 2}

    def latent_discriminator_loss(self, batch):
        """Tell draws of N(0, I) from the codes of data."""
        real_logits = self.latent_discriminator(self.draw_latents(batch), training=True)
        return {"adversarial": losses.discriminator_loss(real_logits, self._code_logits(batch))}

    def encoder_loss(self, batch):
        """Find codes that the discriminator takes for draws of N(0, I)."""
        return {"adversarial": losses.generator_loss(self._code_logits(batch), self.adversarial)}

    def _code_logits(self, batch):
        z_real = self.encoder(batch.x, training=True)
        return self.latent_discriminator(z_real, training=True)


METHOD = AAE
