"""VAE/GAN: a variational autoencoder that measures its errors by what a discriminator sees."""

import keras

from keras_iidgan import losses, networks
from keras_iidgan.methods._rebuilding import RebuildingGAN
from keras_iidgan.methods._variational import Variational


@keras.saving.register_keras_serializable("keras_iidgan")
class VAEGAN(Variational, RebuildingGAN):
    """A VAE and a GAN that share the generator, with errors in D's features in place of pixels.

    Each network has its own loss: D's is the game alone, F's never the game.

    Objective, with z' ~ N(m, diag exp(l)), (m, l) = F(x), and D_l the input of D's last layer:
        L_rec = E 1/2 ||D_l(x) - D_l(G(z'))||^2        (-log N(D_l(x); D_l(G(z')), I), no constant)
        D: min  E_x[-log D(x)] + E_z[-log(1 - D(G(z)))] + E_x[-log(1 - D(G(z')))]
        F: min  kl_weight E_x KL(N(m, diag exp(l)) || N(0, I)) + L_rec
        G: min  E_z[-log D(G(z))] + E_x[-log D(G(z'))] + reconstruction_weight L_rec

    | paper | attribute |
    |---|---|
    | Enc, Dec, Dis | `encoder`, `generator`, `discriminator` |
    | gamma | `reconstruction_weight` |
    | x_p, x~ | G(z), G(z') |

    Sums over dimensions, means over the batch. F learns from `kl` and `reconstruction`.

    Args:
        reconstruction_weight: gamma, of the reconstruction in G's turn: 5e-5 in the authors' code,
            1e-5 for CIFAR. The errors are summed over many features, the game is of one logit.

    Reference:
        Larsen et al., Autoencoding beyond pixels using a learned similarity metric, 2016,
        Algorithm 1; gamma from the authors' code.

    Differences from the paper:
        Non-saturating loss of G, whose weight is 1 in place of the code's 1 - gamma. The code also
        weighs real samples 1/2 in the game, generated and rebuilt ones 1/4 each; here, as printed,
        all alike. D_l is the last hidden layer; there a convolution amid D. No gating that skips
        the step of D or G while it is ahead. The networks step one after the other; there at once.
    """

    def __init__(self, *, reconstruction_weight=5e-5, **kwargs):
        super().__init__(reconstruction_weight=reconstruction_weight, **kwargs)
        self._view = self.make_view()

    def make_view(self):
        """Return the function of samples that they are compared by."""
        seen = networks.featured(self.discriminator)
        return lambda x, training: seen(x, training=training)[0]

    def reconstruction(self, x, rebuilt):
        """Return L_rec, a scalar, of samples and what became of them, [B, *data_shape] each."""
        views = (self._view(each, training=True) for each in (x, rebuilt))
        return losses.cycle(*views, norm="l2_squared", reduction="sum") / 2

    def encoder_loss(self, batch):
        """Keep the codes near N(0, I), and tell G what to rebuild."""
        rebuilt, terms = self.rebuild(batch)
        return terms | {"reconstruction": self.reconstruction(batch.x, rebuilt)}

    def generator_loss(self, batch):
        """Make samples of codes, drawn and found, that D takes for real, and rebuild."""
        x_fake = self.fake(self.draw_latents(batch), batch)
        rebuilt, _ = self.rebuild(batch)
        reconstruction = self.reconstruction_weight * self.reconstruction(batch.x, rebuilt)
        return self.fooling_terms(x_fake, rebuilt, batch) | {"reconstruction": reconstruction}


METHOD = VAEGAN
