"""IID-GAN: real data are IID, so their codes must look like IID draws from N(0, I)."""

import keras

from keras_iidgan.methods._iid_terms import IIDTerms
from keras_iidgan.methods.gan import GAN


@keras.saving.register_keras_serializable("keras_iidgan")
class IIDGAN(IIDTerms, GAN):
    """A GAN whose generator has an inverse F, with the codes F(x) of real data held at N(0, I).

    Objective:
        D:    min  E_x[-log D(x)] + E_z[-log(1 - D(G(z)))]
        G, F: min  E_z[-log D(G(z))]
                   + l_re (E|z - F(G(z))| + lambda E|x - G(F(x))|) + l_Gau L_Gau(F)

    | paper | attribute |
    |---|---|
    | F | `encoder` |
    | D_z | `latent_discriminator` |
    | l_re, l_Gau, lambda | `cycle_weight`, `gaussian_weight`, `x_weight` |

    G learns from the adversarial and both cycle terms, F from both cycle terms and L_Gau.

    Reference:
        Shi, Li, Yan, IID-GAN: an IID Sampling Perspective for Regularizing Mode Collapse, eq. 7.

    Differences from the paper:
        Non-saturating adversarial loss, as in the peers that the paper follows. Cycle terms are
        means over dimensions; see `IIDRegularizer`. Eq. 13 leaves out the weights; they are kept.
    """


METHOD = IIDGAN
