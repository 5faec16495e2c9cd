"""How well real data come back from their codes."""

import keras
from keras import ops

from keras_iidgan import checks
from keras_iidgan.keras_metrics.base import PACKAGE, Sums, share

NORMS = ("l1", "l2")


@keras.saving.register_keras_serializable(PACKAGE)
class ReconstructionError(Sums):
    """Mean distance of real data from G(F(x)).

    Formula, d values a row:
        l1: 1/N sum_i 1/d ||x_i - G(F(x_i))||_1, the mean absolute error, as reports print it
        l2: 1/N sum_i ||x_i - G(F(x_i))||_2

    Args:
        norm: one of `NORMS`.
        name: what logs call it.
        dtype: see `Sums`.

    Raises:
        ValueError: the norm is unknown.

    Reference: IID-GAN, eq. 3.
    """

    def __init__(self, norm="l1", name="reconstruction_error", dtype="float64"):
        super().__init__(name, dtype)
        checks.one_of("norm", norm, NORMS)
        self.norm = norm
        self.total, self.samples = self.add_sum("total"), self.add_sum("samples")

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add distances.

        Args:
            y_true: [B, ...], real data.
            y_pred: [B, ...], what they came back as.
            sample_weight: [B], for how many rows each counts; None is 1.
        """
        apart = ops.cast(y_true, self.dtype) - ops.cast(y_pred, self.dtype)
        apart = ops.reshape(apart, [ops.shape(apart)[0], -1])
        if self.norm == "l1":
            distances = ops.mean(ops.abs(apart), axis=1)
        else:
            distances = ops.sqrt(ops.sum(ops.square(apart), axis=1))
        weights = self.weights(apart, sample_weight)
        self.total.assign_add(ops.sum(weights * distances))
        self.samples.assign_add(ops.sum(weights))

    def result(self):
        """Return the mean so far, 0 before the first row."""
        return share(self.total, self.samples)

    def get_config(self):
        """Return the constructor's arguments."""
        return super().get_config() | {"norm": self.norm}
