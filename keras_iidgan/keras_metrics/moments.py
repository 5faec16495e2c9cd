"""Sums that a mean and a covariance come from."""

from keras import ops


class MomentSums:
    """Weight, sum and products of rows, kept in variables of a metric.

    Formula: mu = s / n, S = P / n - mu mu^T, with n = sum w_i, s = sum w_i x_i and
    P = sum w_i x_i x_i^T.

    Replicas can add these up, which they can't do with means. The price is rounding: where means
    are 10^k standard deviations from 0, S loses 2k of float64's 16 digits.

    Args:
        metric: a `Sums`, which gets the variables.
        dim: D.
        name: begins the variables' names.
    """

    def __init__(self, metric, dim, name):
        self.count = metric.add_sum(f"{name}_count")
        self.sum = metric.add_sum(f"{name}_sum", [dim])
        self.products = metric.add_sum(f"{name}_products", [dim, dim])

    def update(self, rows, weights):
        """Add rows [B, D] with weights [B]."""
        weighted = weights[:, None] * rows
        self.count.assign_add(ops.sum(weights))
        self.sum.assign_add(ops.sum(weighted, axis=0))
        self.products.assign_add(ops.matmul(ops.transpose(weighted), rows))

    def moments(self, unbiased=False):
        """Return mean [D] and covariance [D, D]; 0 while nothing was seen.

        Args:
            unbiased: whether to divide by n - 1 instead of n.
        """
        count = ops.maximum(self.count, 1)
        mean = self.sum / count
        covariance = self.products / count - mean[:, None] * mean[None, :]
        if unbiased:
            covariance *= count / ops.maximum(count - 1, 1)
        return mean, covariance
