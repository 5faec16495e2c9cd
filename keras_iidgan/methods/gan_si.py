"""GAN-SI: a GAN whose generator also maximises the likelihood of a semi-implicit model."""

import keras

from keras_iidgan.methods._si_terms import SITerms
from keras_iidgan.methods.gan import GAN


@keras.saving.register_keras_serializable("keras_iidgan")
class GANSI(SITerms, GAN):
    """A GAN with the semi-implicit regulariser: SIG's likelihood holds every mode of the data.

    Objective:
        D: min  E_x[-log D(x)] + E_z[-log(1 - D(G(z)))]
        G: min  E_z[-log D(G(z))] - lambda E_x log 1/M sum_j N(x; G(z_j), s^2 I)

    | paper | attribute |
    |---|---|
    | T_phi, D_gamma | `generator`, `discriminator` |
    | lambda | `semi_implicit_weight` |
    | M, sigma | `mixture_draws`, `scale` |

    D learns from its own loss alone, and G from both terms.

    Reference:
        Yin and Zhou, Semi-implicit generative model, 2018, eq. 11 and 12: DCGAN-SI with the
        networks of DCGAN, 100,000 steps of batch 64 with Adam(2e-4) on CIFAR-10.

    Differences from the paper:
        Eq. 12, and not line 6 of algorithm 1, whose second sign would minimise the likelihood. The
        algorithm takes both terms of G on the same draws of z; here each has its own.
    """


METHOD = GANSI
