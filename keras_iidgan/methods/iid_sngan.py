"""IID-GAN's terms on a spectrally normalised GAN."""

import keras

from keras_iidgan.methods._iid_terms import IIDTerms
from keras_iidgan.methods.sngan import SNGAN


@keras.saving.register_keras_serializable("keras_iidgan")
class IIDSNGAN(IIDTerms, SNGAN):
    """SNGAN whose generator has an inverse F, with the codes F(x) of real data held at N(0, I).

    Objective:
        D:    as of SNGAN
        G, F: min  -E_z[D(G(z))]
                   + l_re (E|z - F(G(z))| + lambda E|x - G(F(x))|) + l_Gau L_Gau(F)

    | paper | attribute |
    |---|---|
    | F | `encoder` |
    | l_re, l_Gau, lambda | `cycle_weight`, `gaussian_weight`, `x_weight` |

    D's turns are those of SNGAN; F's kernels are not normalised. G learns from the adversarial and
    both cycle terms, F from both cycle terms and L_Gau, once a step, on the last batch that D saw.

    Reference:
        Shi, Li, Yan, IID-GAN: an IID Sampling Perspective for Regularizing Mode Collapse, eq. 7,
        as a plug-in of SNGAN.

    Differences from the paper:
        As of IIDGAN and SNGAN. The paper doesn't print the weights that it has with SNGAN.
    """


METHOD = IIDSNGAN
