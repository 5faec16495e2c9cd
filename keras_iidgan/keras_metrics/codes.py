"""How far the codes of an encoder are from N(0, I)."""

import keras
from keras import ops

from keras_iidgan import checks
from keras_iidgan.keras_metrics.base import PACKAGE, Sums
from keras_iidgan.keras_metrics.moments import MomentSums


class _CodeSums(Sums):
    """Adds up codes.

    Args:
        latent_dim: M.
        name: what logs call it.
        dtype: see `Sums`.

    Raises:
        ValueError: `latent_dim` isn't a whole number of at least 1.
    """

    def __init__(self, latent_dim, name=None, dtype="float64"):
        super().__init__(name, dtype)
        checks.whole("latent_dim", latent_dim, 1)
        self.latent_dim = latent_dim
        self.codes = MomentSums(self, latent_dim, "codes")

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add codes.

        Args:
            y_true: not looked at; Keras passes it.
            y_pred: [B, M], codes of real data.
            sample_weight: [B], for how many codes each counts; None is 1.
        """
        del y_true
        z = self.rows(y_pred, self.latent_dim)
        self.codes.update(z, self.weights(z, sample_weight))

    def get_config(self):
        """Return the constructor's arguments."""
        return super().get_config() | {"latent_dim": self.latent_dim}


@keras.saving.register_keras_serializable(PACKAGE)
class CodesMean(_CodeSums):
    """Distance of the codes' mean from 0.

    Formula: ||mu||_2, mu = 1/N sum_i z_i; near sqrt(M / N) for N draws of N(0, I).

    Args:
        latent_dim: M.
        name: what logs call it.
        dtype: see `Sums`.

    Raises:
        ValueError: `latent_dim` isn't a whole number of at least 1.

    Reference: IID-GAN, eq. 4 and 11; `metrics.code_moments`.
    """

    def __init__(self, latent_dim, name="codes_mean", dtype="float64"):
        super().__init__(latent_dim, name, dtype)

    def result(self):
        """Return the distance so far."""
        return ops.norm(self.codes.moments()[0])


@keras.saving.register_keras_serializable(PACKAGE)
class CodesCovariance(_CodeSums):
    """Distance of the codes' covariance from I.

    Formula: ||S - I||_F, S = 1/N sum_i (z_i - mu) (z_i - mu)^T; near sqrt(M (M + 1) / N) for N
    draws of N(0, I).

    Args:
        latent_dim: M.
        name: what logs call it.
        dtype: see `Sums`.

    Raises:
        ValueError: `latent_dim` isn't a whole number of at least 1.

    Reference: IID-GAN, eq. 4 and 11; `metrics.code_moments`.
    """

    def __init__(self, latent_dim, name="codes_covariance", dtype="float64"):
        super().__init__(latent_dim, name, dtype)

    def result(self):
        """Return the distance so far."""
        apart = self.codes.moments()[1] - ops.eye(self.latent_dim, dtype=self.dtype)
        return ops.sqrt(ops.sum(ops.square(apart)))
