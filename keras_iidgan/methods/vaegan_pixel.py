"""VAE/GAN with errors in the data's own space, as LDMGAN compares itself with."""

import keras

from keras_iidgan.methods.vaegan import VAEGAN


@keras.saving.register_keras_serializable("keras_iidgan")
class VAEGANPixel(VAEGAN):
    """VAEGAN for data of few dimensions and shallow networks: L_rec is that of x itself.

    Objective, as of VAEGAN but for
        L_rec = E 1/2 ||x - G(z')||^2        (-log N(x; G(z'), I), without its constant)

    | paper | attribute |
    |---|---|
    | gamma | `reconstruction_weight` |

    Args:
        reconstruction_weight: of the reconstruction in G's turn; not printed. 1, as the weights of
            LDMGAN beside it.

    Reference:
        LDMGAN, 5.1: "L2 loss on the data space".

    Differences from the paper:
        As of VAEGAN, the features aside.
    """

    def __init__(self, *, reconstruction_weight=1.0, **kwargs):
        super().__init__(reconstruction_weight=reconstruction_weight, **kwargs)

    def make_view(self):
        """Return the identity."""
        return lambda x, training: x


METHOD = VAEGANPixel
