"""BuresGAN: the generator matches the covariance of the data's features."""

import keras

from keras_iidgan import checks, losses
from keras_iidgan.methods._features import FeatureTerms
from keras_iidgan.methods.gan import GAN


@keras.saving.register_keras_serializable("keras_iidgan")
class BuresGAN(FeatureTerms, GAN):
    """A GAN whose generator matches the covariance of D's features of real data.

    The Bures distance is the part of the 2-Wasserstein distance of two Gaussians that their
    covariances make. A generator that loses modes has features of a smaller covariance than the
    data.

    Objective, with D's features f centred on their mean and scaled to rows of norm 1, C = f^T f:
        D: min  E_x[-log D(x)] + E_z[-log(1 - D(G(z)))]
        G: min  adversarial_weight E_z[-log D(G(z))]
                + bures_weight (tr C_real + tr C_fake - 2 tr (C_real C_fake)^(1/2))

    | paper | attribute |
    |---|---|
    | phi, D without its last layer | features of `discriminator` |
    | lambda | `bures_weight` / `adversarial_weight` |

    D learns from its own loss alone, and G from both terms.

    Args:
        adversarial_weight: 0.5, as in the original's code, which halves the sum of both losses.
        bures_weight: 0.5, as in the original's code: lambda = 1.

    Reference:
        De Meulemeester, Schreurs, Fanuel, De Moor, Suykens, The Bures Metric for Generative
        Adversarial Networks, 2021. Its setting for points: batch 256, M 256, networks of two layers
        of 128 tanh, Adam(1e-3, beta_1=0.5), 25,000 steps.

    Differences from the paper:
        The singular values of f_real f_fake^T, from eigenvalues, instead of 15 steps of Newton and
        Schulz to a root of their squares. Covariances are sums over the batch, as in its code, so
        the term grows with B. Under several replicas they are those of the global batch.
    """

    def __init__(self, *, adversarial_weight=0.5, bures_weight=0.5, **kwargs):
        checks.at_least("bures_weight", bures_weight, 0)
        super().__init__(adversarial_weight=adversarial_weight, **kwargs)
        self.bures_weight = bures_weight

    def feature_terms(self, real_features, fake_features):
        """Return the Bures term of features [B, K] each."""
        return {"bures": self.bures_weight * losses.bures(real_features, fake_features)}


METHOD = BuresGAN
