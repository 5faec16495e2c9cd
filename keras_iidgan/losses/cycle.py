"""The cycle-consistency loss: how far a sample is from its reconstruction."""

import math

import tensorflow as tf

NORMS = ("l1", "l2", "l2_squared")
REDUCTIONS = ("mean", "sum")

# Keeps the gradient of the root finite at a perfect reconstruction.
_EPSILON = 1e-12


def cycle(x, reconstruction, *, norm="l1", reduction="mean"):
    """The mean over the batch of the distance between `x` and its reconstruction.

    Formula: with e = x - reconstruction of one sample, d values, averaged over the batch,
        norm         reduction sum               reduction mean
        l1           sum_i |e_i|                 1/d sum_i |e_i|
        l2           sqrt(sum_i e_i^2 + 1e-12)   sqrt(1/d sum_i e_i^2 + 1e-12)
        l2_squared   sum_i e_i^2                 1/d sum_i e_i^2

    The mean forms do not grow with d: an error of size a in every coordinate costs a, or a^2 when
    squared. So the sum is d times the mean for `l1` and `l2_squared`, and sqrt(d) times for `l2`.

    Args:
        x: samples, `[B, ...]`, of data or of codes.
        reconstruction: as `x`.
        norm: `l1`, `l2` (the root of the sum of squares per sample) or `l2_squared`.
        reduction: `mean` or `sum`, over the dimensions of a sample; the batch is always averaged.

    Returns:
        A float32 scalar.

    Raises:
        ValueError: `norm` or `reduction` is unknown, or the two shapes differ.

    Reference: IID-GAN, eq. 3 (l1); InvertGAN, eq. 5, and IID-GAN, eq. 16 (l2). The papers do not
    say how the norm is reduced; the mean is the reading under which lambda = d/M makes sense.
    """
    if norm not in NORMS:
        raise ValueError(f"norm must be one of {', '.join(NORMS)}; got {norm!r}")
    if reduction not in REDUCTIONS:
        raise ValueError(f"reduction must be one of {', '.join(REDUCTIONS)}; got {reduction!r}")
    x, reconstruction = tf.cast(x, tf.float32), tf.cast(reconstruction, tf.float32)
    if not x.shape.is_compatible_with(reconstruction.shape):
        raise ValueError(
            f"reconstruction must have the shape of x, {x.shape}; got {reconstruction.shape}"
        )
    error = x - reconstruction
    error = tf.abs(error) if norm == "l1" else tf.square(error)
    over = tf.reduce_mean if reduction == "mean" else tf.reduce_sum
    per_sample = over(error, axis=list(range(1, error.shape.rank)))  # [B]
    if norm == "l2":
        per_sample = tf.sqrt(per_sample + _EPSILON)
    return tf.reduce_mean(per_sample)


def x_weight(data_shape, latent_dim, norm="l1"):
    """The weight of the data cycle beside the latent cycle, both with reduction `mean`.

    Under it the two terms add up to the plain sum of the two norms, up to a common factor: a unit
    of error costs the same in a coordinate of x as in one of z.

    Formula: d / M, and sqrt(d / M) for `l2`, with d = product(data_shape), M = latent_dim

    Args:
        data_shape: the shape of one sample, without the batch.
        latent_dim: M, the number of latent dimensions.
        norm: the norm of both cycle terms.

    Returns:
        A float.

    Raises:
        ValueError: `norm` is unknown or a size is not positive.

    Reference: IID-GAN, below eq. 3, lambda = d / M for l1. The root for `l2` follows from the mean
    form of `cycle`; the paper does not treat it.
    """
    if norm not in NORMS:
        raise ValueError(f"norm must be one of {', '.join(NORMS)}; got {norm!r}")
    dimensions = math.prod(data_shape)
    if dimensions < 1 or latent_dim < 1:
        raise ValueError(
            f"data_shape and latent_dim must be positive; got {tuple(data_shape)} and {latent_dim}"
        )
    ratio = dimensions / latent_dim
    return math.sqrt(ratio) if norm == "l2" else ratio
