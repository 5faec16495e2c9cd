"""Distances between the Gaussian of a batch of codes and N(0, I), on its mean and covariance.

Each is 0 at mean 0 and covariance I, and of the type of `mean`, float32 at least.
"""

import functools
import math
import warnings

import tensorflow as tf

# The least that is added to the diagonal before eigenvalues or a Cholesky factor are taken of a
# covariance that may be singular, and the least eigenvalue that is believed.
_JITTER = 1e-6
# Inside roots, so that their gradients are finite at 0.
_EPSILON = 1e-12


def p_norm(mean, cov, p=2.0):
    """The entrywise p-norms of the mean and of the covariance's distance from I.

    Formula: ||mean||_p + ||cov - I||_p, where ||A||_p = (sum_ij |A_ij|^p)^(1/p)

    Args:
        mean: `[M]`.
        cov: `[M, M]`.
        p: at least 1. With p = 1 and many dimensions the M^2 noisy entries of `cov` outweigh all
            else and the loss is least for codes that are far too small; 2 is recommended.

    Returns:
        A scalar.

    Raises:
        ValueError: `p` is not a finite number of at least 1.

    Reference: IID-GAN, eq. 11; InvertGAN, eq. 8-9, for the entrywise reading. p is not printed.
    """
    if not (math.isfinite(p) and p >= 1):
        raise ValueError(f"p must be a finite number >= 1; got {p}")
    mean, cov = _operands(mean, cov)
    dimensions = mean.shape[0] or 0
    if p == 1 and dimensions >= 10:
        warnings.warn(
            f"p_norm with p=1 shrinks codes of {dimensions} dimensions; use p=2", stacklevel=2
        )
    return _entrywise_norm(mean, p) + _entrywise_norm(cov - _identity(cov), p)


def w2(mean, cov, root=False):
    """The squared 2-Wasserstein distance between N(mean, cov) and N(0, I).

    Formula: ||mean||^2 + sum_i (sqrt(w_i) - 1)^2, with w the eigenvalues of cov

    This equals ||mean||^2 + tr(cov + I - 2 cov^(1/2)) without its cancellation near cov = I, and
    has no eigenvectors in it, so equal eigenvalues are harmless to the gradient.

    Args:
        mean: `[M]`.
        cov: `[M, M]`.
        root: take the distance itself, the square root.

    Returns:
        A scalar.

    Reference: IID-GAN, eq. 5 (squared); InvertGAN, eq. 6 (root). Ours adds to the
    diagonal the larger of 1e-6 and 1.2e-7 of the trace.
    """
    mean, cov = _operands(mean, cov)
    deviations = tf.sqrt(tf.maximum(_eigenvalues(cov), _JITTER)) - 1  # [M]
    squared = tf.reduce_sum(tf.square(mean)) + tf.reduce_sum(tf.square(deviations))
    return tf.sqrt(squared + _EPSILON) if root else squared


def w2_1d(mean, cov):
    """The squared 2-Wasserstein distance of each dimension from N(0, 1), summed.

    Blind to correlations; for many dimensions and small batches, where `cov` is mostly noise.

    Formula: sum_m mean_m^2 + (sigma_m - 1)^2, with sigma_m = sqrt(cov_mm + 1e-12)

    Args:
        mean: `[M]`.
        cov: `[M, M]`, of which only the diagonal is read, or the variances `[M]`.

    Returns:
        A scalar.

    Reference: IID-GAN, eq. 6. InvertGAN, eq. 11, is its root.
    """
    mean, cov = _operands(mean, cov)
    variances = tf.linalg.diag_part(cov) if cov.shape.rank == 2 else cov
    sigma = tf.sqrt(variances + _EPSILON)
    return tf.reduce_sum(tf.square(mean) + tf.square(sigma - 1))


def kl_pq(mean, cov):
    """KL(N(0, I) || N(mean, cov)), the divergence that the paper prints.

    Formula: 1/2 (log det cov - M + tr cov^-1 + mean^T cov^-1 mean)

    Its least value over the scale of the codes lies above scale 1 for a small batch.

    Args:
        mean: `[M]`.
        cov: `[M, M]`, of full rank: more codes than dimensions.

    Returns:
        A scalar; large but finite where `cov` is singular.

    Reference: IID-GAN, eq. 12; InvertGAN, eq. 7. The diagonal is treated as in `w2`.
    """
    standard, fitted, dtype = _normals(mean, cov)
    _, kl_divergence = _probability()
    return tf.cast(kl_divergence(standard, fitted), dtype)


def kl_qp(mean, cov):
    """KL(N(mean, cov) || N(0, I)), the direction of variational autoencoders.

    Formula: 1/2 (tr cov + ||mean||^2 - M - log det cov)

    Args:
        mean: `[M]`.
        cov: `[M, M]`, of full rank: more codes than dimensions.

    Returns:
        A scalar; large but finite where `cov` is singular.

    Reference: the other direction of IID-GAN, eq. 12; LDMGAN, eq. 10, is its diagonal case.
    """
    standard, fitted, dtype = _normals(mean, cov)
    _, kl_divergence = _probability()
    return tf.cast(kl_divergence(fitted, standard), dtype)


def _operands(mean, cov):
    """Both as tensors of one type, float32 at least."""
    mean = tf.convert_to_tensor(mean)
    dtype = tf.float64 if mean.dtype == tf.float64 else tf.float32
    return tf.cast(mean, dtype), tf.cast(cov, dtype)


def _identity(cov):
    return tf.eye(tf.shape(cov)[-1], dtype=cov.dtype)


def _jittered(cov):
    """`cov` with a diagonal that its own rounding errors cannot outweigh.

    Rounding to float32 moves an eigenvalue by at most 2^-24 of the Frobenius norm of `cov`, which
    is at most its trace.
    """
    rounding = 2.0**-23 * tf.stop_gradient(tf.linalg.trace(cov))
    return cov + tf.maximum(rounding, _JITTER) * _identity(cov)


def _eigenvalues(cov):
    """Of `cov` with jitter, `[M]`; NaN where an entry is not finite.

    The decomposition itself would raise on such entries, far from whoever watches the losses.
    """
    finite = tf.reduce_all(tf.math.is_finite(cov))
    eigenvalues = tf.linalg.eigvalsh(_jittered(tf.where(finite, cov, _identity(cov))))
    return tf.where(finite, eigenvalues, tf.constant(math.nan, cov.dtype))


def _entrywise_norm(tensor, p):
    """The p-norm of all entries; exact also where their p-th powers would leave float32."""
    magnitudes = tf.abs(tensor)
    # The norm is homogeneous, so it does not depend on this scale and neither does its gradient.
    scale = tf.stop_gradient(tf.maximum(tf.reduce_max(magnitudes), math.sqrt(_EPSILON)))
    total = tf.reduce_sum(tf.pow(magnitudes / scale, p))
    return scale * tf.pow(total + _EPSILON, 1 / p)


@functools.cache
def _probability():
    """TensorFlow Probability's normal and divergence; its import takes a second, so it is late."""
    with tf.init_scope():  # The first call may come while a graph is traced.
        from tensorflow_probability import distributions

        return distributions.MultivariateNormalTriL, distributions.kl_divergence


def _normals(mean, cov):
    """The normals N(0, I) and N(mean, cov), in float64, and the type to return.

    Near the minimum the terms of a divergence cancel beyond what float32 resolves, and a singular
    covariance with jitter is positive definite by little more than that.
    """
    mean, cov = _operands(mean, cov)
    dtype = mean.dtype
    mean, cov = tf.cast(mean, tf.float64), tf.cast(cov, tf.float64)
    normal, _ = _probability()
    standard = normal(tf.zeros_like(mean), _identity(cov))
    return standard, normal(mean, tf.linalg.cholesky(_jittered(cov))), dtype
