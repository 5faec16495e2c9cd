"""BiGAN: an encoder learned by the game itself, on pairs of a sample and a code."""

import keras

from keras_iidgan import losses
from keras_iidgan.methods._joint import JointGAN


@keras.saving.register_keras_serializable("keras_iidgan")
class BiGAN(JointGAN):
    """A discriminator of pairs: only if F inverts G can't it tell (x, F(x)) from (G(z), z).

    Generator and encoder minimise the loss of the flipped labels, together and on both pairs. No
    term compares a sample or a code with its reconstruction.

    Objective:
        D:    min  E_x[-log D(x, F(x))] + E_z[-log(1 - D(G(z), z))]
        G, F: min  1/2 E_z[-log D(G(z), z)] + 1/2 E_x[-log(1 - D(x, F(x)))]
        saturating: G, F: min  1/2 E_z[log(1 - D(G(z), z))] + 1/2 E_x[log D(x, F(x))]

    | paper | attribute |
    |---|---|
    | E | `encoder` (F) |
    | D(x, z), before its sigmoid | `discriminator` |

    `adversarial_fake` teaches G alone and `adversarial_real` F alone: each is in one of the pairs.

    Reference:
        Donahue, Krähenbühl, Darrell, Adversarial Feature Learning, 2017, eq. 3 and 3.4; the weights
        of 1/2 are those of the authors' code. On points: LDMGAN, 5.1.

    Differences from the paper:
        z is N(0, I), not uniform on [-1, 1]. No weight decay (there 2.5e-5). D's step comes before
        that of G and F, which then see the new D and fresh codes; there both come at once.
    """

    def generator_loss(self, batch):
        """Have the discriminator take the pairs of G for those of F, and the other way round."""
        z = self.draw_latents(batch)
        fake_logits = self.pair_logits(self.fake(z, batch), z, batch)
        real_logits = self.pair_logits(batch.x, self.shown_code(batch), batch)
        # The sign of the logits of real pairs is turned: to F their label is 0.
        return {
            "adversarial_fake": losses.generator_loss(fake_logits, self.adversarial) / 2,
            "adversarial_real": losses.generator_loss(-real_logits, self.adversarial) / 2,
        }


METHOD = BiGAN
