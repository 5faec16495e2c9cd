"""The likelihood of data under a semi-implicit model, p(x) = E_z p(x | theta = G(z)).

The mixture of M draws of theta is TensorFlow Probability's. The densities of its components come
from the product of all x with all theta, [N, M]; the library would form all differences, [N, M, d].
"""

import functools
import math

import tensorflow as tf

LIKELIHOODS = ("gaussian", "poisson")

# The least rate of a Poisson: its logarithm is finite, and it makes a count of 0 all but sure.
_LEAST_RATE = 1e-20


def semi_implicit_loss(x, theta, *, likelihood="gaussian", scale=0.1):
    """The cross-entropy H_M of data under the mixture of M draws, an upper bound of that of p(x).

    Formula: -1/N sum_i log 1/M sum_j p(x_i | theta_j), with
        gaussian  log p(x | theta) = -|x - theta|^2 / (2 s^2) - d/2 log(2 pi s^2)
        poisson   log p(x | theta) = sum_k x_k log theta_k - theta_k - log x_k!

    Its expectation falls with M, to the cross-entropy itself. Memory is that of [N, M], in float64.

    Args:
        x: data, `[N, *shape]`; counts 0, 1, ... for `poisson`.
        theta: draws G(z), `[M, *shape]`; rates, above 0, for `poisson`.
        likelihood: `gaussian` or `poisson`.
        scale: s, the standard deviation of the Gaussian in units of x.

    Returns:
        A float32 scalar in nats.

    Raises:
        ValueError: `likelihood` is unknown.

    Reference: Yin and Zhou, Semi-implicit generative model, eq. 6 and below.
    """
    mixture = semi_implicit_mixture(_flat(theta), likelihood, scale)
    return -tf.reduce_mean(mixture.log_prob(_flat(x)))


def semi_implicit_mixture(theta, likelihood="gaussian", scale=0.1):
    """Return the mixture 1/M sum_j p(. | theta_j) as a TensorFlow Probability distribution.

    Args:
        theta: `[M, d]`.
        likelihood: as of `semi_implicit_loss`.
        scale: as of `semi_implicit_loss`.

    Returns:
        A `tfd.MixtureSameFamily` with events `[d]`; its `log_prob` takes `[N, d]`.
    """
    if likelihood not in LIKELIHOODS:
        raise ValueError(f"likelihood must be one of {', '.join(LIKELIHOODS)}; got {likelihood!r}")
    distributions, gaussians, poissons = _probability()
    theta = tf.cast(theta, tf.float32)
    shares = distributions.Categorical(logits=tf.zeros(tf.shape(theta)[:1]))
    if likelihood == "gaussian":
        components = gaussians(distributions.Normal(theta, scale), 1)
    else:
        components = poissons(distributions.Poisson(tf.maximum(theta, _LEAST_RATE)), 1)
    return distributions.MixtureSameFamily(shares, components)


def semi_implicit_floor(dimensions, scale):
    """Return the least cross-entropy of the Gaussian form: that of data which all theta equal.

    Formula: d/2 log(2 pi s^2)

    Args:
        dimensions: d.
        scale: s.
    """
    return 0.5 * dimensions * math.log(2 * math.pi * scale**2)


def draw_observations(theta, seed, *, likelihood="gaussian", scale=0.1):
    """Draw x ~ p(x | theta), one for each row.

    Args:
        theta: `[N, *shape]`.
        seed: `[2]` integers.
        likelihood: as of `semi_implicit_loss`.
        scale: as of `semi_implicit_loss`.

    Returns:
        float32 tensor of the shape of `theta`.
    """
    if likelihood == "poisson":
        rate = tf.maximum(theta, _LEAST_RATE)
        return tf.random.stateless_poisson(tf.shape(theta), seed, rate, tf.float32)
    return theta + scale * tf.random.stateless_normal(tf.shape(theta), seed)


def gaussian_log_densities(x, theta, scale):
    """Return log p(x_i | theta_j), [N, M] float64, of `[N, d]` and `[M, d]`."""
    x, theta, scale = (tf.cast(each, tf.float64) for each in (x, theta, scale))
    products = tf.matmul(x, theta, transpose_b=True)  # In float64, so their rounding is harmless.
    lengths = tf.reduce_sum(x**2, axis=1)[:, None] + tf.reduce_sum(theta**2, axis=1)
    distances = tf.maximum(lengths - 2 * products, 0)
    dimensions = tf.cast(tf.shape(x)[1], tf.float64)
    constant = dimensions * (0.5 * math.log(2 * math.pi) + tf.math.log(scale))
    return -distances / (2 * scale**2) - constant


def poisson_log_densities(x, rate):
    """Return log p(x_i | theta_j), [N, M] float64, of counts `[N, d]` and rates `[M, d]`."""
    x, rate = tf.cast(x, tf.float64), tf.cast(rate, tf.float64)
    products = tf.matmul(x, tf.math.log(rate), transpose_b=True)
    factorials = tf.reduce_sum(tf.math.lgamma(x + 1), axis=1)
    return products - tf.reduce_sum(rate, axis=1) - factorials[:, None]


def _flat(rows):
    """Rows as vectors: [N, *shape] -> [N, d]."""
    return tf.reshape(tf.cast(rows, tf.float32), [-1, math.prod(rows.shape[1:])])


@functools.cache
def _probability():
    """TensorFlow Probability's distributions, and products of its Normal and its Poisson.

    Its import takes a second, so it is late. The mixture hands x to its components as [N, 1, d].
    """
    with tf.init_scope():  # The first call may come while a graph is traced.
        from tensorflow_probability import distributions

    class Gaussians(distributions.Independent):
        def _log_prob(self, x):
            normal = self.distribution
            densities = gaussian_log_densities(x[:, 0], normal.loc, normal.scale)
            return tf.cast(densities, tf.float32)

    class Poissons(distributions.Independent):
        def _log_prob(self, x):
            densities = poisson_log_densities(x[:, 0], self.distribution.rate)
            return tf.cast(densities, tf.float32)

    return distributions, Gaussians, Poissons
