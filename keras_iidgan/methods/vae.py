"""The variational autoencoder of Kingma and Welling (2014): no game, and a known likelihood."""

import keras

from keras_iidgan import checks, losses
from keras_iidgan.methods._variational import Variational
from keras_iidgan.methods.base import Method, Turn


@keras.saving.register_keras_serializable("keras_iidgan")
class VAE(Variational, Method):
    """Generator and encoder maximise a lower bound of the likelihood of the data.

    The generator is the decoder: p(x given z) = N(G(z), decoder_std^2 I). With F(x) = (m, l) the
    encoder's mean and log variance, the loss is the negative bound in nats a sample.

    Objective, with z' = m + exp(l / 2) e, e ~ N(0, I):
        G, F: min  E_x,e[ sum_i (x_i - G(z')_i)^2 / (2 s^2) ] + d/2 log(2 pi s^2)
                   + kl_weight E_x[ 1/2 sum_m (exp(l_m) + m_m^2 - 1 - l_m) ]

    | paper | attribute |
    |---|---|
    | p_theta(x given z), its mean | `generator` |
    | q_phi(z given x) | `encoder` (F) |
    | s | `decoder_std` |

    The sums over dimensions and the mean over the batch are what makes the two terms a bound: a
    mean over dimensions would be another weight of the KL divergence.

    Args:
        decoder_std: standard deviation s of a value of x given its code, above 0. At 1 whatever
            differs by less is blurred into one; modes show if s is near their own width.
        generator: network z [B, M] -> mean of x [B, *data_shape].

    Reference:
        Kingma and Welling, Auto-Encoding Variational Bayes, 2014, eq. 10 with L = 1, and C.2.

    Differences from the paper:
        The variance of the decoder is given, not put out by it. Samples are the means G(z), without
        the noise of p(x given z).
    """

    roles = ("generator", "encoder")
    turns = (Turn("generator", updates=("generator", "encoder")),)

    def __init__(self, *, decoder_std=1.0, generator=None, **kwargs):
        checks.at_least("decoder_std", decoder_std, 0)
        if not decoder_std:
            raise ValueError(f"decoder_std must be above 0; got {decoder_std!r}")
        super().__init__(generator=generator, **kwargs)
        self.decoder_std = decoder_std

    def generator_loss(self, batch):
        """Rebuild samples from draws of their codes, and keep the codes near N(0, I)."""
        z_real, terms = self.encode(batch)
        rebuilt = self.generator(z_real, training=True)
        return terms | {"reconstruction": losses.gaussian_nll(batch.x, rebuilt, self.decoder_std)}


METHOD = VAE
