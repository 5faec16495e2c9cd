"""WGAN-GP-SI: the semi-implicit regulariser on a Wasserstein GAN with gradient penalty."""

import keras

from keras_iidgan.methods._si_terms import SITerms
from keras_iidgan.methods.wgan_gp import WGANGP


@keras.saving.register_keras_serializable("keras_iidgan")
class WGANGPSI(SITerms, WGANGP):
    """WGAN-GP whose generator also makes the data likely under the mixture of its samples.

    Objective:
        D: as of WGAN-GP
        G: min  -E_z[D(G(z))] - lambda E_x log 1/M sum_j N(x; G(z_j), s^2 I)

    | paper | attribute |
    |---|---|
    | T_phi, D_gamma | `generator`, `discriminator` |
    | lambda | `semi_implicit_weight` |
    | M, sigma | `mixture_draws`, `scale` |

    The critic's turns are those of WGAN-GP. G learns from both terms, on the last batch that the
    critic saw.

    Reference:
        Yin and Zhou, Semi-implicit generative model, 2018, section 5.4 and eq. 12, on WGAN-GP.

    Differences from the paper:
        As of GANSI and WGANGP. A critic's score has no zero of its own, so its size, which the
        automatic lambda follows, is partly a matter of chance; a fixed lambda is not.
    """


METHOD = WGANGPSI
