"""What the metrics share: sums as state, in float64, and rows with their weights."""

import keras
from keras import ops

PACKAGE = "keras_iidgan"


class Sums(keras.metrics.Metric):
    """A metric whose state is sums over rows.

    Args:
        name: what logs call it.
        dtype: of the state. float32 holds no count above 2^24, and loses the digits of a
            covariance far from 0, so the default is float64.
    """

    def __init__(self, name, dtype="float64"):
        super().__init__(name=name, dtype=dtype)

    def add_sum(self, name, shape=()):
        """Add a variable of zeros that replicas sum over."""
        return self.add_variable(shape, "zeros", dtype=self.dtype, name=name)

    def rows(self, values, dim, argument="y_pred"):
        """Return values as rows [B, dim] of the metric's dtype; of more axes, all are flattened.

        Raises:
            ValueError: a row has another number of values.
        """
        values = ops.cast(ops.convert_to_tensor(values), self.dtype)
        shape = values.shape[1:]
        flat = values if len(shape) == 1 else ops.reshape(values, [-1, *_flat(shape)])
        if flat.shape[-1] != dim:
            raise ValueError(f"{argument} must have {dim} values a row; got {tuple(shape)}")
        return flat

    def weights(self, rows, sample_weight):
        """Return the weight of every row, [B]; 1 each without a `sample_weight` [B] or [B, 1]."""
        if sample_weight is None:
            return ops.ones_like(rows[:, 0])
        return ops.reshape(ops.cast(sample_weight, self.dtype), [-1])


def _flat(shape):
    size = 1
    for length in shape:
        size *= length
    return [size]


def share(part, whole):
    """Return part / whole, 0 where nothing was seen yet."""
    return ops.where(whole > 0, part / ops.where(whole > 0, whole, 1), 0)


def x_log_ratio(x, y):
    """Return x log(x / y), 0 where x is 0."""
    ratio = ops.where(x > 0, x, 1) / ops.where(y > 0, y, 1)
    return ops.where(x > 0, x * ops.log(ratio), ops.zeros_like(x))
