"""The Wasserstein GAN with gradient penalty of Gulrajani et al. (2017)."""

import dataclasses

import keras

from keras_iidgan import checks, losses, networks
from keras_iidgan.methods._two_players import TwoPlayers


@keras.saving.register_keras_serializable("keras_iidgan")
class WGANGP(TwoPlayers):
    """A GAN whose critic measures how far the generator is from the data: the Wasserstein distance.

    The critic's score is a distance only if its slope is at most 1. It is held at 1 by a penalty on
    the lines between real and generated samples. The critic moves several times a step, each time
    on real and generated samples of its own, so that G follows a critic that is near its best.

    Objective, with x^ = a x + (1 - a) G(z) and a uniform on [0, 1), one for each pair:
        D: min  E_z[D(G(z))] - E_x[D(x)] + lambda E[(||dD(x^)/dx^||_2 - 1)^2]
        G: min  -E_z[D(G(z))]

    | paper | attribute |
    |---|---|
    | D, the critic | `discriminator` |
    | lambda | `penalty_weight` |
    | n_critic | `critic_steps` |

    Args:
        penalty_weight: weight of the gradient penalty. Paper: 10; its code for points: 0.1.
        critic_steps: the critic's moves in a step. Paper: 5. A step takes as many batches.
        discriminator: network x [B, *data_shape] -> score [B, 1] without BatchNorm, which would
            make the slope at one sample depend on the others.

    Reference:
        Gulrajani et al., Improved Training of Wasserstein GANs, 2017, Algorithm 1.

    Differences from the paper:
        The networks and the optimizer are the project's own choice unless given; the paper's is
        Adam(1e-4, 0, 0.9). Where an architecture's discriminator has BatchNorm, it is left out. The
        critic is computed in float32 under any dtype policy, for its slope is differentiated.
    """

    def __init__(self, *, penalty_weight=10.0, critic_steps=5, **kwargs):
        checks.at_least("penalty_weight", penalty_weight, 0)
        checks.whole("critic_steps", critic_steps, 1)
        super().__init__(**kwargs)
        self.penalty_weight, self.critic_steps = penalty_weight, critic_steps
        critic, generator = self.turns
        self.turns = (dataclasses.replace(critic, repeats=critic_steps), generator)

    def add_network(self, role, network=None):
        """Give the method a network, which mustn't be a critic that mixes the rows of a batch."""
        if role == "discriminator" and network is not None:
            networks.refuse_batch_norm(role, network)
        super().add_network(role, network)

    def build_network(self, role):
        """Build the network of `role`, the critic in float32 and without BatchNorm."""
        if role != "discriminator":
            return super().build_network(role)
        with networks.in_float32():
            return networks.without_batch_norm(super().build_network(role))

    def discriminator_loss(self, batch):
        """Score real samples above generated ones, at a slope of 1."""
        x = self.with_noise(batch.x, batch)
        x_fake = self.with_noise(self.fake(self.draw_latents(batch), batch), batch)
        scores = self.judge(x, batch), self.judge(x_fake, batch)
        terms = {"adversarial": self.discriminator_value(*scores)}
        if self.penalty_weight:
            between = losses.interpolates(x, x_fake, self.draw_uniform(batch, [1]))
            penalty = losses.gradient_penalty(lambda x: self.judge(x, batch), between)
            terms["penalty"] = self.penalty_weight * penalty
        return terms

    def discriminator_value(self, real_logits, fake_logits):
        """Return the negative estimate of the distance, a scalar, from scores [B, 1]."""
        return losses.wasserstein_discriminator_loss(real_logits, fake_logits)

    def generator_value(self, fake_logits):
        """Return G's loss, a scalar, from scores [B, 1]."""
        return losses.critic_generator_loss(fake_logits)


METHOD = WGANGP
