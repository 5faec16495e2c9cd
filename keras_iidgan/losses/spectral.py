"""Losses of the spectra of features: GDPP's and the Bures distance.

Both compare N generated with N real samples by their features under the discriminator, in float64.
"""

import math

import tensorflow as tf

# Eigenvalues closer than this, in a kernel whose mean eigenvalue is 1, count as equal to the
# gradient of their eigenvectors.
_GAP = 1e-3
# Squares below this count as 0 to a root, so that its gradient is finite there. XLA's eigenvectors
# are good to 1e-8, and what they miss is multiplied by the root's slope at 0, here 1e5.
_EPSILON = 1e-10
_LEAST_NORM = 1e-12


def gdpp(real_features, fake_features, *, absolute=False):
    """The two distances between the kernels of real and of generated features.

    Formula: with rows of norm 1, L = f f^T [N, N], its eigenvalues w_i in rising order with
    eigenvectors v_i, and m_i the real eigenvalues scaled to [0, 1] by their least and largest:
        eigenvalue  = 1/N sum_i (w_i^real - w_i^fake)^2
        eigenvector = -sum_i m_i <v_i^real, v_i^fake>        (|<., .>| if `absolute`)

    An eigenvector of a repeated eigenvalue is only known up to a rotation, and its derivative is
    infinite. Here that derivative is 0, and it is bounded near by; see `eigh`. The zeros of a
    kernel of fewer features than rows are such eigenvalues, but the real ones have the weight 0.

    Args:
        real_features: `[N, K]`.
        fake_features: `[N, K]`, of the same N.
        absolute: take the magnitude of each product, on which no convention of signs bears. Else
            a vector has the sign that makes the sum of its entries positive.

    Returns:
        `(eigenvalue, eigenvector)`: float32 scalars. For equal features they are 0 and -sum_i m_i.

    Reference: Elfeki et al., GDPP: Learning Diverse Generations using Determinantal Point
    Processes, 2019, eq. 5 and 6.
    """
    real_values, real_vectors = eigh(_kernel(_unit_rows(real_features)))
    fake_values, fake_vectors = eigh(_kernel(_unit_rows(fake_features)))
    eigenvalue = tf.reduce_mean(tf.square(real_values - fake_values))
    least = tf.reduce_min(real_values)
    weights = tf.math.divide_no_nan(real_values - least, tf.reduce_max(real_values) - least)
    products = tf.reduce_sum(real_vectors * fake_vectors, axis=0)  # [N]
    products = tf.abs(products) if absolute else products
    eigenvector = -tf.reduce_sum(weights * products)
    return tf.cast(eigenvalue, tf.float32), tf.cast(eigenvector, tf.float32)


def bures(real_features, fake_features):
    """The squared Bures distance between the covariances of real and of generated features.

    Formula: with features f centred on their mean and then scaled to rows of norm 1, C = f^T f:
        tr C_real + tr C_fake - 2 tr (C_real C_fake)^(1/2)

    The last trace is the sum of the singular values of f_real f_fake^T [N, N], so no covariance
    [K, K] is formed and no root of a matrix taken. The singular values are the roots of
    eigenvalues w, as w / sqrt(w + 1e-10), and the gradient of the sum is bounded where they are 0.

    Args:
        real_features: `[N, K]`.
        fake_features: `[N, K]`.

    Returns:
        A float32 scalar, from 0 (equal covariances) to 2 N (orthogonal ones).

    Reference: De Meulemeester et al., The Bures Metric for Generative Adversarial Networks, 2021,
    section 2. Its code sums over the batch, as here; with means the value would be N times less.
    """
    real, fake = (_unit_rows(_centred(f)) for f in (real_features, fake_features))
    cross = tf.matmul(real, fake, transpose_b=True)
    squares = eigenvalues(tf.matmul(cross, cross, transpose_b=True))  # [N]
    squares = tf.maximum(squares, 0)
    roots = squares / tf.sqrt(squares + _EPSILON)
    traces = tf.reduce_sum(tf.square(real)) + tf.reduce_sum(tf.square(fake))
    return tf.cast(traces - 2 * tf.reduce_sum(roots), tf.float32)


def eigh(matrix):
    """Eigenvalues and eigenvectors of a symmetric matrix, with finite gradients throughout.

    The derivative of the vectors has the factors 1 / (w_j - w_i). Here they are
        (w_j - w_i) / ((w_j - w_i)^2 + gap^2)
    which is 0 for equal eigenvalues, at most 1 / (2 gap), and off by a share (gap / difference)^2
    elsewhere: a millionth for eigenvalues a thousand gaps apart. The gap is 1e-3.

    Args:
        matrix: `[N, N]` float64, symmetric, with eigenvalues of order 1.

    Returns:
        `(values [N], vectors [N, N])` in rising order, vectors in columns, each in the sign that
        makes the sum of its entries positive; NaN where an entry is not finite.
    """

    @tf.custom_gradient
    def decompose(matrix):
        values, vectors = tf.linalg.eigh(_finite(matrix))
        vectors *= tf.where(tf.reduce_sum(vectors, axis=0) < 0, -tf.ones_like(values), 1)

        def gradient(d_values, d_vectors):
            difference = values[None, :] - values[:, None]  # w_j - w_i at [i, j]
            factors = difference / (tf.square(difference) + _GAP**2)
            inner = factors * tf.matmul(vectors, d_vectors, transpose_a=True)
            inner = tf.linalg.set_diag(inner, d_values)
            outer = tf.matmul(tf.matmul(vectors, inner), vectors, transpose_b=True)
            return (outer + tf.transpose(outer)) / 2

        return (_or_nan(values, matrix), _or_nan(vectors, matrix)), gradient

    return decompose(matrix)


def eigenvalues(matrix):
    """Eigenvalues `[N]` of a symmetric matrix `[N, N]`; NaN where an entry is not finite."""
    return _or_nan(tf.linalg.eigvalsh(_finite(matrix)), matrix)


def _finite(matrix):
    """The matrix, or I where an entry isn't finite, on which the decomposition itself raises."""
    identity = tf.eye(tf.shape(matrix)[-1], dtype=matrix.dtype)
    return tf.where(tf.reduce_all(tf.math.is_finite(matrix)), matrix, identity)


def _or_nan(values, matrix):
    finite = tf.reduce_all(tf.math.is_finite(matrix))
    return tf.where(finite, values, tf.constant(math.nan, values.dtype))


def _kernel(rows):
    return tf.matmul(rows, rows, transpose_b=True)


def _centred(features):
    features = tf.cast(features, tf.float64)
    return features - tf.reduce_mean(features, axis=0)


def _unit_rows(features):
    """Rows of norm 1, in float64; a row of zeros stays one."""
    return tf.math.l2_normalize(tf.cast(features, tf.float64), axis=1, epsilon=_LEAST_NORM)
