"""The generative adversarial network of Goodfellow et al. (2014), the baseline of all others."""

import keras

from keras_iidgan import checks, losses
from keras_iidgan.methods._two_players import TwoPlayers


@keras.saving.register_keras_serializable("keras_iidgan")
class GAN(TwoPlayers):
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

    Reference:
        Goodfellow et al., Generative Adversarial Nets, 2014, Algorithm 1 with k = 1.

    Differences from the paper:
        The generator's loss is the non-saturating one, which the paper proposes for the start of
        training, throughout.
    """

    adversarial_forms = losses.FORMS

    def __init__(self, *, adversarial="non_saturating", **kwargs):
        checks.one_of("adversarial", adversarial, self.adversarial_forms)
        super().__init__(**kwargs)
        self.adversarial = adversarial

    def discriminator_value(self, real_logits, fake_logits):
        """Return D's binary cross-entropy, a scalar, of logits [B, 1]."""
        return losses.discriminator_loss(real_logits, fake_logits)

    def generator_value(self, fake_logits):
        """Return G's side of the game, a scalar, of logits [B, 1]."""
        return losses.generator_loss(fake_logits, self.adversarial)


METHOD = GAN
