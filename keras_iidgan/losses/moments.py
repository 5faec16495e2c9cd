"""Mean and covariance of a batch of codes, also when the batch is spread over replicas."""

import tensorflow as tf


def moments(z, *, all_reduce=None):
    """Mean and biased covariance of the global batch, in float32.

    Formula:
        mean = 1/N sum_i z_i
        cov  = 1/N sum_i (z_i - mean) (z_i - mean)^T

    The codes are centred before they are squared, so a mean far from 0 costs no digits of the
    covariance. Across replicas this takes two reductions: the sums and the counts, then the
    centred squares.

    Args:
        z: codes, `[B, M]`, of any floating type; B may differ between replicas.
        all_reduce: None where `z` is the whole batch. Else a function that takes a list of
            tensors and returns the list of their sums over all replicas, through which gradients
            flow; in a replica, `lambda tensors: context.all_reduce("sum", tensors)` with
            `context = tf.distribute.get_replica_context()`.

    Returns:
        `(mean, cov)`: float32 of shapes `[M]` and `[M, M]`. `cov` is symmetric.

    Raises:
        ValueError: `z` is not a matrix.

    Reference: IID-GAN, eq. 4, which divides by N, and writes codes as rows.
    """
    if z.shape.rank != 2:
        raise ValueError(f"z must have the shape [B, M]; got {z.shape}")
    if all_reduce is None:
        all_reduce = list
    z = tf.cast(z, tf.float32)
    count = tf.cast(tf.shape(z)[0], tf.float32)
    total, count = all_reduce([tf.reduce_sum(z, axis=0), count])
    mean = total / count  # [M]
    centred = z - mean  # [B, M]
    # A float32 product may run in TF32 on a GPU, which keeps 10 bits; float64 never does.
    centred = tf.cast(centred, tf.float64)
    squares = tf.cast(tf.matmul(centred, centred, transpose_a=True), tf.float32)  # [M, M]
    (squares,) = all_reduce([squares])
    return mean, squares / count
