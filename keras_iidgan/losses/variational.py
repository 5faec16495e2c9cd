"""The two terms of a variational autoencoder's bound, by TensorFlow Probability."""

import functools

import tensorflow as tf


def kl_diagonal(mean, log_variance):
    """KL(N(mean, diag exp(log_variance)) || N(0, I)), of one Gaussian or of each of many.

    Formula: 1/2 sum_m (exp(l_m) + mean_m^2 - 1 - l_m), l = log_variance

    Args:
        mean: `[..., M]`.
        log_variance: `[..., M]`.

    Returns:
        float32 of shape `[...]`, summed over the M dimensions; 0 at mean 0 and log variance 0.

    Reference: Kingma and Welling, Auto-Encoding Variational Bayes, 2014, appendix B, with the sign
    turned; LDMGAN, eq. 10, with sigma the standard deviation.
    """
    mean, log_variance = tf.cast(mean, tf.float32), tf.cast(log_variance, tf.float32)
    distributions = _distributions()
    fitted = distributions.Normal(mean, tf.exp(log_variance / 2))
    divergences = distributions.kl_divergence(fitted, distributions.Normal(0.0, 1.0))  # [..., M]
    return tf.reduce_sum(divergences, axis=-1)


def gaussian_nll(x, mean, std=1.0):
    """The negative log-likelihood of samples under a Gaussian of one standard deviation.

    Formula, of one sample of d values: 1/2 sum_i (x_i - mean_i)^2 / std^2 + d/2 log(2 pi std^2),
    averaged over the batch

    Args:
        x: samples, `[B, ...]`.
        mean: as `x`.
        std: standard deviation of every value, above 0.

    Returns:
        A float32 scalar, in nats a sample: a sum over dimensions, a mean over the batch.

    Reference: Kingma and Welling, Auto-Encoding Variational Bayes, 2014, appendix C.2.
    """
    x, mean = tf.cast(x, tf.float32), tf.cast(mean, tf.float32)
    log_density = _distributions().Normal(mean, std).log_prob(x)  # As x.
    return -tf.reduce_mean(tf.reduce_sum(log_density, axis=list(range(1, x.shape.rank))))


@functools.cache
def _distributions():
    """TensorFlow Probability's distributions; the import takes a second, so it is late."""
    with tf.init_scope():  # The first call may come while a graph is traced.
        from tensorflow_probability import distributions

        return distributions
