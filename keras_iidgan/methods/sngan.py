"""The spectrally normalised GAN of Miyato et al. (2018)."""

import dataclasses

import keras
import tensorflow as tf

from keras_iidgan import checks, losses, networks
from keras_iidgan.methods._two_players import TwoPlayers


@keras.saving.register_keras_serializable("keras_iidgan")
class SNGAN(TwoPlayers):
    """A GAN whose discriminator has a bounded slope: every kernel is divided by its spectral norm.

    Each layer then stretches by 1 at most, and with it D, whatever the data; no sample has to be
    looked at for it, as a gradient penalty does. Any architecture's discriminator is normalised.

    Objective, with D being `slope` times a network whose every kernel is W / sigma(W):
        D: min  E_x[max(0, 1 - D(x))] + E_z[max(0, 1 + D(G(z)))]
        G: min  -E_z[D(G(z))]

    | paper | attribute |
    |---|---|
    | D | `discriminator` |
    | u of each layer | `u` of the `SpectralNormalization` layers of `discriminator` |
    | n_dis | `critic_steps` |

    Args:
        slope: bound on D's slope, where its activations have one of at most 1. Paper: 1. A deep D
            of dense layers stays well below its bound, and points of modes whose distances are
            small beside the hinge's margin want more: 10 on `ring`.
        critic_steps: D's moves in a step, each on a batch of its own. Paper: 5, and 1 with as good
            results at other settings.
        discriminator: network x [B, *data_shape] -> logit [B, 1]. Unless its kernels are
            normalised already, a normalised copy is trained, and BatchNorm is left out.

    Reference:
        Miyato et al., Spectral Normalization for Generative Adversarial Networks, 2018, eq. 16 and
        17 and Algorithm 1.

    Differences from the paper:
        The power iteration takes a step where D trains, and rests in G's turn: D judges real and
        generated samples in one pass, so that each of its moves takes exactly one. The networks are
        the project's own choice unless given.
    """

    def __init__(self, *, slope=1.0, critic_steps=5, **kwargs):
        checks.at_least("slope", slope, 0)
        checks.whole("critic_steps", critic_steps, 1)
        super().__init__(**kwargs)
        self.slope, self.critic_steps = slope, critic_steps
        critic, generator = self.turns
        self.turns = (dataclasses.replace(critic, repeats=critic_steps), generator)

    def add_network(self, role, network=None):
        """Give the method a network, the discriminator with normalised kernels."""
        if role == "discriminator":
            network = self.build_network(role) if network is None else network
            network = networks.spectrally_normalized(network)
        super().add_network(role, network)

    def discriminator_loss(self, batch):
        """Score real samples above generated ones, up to a margin."""
        x = self.with_noise(batch.x, batch)
        x_fake = self.with_noise(self.fake(self.draw_latents(batch), batch), batch)
        both = tf.concat([x, tf.cast(x_fake, x.dtype)], axis=0)  # [2B, *data_shape]
        logits = self.slope * self.discriminator(both, training=True)
        real_logits, fake_logits = tf.split(logits, 2)
        return {"adversarial": losses.hinge_discriminator_loss(real_logits, fake_logits)}

    def judge(self, x, batch):
        """Return D(x), logits [B, 1], with the norms as D's last move left them."""
        del batch
        return self.slope * self.discriminator(x, training=False)

    def generator_value(self, fake_logits):
        """Return G's loss, a scalar, of logits [B, 1]."""
        return losses.critic_generator_loss(fake_logits)


METHOD = SNGAN
