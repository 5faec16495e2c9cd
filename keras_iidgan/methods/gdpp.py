"""GDPP: the generator matches the spectrum of the data's features, and so their diversity."""

import keras

from keras_iidgan import checks, losses
from keras_iidgan.methods._features import FeatureTerms
from keras_iidgan.methods.gan import GAN


@keras.saving.register_keras_serializable("keras_iidgan")
class GDPP(FeatureTerms, GAN):
    """A GAN whose generator matches the kernel of D's features of real data.

    The kernel of a determinantal point process holds how alike the samples of a batch are, two by
    two. Its eigenvalues say how large the modes of a batch are and its eigenvectors which rows
    belong to them; a generator that loses modes has a kernel of fewer large eigenvalues.

    Objective, with L = f f^T [B, B] of D's features f in rows of norm 1, its eigenvalues w and
    eigenvectors v, and m the real eigenvalues scaled to [0, 1]:
        D: min  E_x[-log D(x)] + E_z[-log(1 - D(G(z)))]
        G: min  adversarial_weight E_z[-log D(G(z))]
                + eigenvalue_weight 1/B sum_i (w_i^real - w_i^fake)^2
                - eigenvector_weight sum_i m_i <v_i^real, v_i^fake>

    | paper | attribute |
    |---|---|
    | phi, D without its last layer | features of `discriminator` |
    | L_m, L_s | terms `eigenvalue`, `eigenvector` |

    D learns from its own loss alone, and G from all three terms.

    Args:
        adversarial_weight: 0.5, as in the original, which halves the sum of both losses.
        eigenvalue_weight: 0.5 * 1e-4, as in the original.
        eigenvector_weight: 0.5, as in the original.
        absolute: take |<v^real, v^fake>|, since the sign of an eigenvector is arbitrary.

    Reference:
        Elfeki, Couprie, Riviere, Elhoseiny, GDPP: Learning Diverse Generations using Determinantal
        Point Processes, 2019, eq. 5 to 7. Its setting for points: batch 512, M 256, networks of
        two layers of 128 tanh, Adam with beta_1 0.5, 1e-3 for G and 1e-4 for D, 25,000 steps.

    Differences from the paper:
        The weight 1e-4 and the halving are those of its code; the paper has neither. In float64,
        with derivatives of eigenvectors that are 0 at repeated eigenvalues, where the original's
        are infinite; see `losses.spectral.eigh`. The original takes the signs of eigenvectors as
        its library gives them; here the sum of a vector's entries is positive. Under several
        replicas the kernel is that of the global batch.
    """

    def __init__(
        self,
        *,
        adversarial_weight=0.5,
        eigenvalue_weight=0.5e-4,
        eigenvector_weight=0.5,
        absolute=False,
        **kwargs,
    ):
        checks.at_least("eigenvalue_weight", eigenvalue_weight, 0)
        checks.at_least("eigenvector_weight", eigenvector_weight, 0)
        checks.boolean("absolute", absolute)
        super().__init__(adversarial_weight=adversarial_weight, **kwargs)
        self.eigenvalue_weight, self.eigenvector_weight = eigenvalue_weight, eigenvector_weight
        self.absolute = absolute

    def feature_terms(self, real_features, fake_features):
        """Return the terms of both spectra, of features [B, K] each."""
        values, vectors = losses.gdpp(real_features, fake_features, absolute=self.absolute)
        return {
            "eigenvalue": self.eigenvalue_weight * values,
            "eigenvector": self.eigenvector_weight * vectors,
        }


METHOD = GDPP
