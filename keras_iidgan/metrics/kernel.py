"""Kernel Inception Distance, with its standard error, by TF-GAN."""

import numpy as np


def kid(generated, reference, *, block_size: int = 1000) -> dict[str, float]:
    """Unbiased squared maximum mean discrepancy of features under a cubic kernel.

    Formula: the mean over blocks, of at most `block_size` rows of each side, of
        mean_{i != j} k(x_i, x_j) + mean_{i != j} k(y_i, y_j) - 2 mean_ij k(x_i, y_j),
        k(x, y) = (x.y / D + 1)^3

    A perfect sampler has 0 on average, at any number of samples, and falls below it half the
    time: read it beside its standard error.

    Args:
        generated: features of generated images [N, D], in random order.
        reference: features of real images [R, D], in random order.
        block_size: rows of a block at most; time and memory grow with its square.

    Returns:
        `kid`, `kid_std_error` (from the spread over the blocks; 0 if there is but one), and
        `kid_samples` = N.

    Raises:
        ValueError: the shapes don't fit, a feature isn't finite, or a block would have one row.

    Reference:
        Binkowski et al., Demystifying MMD GANs, 2018; in the form of blocks as TF-GAN has it.
    """
    x, y = (_check(*pair) for pair in (("generated", generated), ("reference", reference)))
    if x.shape[1] != y.shape[1]:
        raise ValueError(
            f"generated must have the {y.shape[1]} features of the reference; got {x.shape[1]}"
        )
    blocks = -(-max(len(x), len(y)) // max(block_size, 1))
    if block_size < 2 or min(len(x), len(y)) < 2 * blocks:
        raise ValueError(
            f"block_size must leave 2 rows or more of each side in a block; got {block_size} "
            f"for {len(x)} and {len(y)} rows"
        )
    import tensorflow as tf

    from keras_iidgan.tfgan_shim import tfgan

    distance, error = tfgan().eval.kernel_classifier_distance_and_std_from_activations(
        tf.constant(y), tf.constant(x), max_block_size=block_size, dtype=tf.float64
    )
    return {
        "kid": float(distance),
        "kid_std_error": float(error) if blocks > 1 else 0.0,
        "kid_samples": float(len(x)),
    }


def _check(name, features):
    features = np.asarray(features, np.float64)
    if features.ndim != 2 or len(features) < 2:
        raise ValueError(f"{name} must have shape (N >= 2, D); got {features.shape}")
    if not np.isfinite(features).all():
        raise ValueError(f"{name} must be finite; got NaN or infinity")
    return features
