"""A loss of moments, taken over groups of codes instead of the whole batch."""

import tensorflow as tf


def grouped(loss, z, groups, *, all_reduce=None):
    """The mean of a loss over the codes' own groups.

    Formula, with n_k the codes of group k in the global batch of N:
        mean_k = 1/n_k sum_{i in k} z_i
        cov_k  = 1/n_k sum_{i in k} (z_i - mean_k) (z_i - mean_k)^T
        value  = sum_k (n_k / N) loss(mean_k, cov_k)
    A group of fewer than two codes in the batch counts as one that is N(0, I) already: it has no
    covariance. One of at most M codes has a singular one, which pulls towards too small a scale.

    Args:
        loss: a function from (mean [M], cov [M, M]) to a scalar.
        z: codes, [B, M].
        groups: [B, K], one-hot.
        all_reduce: as of `moments`.

    Returns:
        A scalar.

    Reference: IID-GAN, appendix C, where the loss of the conditional model is "similar to the
    unconditioned case"; this is its reading class by class.
    """
    all_reduce = all_reduce or list
    z, groups = tf.cast(z, tf.float32), tf.cast(groups, tf.float32)
    counts, totals = all_reduce([tf.reduce_sum(groups, axis=0), tf.matmul(groups, z, True)])
    means = tf.math.divide_no_nan(totals, counts[:, None])  # [K, M]
    # Centred by its own group, and 0 in all others: [K, B, M].
    centred = tf.transpose(groups)[:, :, None] * (z[None] - means[:, None])
    squares = tf.cast(centred, tf.float64)  # As in `moments`.
    squares = tf.cast(tf.matmul(squares, squares, transpose_a=True), tf.float32)  # [K, M, M]
    (squares,) = all_reduce([squares])
    covariances = tf.math.divide_no_nan(squares, counts[:, None, None])
    has_covariance = counts >= 2
    means = tf.where(has_covariance[:, None], means, 0.0)
    identity = tf.eye(z.shape[-1])
    covariances = tf.where(has_covariance[:, None, None], covariances, identity)
    shares = counts / tf.reduce_sum(counts)
    values = [
        loss(mean, covariance)
        for mean, covariance in zip(tf.unstack(means), tf.unstack(covariances), strict=True)
    ]
    return tf.reduce_sum(shares * tf.stack(values))
