"""Which known modes the points of a generator fall into."""

import keras
import numpy as np
from keras import ops

from keras_iidgan import checks
from keras_iidgan.keras_metrics.base import PACKAGE, Sums, share, x_log_ratio


class _ModeSums(Sums):
    """Counts the good points of each mode.

    A point belongs to the nearest centre and is good within `radius * std` of it. One that isn't
    finite belongs to none, and counts as a bad sample.

    Args:
        centers: [K, d], the means of the modes.
        std: standard deviation of a mode along each axis.
        radius: in standard deviations.
        name: what logs call it.
        dtype: see `Sums`.

    Raises:
        ValueError: `centers` is no finite matrix, or `std` or `radius` isn't above 0.
    """

    def __init__(self, centers, std, *, radius=3.0, name=None, dtype="float64"):
        super().__init__(name, dtype)
        self.centers = _matrix(centers)
        checks.above("std", std, 0)
        checks.above("radius", radius, 0)
        self.std, self.radius = std, radius
        self.good = self.add_sum("good", [len(self.centers)])
        self.samples = self.add_sum("samples")

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Count points.

        Args:
            y_true: not looked at; Keras passes it.
            y_pred: [B, d], generated points.
            sample_weight: [B], for how many points each counts; None is 1.
        """
        del y_true
        x = self.rows(y_pred, self.centers.shape[1])  # [B, d]
        weights = self.weights(x, sample_weight)
        finite = ops.all(ops.isfinite(x), axis=1)
        apart = ops.where(finite[:, None], x, 0)[:, None] - ops.cast(self.centers, self.dtype)
        squares = ops.sum(ops.square(apart), axis=2)  # [B, K]
        good = finite & (ops.sqrt(ops.min(squares, axis=1)) <= self.radius * self.std)
        modes = ops.one_hot(ops.argmin(squares, axis=1), len(self.centers), dtype=self.dtype)
        self.good.assign_add(ops.matmul(ops.cast(good, self.dtype) * weights, modes))
        self.samples.assign_add(ops.sum(weights))

    def get_config(self):
        """Return the constructor's arguments."""
        own = {"centers": self.centers.tolist(), "std": self.std, "radius": self.radius}
        return super().get_config() | own


@keras.saving.register_keras_serializable(PACKAGE)
class ModeCoverage(_ModeSums):
    """Number of modes that have good samples.

    Formula: #{k : n_k >= threshold}, n_k the good samples of mode k.

    Args:
        centers: [K, d], the means of the modes.
        std: standard deviation of a mode along each axis.
        threshold: good samples that a covered mode needs.
        radius: a point is good within this many standard deviations of its mode.
        name: what logs call it.
        dtype: see `Sums`.

    Raises:
        ValueError: an argument is out of its range.

    Reference: IID-GAN, section 5.1; `metrics.mode_metrics`.
    """

    def __init__(
        self, centers, std, *, threshold=1, radius=3.0, name="modes_covered", dtype="float64"
    ):
        super().__init__(centers, std, radius=radius, name=name, dtype=dtype)
        checks.whole("threshold", threshold, 1)
        self.threshold = threshold

    def result(self):
        """Return the number of modes covered so far."""
        return ops.sum(ops.cast(self.good >= self.threshold, self.dtype))

    def get_config(self):
        """Return the constructor's arguments."""
        return super().get_config() | {"threshold": self.threshold}


@keras.saving.register_keras_serializable(PACKAGE)
class HighQuality(_ModeSums):
    """Share of the samples that lie near a mode.

    Formula: sum_k n_k / N, n_k the good samples of mode k; 0 before the first.

    Args:
        centers: [K, d], the means of the modes.
        std: standard deviation of a mode along each axis.
        radius: a point is good within this many standard deviations of its mode.
        name: what logs call it.
        dtype: see `Sums`.

    Raises:
        ValueError: an argument is out of its range.

    Reference: IID-GAN, section 5.1; `metrics.mode_metrics`.
    """

    def __init__(self, centers, std, *, radius=3.0, name="high_quality", dtype="float64"):
        super().__init__(centers, std, radius=radius, name=name, dtype=dtype)

    def result(self):
        """Return the share so far."""
        return share(ops.sum(self.good), self.samples)


@keras.saving.register_keras_serializable(PACKAGE)
class ReverseKL(_ModeSums):
    """Divergence of the shares of the modes among the samples from the true ones.

    Formula: sum_k p_k log(p_k / w_k), p_k = n_k / N, n_k the good samples of mode k. As
    sum_k p_k may be below 1, so may the value be below 0; see `metrics.mode_metrics`.

    Args:
        centers: [K, d], the means of the modes.
        std: standard deviation of a mode along each axis.
        mode_weights: [K], w_k, above 0, of sum 1; None is 1/K each.
        radius: a point is good within this many standard deviations of its mode.
        name: what logs call it.
        dtype: see `Sums`.

    Raises:
        ValueError: an argument is out of its range.

    Reference: IID-GAN, section 5.1.
    """

    def __init__(
        self,
        centers,
        std,
        *,
        mode_weights=None,
        radius=3.0,
        name="reverse_kl",
        dtype="float64",
    ):
        super().__init__(centers, std, radius=radius, name=name, dtype=dtype)
        self.mode_weights = None
        if mode_weights is not None:
            self.mode_weights = shares("mode_weights", mode_weights, len(self.centers))

    def result(self):
        """Return the divergence so far."""
        modes = len(self.centers)
        weights = np.full(modes, 1 / modes) if self.mode_weights is None else self.mode_weights
        weights = ops.cast(ops.convert_to_tensor(weights), self.dtype)
        return ops.sum(x_log_ratio(share(self.good, self.samples), weights))

    def get_config(self):
        """Return the constructor's arguments."""
        weights = None if self.mode_weights is None else self.mode_weights.tolist()
        return super().get_config() | {"mode_weights": weights}


def _matrix(centers):
    centers = np.asarray(centers, np.float64)
    if centers.ndim != 2 or not centers.size or not np.isfinite(centers).all():
        raise ValueError(f"centers must be a finite matrix [K, d]; got shape {centers.shape}")
    return centers


def shares(argument, values, classes):
    """Return [K] as float64; ValueError unless they are above 0 and sum to 1."""
    values = np.asarray(values, np.float64)
    if values.shape != (classes,) or not (values > 0).all() or abs(values.sum() - 1) > 1e-6:
        raise ValueError(
            f"{argument} must be {classes} shares above 0 that sum to 1; got shape {values.shape} "
            f"with sum {values.sum():g}"
        )
    return values
