"""The Frechet distance between what a network gives and what it should give."""

import keras
from keras import ops

from keras_iidgan import checks
from keras_iidgan.keras_metrics.base import PACKAGE, Sums
from keras_iidgan.keras_metrics.moments import MomentSums


@keras.saving.register_keras_serializable(PACKAGE)
class FrechetDistance(Sums):
    """Squared Frechet (2-Wasserstein) distance of Gaussians with the moments of both.

    Formula: ||mu - mu'||^2 + tr(S) + tr(S') - 2 sum_i sqrt(l_i), l_i the eigenvalues of
    S^(1/2) S' S^(1/2); mu and S are mean and unbiased covariance of `y_pred`, the others of
    `y_true`. It is FID where both are features of the Inception network.

    Keras asks for the result after every batch, and this one costs O(D^3): with thousands of
    features keep it for `evaluate`.

    Args:
        dim: D, values a row; rows of more axes are flattened.
        name: what logs call it.
        dtype: see `Sums`.

    Raises:
        ValueError: `dim` isn't a whole number of at least 1.

    Reference: Dowson and Landau, 1982; `metrics.frechet_distance`.
    """

    def __init__(self, dim, name="frechet_distance", dtype="float64"):
        super().__init__(name, dtype)
        checks.whole("dim", dim, 1)
        self.dim = dim
        self.real, self.fake = MomentSums(self, dim, "real"), MomentSums(self, dim, "fake")

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add rows of both.

        Args:
            y_true: [B, ...] of D values a row: real samples, or their features.
            y_pred: the same of generated ones; row i has nothing to do with row i of `y_true`.
            sample_weight: [B], for how many rows each of both counts; None is 1.
        """
        for moments, values, name in (
            (self.real, y_true, "y_true"),
            (self.fake, y_pred, "y_pred"),
        ):
            rows = self.rows(values, self.dim, name)
            moments.update(rows, self.weights(rows, sample_weight))

    def result(self):
        """Return the distance so far."""
        real_mean, real = self.real.moments(unbiased=True)
        fake_mean, fake = self.fake.moments(unbiased=True)
        values, vectors = ops.linalg.eigh(real)
        root = vectors * ops.sqrt(ops.maximum(values, 0))
        # Symmetric as it stands only up to rounding, and `eigh` reads one half.
        cross = ops.matmul(ops.matmul(ops.transpose(root), fake), root)
        values, _ = ops.linalg.eigh((cross + ops.transpose(cross)) / 2)
        trace = ops.sum(ops.diagonal(real)) + ops.sum(ops.diagonal(fake))
        shift = ops.sum(ops.square(real_mean - fake_mean))
        roots = ops.sum(ops.sqrt(ops.maximum(values, 0)))
        return ops.maximum(shift + trace - 2 * roots, 0)

    def get_config(self):
        """Return the constructor's arguments."""
        return super().get_config() | {"dim": self.dim}
