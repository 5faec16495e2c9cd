"""IID-GAN's terms on a Wasserstein GAN with gradient penalty."""

import keras

from keras_iidgan.methods._iid_terms import IIDTerms
from keras_iidgan.methods.wgan_gp import WGANGP


@keras.saving.register_keras_serializable("keras_iidgan")
class IIDWGANGP(IIDTerms, WGANGP):
    """WGAN-GP whose generator has an inverse F, with the codes F(x) of real data held at N(0, I).

    Objective:
        D:    as of WGAN-GP
        G, F: min  -E_z[D(G(z))]
                   + l_re (E|z - F(G(z))| + lambda E|x - G(F(x))|) + l_Gau L_Gau(F)

    | paper | attribute |
    |---|---|
    | F | `encoder` |
    | l_re, l_Gau, lambda | `cycle_weight`, `gaussian_weight`, `x_weight` |

    The critic's turns are those of WGAN-GP. G learns from the adversarial and both cycle terms, F
    from both cycle terms and L_Gau, once a step, on the last batch that the critic saw.

    Reference:
        Shi, Li, Yan, IID-GAN: an IID Sampling Perspective for Regularizing Mode Collapse, eq. 7,
        as a plug-in of WGAN-GP.

    Differences from the paper:
        As of IIDGAN and WGANGP. The paper doesn't print the weights that it has with WGAN-GP.
    """


METHOD = IIDWGANGP
