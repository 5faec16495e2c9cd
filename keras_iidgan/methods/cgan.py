"""The conditional GAN of Mirza and Osindero (2014), the baseline of conditional methods."""

import keras

from keras_iidgan.methods._conditional import Conditional
from keras_iidgan.methods.gan import GAN


@keras.saving.register_keras_serializable("keras_iidgan")
class CGAN(Conditional, GAN):
    """A GAN that is told the class of every sample.

    Objective:
        D: min  E_(x,c)[-log D(x, c)] + E_(z,c)[-log(1 - D(G(z, c), c))]
        G: min  E_(z,c)[-log D(G(z, c), c)]

    | paper | attribute |
    |---|---|
    | G(z, y) | `generator` |
    | D(x, y), before its sigmoid | `discriminator` |
    | y | c, one-hot |

    Reference:
        Mirza and Osindero, Conditional Generative Adversarial Nets, 2014, eq. 2.

    Differences from the paper:
        Non-saturating loss of the generator. The class joins x as further channels, as in the
        convolutional conditional GANs that followed, and not in a maxout layer of its own.
    """


METHOD = CGAN
