"""The mixin that adds IID-GAN's terms to the generator's turn of a GAN."""

import dataclasses

import tensorflow as tf

from keras_iidgan import checks
from keras_iidgan.methods.base import Turn
from keras_iidgan.regularizer import IIDRegularizer


class IIDTerms:
    """Adds an encoder F, its cycle terms and the Gaussian loss of F(x) to a GAN's generator turn.

    The class it is mixed into gives `adversarial_terms(x_fake, batch)` and the turn of D.

    Args:
        gaussian: see `IIDRegularizer`.
        cycle_weight: see `IIDRegularizer`.
        gaussian_weight: see `IIDRegularizer`.
        x_weight: see `IIDRegularizer`.
        cycle_norm: see `IIDRegularizer`.
        reduction: see `IIDRegularizer`.
        p: see `IIDRegularizer`.
        w2_root: see `IIDRegularizer`.
        z_cycle_decay: share r of the first learning rate. Once the rate has fallen below that
            share, the weight of the z-cycle falls along with it, as min(1, rate / (r * first)). 0
            keeps the weight (paper). The cycle terms hold the modes while they form; an L1 term
            then goes on to pull with full force at errors smaller than a narrow mode.
        x_cycle_decay: the same for the x-cycle.
        encoder: network x [B, *data_shape] -> z [B, M].
        latent_discriminator: network z [B, M] -> logit [B, 1], trained in a turn of its own; used
            by `gaussian="z_discriminator"` alone.
    """

    roles = ("generator", "discriminator", "encoder")

    def __init__(
        self,
        *,
        gaussian="p_norm",
        cycle_weight=3.0,
        gaussian_weight=3.0,
        x_weight="auto",
        cycle_norm="l1",
        reduction="mean",
        p=2.0,
        w2_root=False,
        z_cycle_decay=0.0,
        x_cycle_decay=0.0,
        encoder=None,
        latent_discriminator=None,
        **kwargs,
    ):
        regularizer = IIDRegularizer(
            gaussian=gaussian,
            cycle_weight=cycle_weight,
            gaussian_weight=gaussian_weight,
            x_weight=x_weight,
            cycle_norm=cycle_norm,
            reduction=reduction,
            p=p,
            w2_root=w2_root,
        )
        checks.at_least("z_cycle_decay", z_cycle_decay, 0)
        checks.at_least("x_cycle_decay", x_cycle_decay, 0)
        super().__init__(encoder=encoder, **kwargs)
        self.regularizer = regularizer
        self.gaussian, self.gaussian_weight = gaussian, gaussian_weight
        self.cycle_weight, self.x_weight = cycle_weight, x_weight
        self.cycle_norm, self.reduction = cycle_norm, reduction
        self.p, self.w2_root = p, w2_root
        self.z_cycle_decay, self.x_cycle_decay = z_cycle_decay, x_cycle_decay
        self.turns = tuple(map(_with_encoder, self.turns))
        if gaussian == "z_discriminator":
            self.add_network("latent_discriminator", latent_discriminator)
            latent_turn = Turn("latent_discriminator", updates=("latent_discriminator",))
            self.turns = (*self.turns[:-1], latent_turn, self.turns[-1])
        else:
            self.latent_discriminator = None

    def generator_loss(self, batch):
        """Fool the discriminator, invert and be inverted, and keep F(x) at N(0, I)."""
        z = self.draw_latents(batch)
        x_fake = self.generator(z, training=True)
        iid = self.regularizer.terms(
            x=batch.x,
            z=z,
            x_fake=x_fake,
            generator=lambda z: self.generator(z, training=True),
            encoder=self.encode_codes,
            latent_discriminator=self.latent_discriminator,
            z_scale=self._cycle_scale(self.z_cycle_decay),
            x_scale=self._cycle_scale(self.x_cycle_decay),
        )
        return self.adversarial_terms(x_fake, batch) | iid

    def _cycle_scale(self, decay):
        if not decay:
            return 1.0
        return tf.minimum(1.0, self.relative_learning_rate("generator") / decay)

    def latent_discriminator_loss(self, batch):
        """Tell draws of N(0, I) from the codes F(x) of real data."""
        loss = self.regularizer.latent_discriminator_loss(
            lambda z: self.latent_discriminator(z, training=True),
            self.draw_latents(batch),
            self.encode_codes(batch.x),
        )
        return {"adversarial": loss}

    def encode_codes(self, x):
        """Return F(x), [B, M], in training."""
        return self.encoder(x, training=True)

    def floors(self, batch_size):
        """Return the Gaussian loss that exact N(0, I) codes have at this global batch size."""
        if not self.gaussian_weight or self.gaussian == "none":
            return {}
        return {"generator_gaussian": self.regularizer.floor(batch_size, self.latent_dim)}


def _with_encoder(turn):
    if turn.player != "generator":
        return turn
    return dataclasses.replace(turn, updates=(*turn.updates, "encoder"))
