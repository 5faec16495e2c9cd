"""Kernel Inception Distance, with its standard error."""

import numpy as np


def kid(generated, reference, *, block_size: int = 1000, seed: int = 0) -> dict[str, float]:
    """Unbiased squared maximum mean discrepancy of features under a cubic kernel.

    Formula: the mean over B blocks, of at most `block_size` rows of each side, of
        mean_{i != j} k(x_i, x_j) + mean_{i != j} k(y_i, y_j) - 2 mean_ij k(x_i, y_j),
        k(x, y) = (x.y / D + 1)^3
    and its standard error, the sample standard deviation over the blocks by sqrt(B).

    A perfect sampler has 0 on average, at any number of samples, and falls below it half the
    time: read it beside its standard error.

    Args:
        generated: features of generated images [N, D].
        reference: features of real images [R, D].
        block_size: rows of a block at most; time and memory grow with its square.
        seed: of the order in which rows are dealt to blocks.

    Returns:
        `kid`, `kid_samples` = N, and, where there are two blocks or more, `kid_std_error`.

    Raises:
        ValueError: the shapes don't fit, a feature isn't finite, or a block would have one row.

    Reference:
        Binkowski et al., Demystifying MMD GANs, 2018; in blocks, as TF-GAN has it.
    """
    x, y = _check("generated", generated), _check("reference", reference)
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
    rng = np.random.default_rng(seed)
    dealt = [np.array_split(rng.permutation(len(rows)), blocks) for rows in (x, y)]
    distances = [
        _distance(x[mine].astype(np.float64), y[other].astype(np.float64))
        for mine, other in zip(*dealt, strict=True)
    ]
    found = {"kid": float(np.mean(distances)), "kid_samples": float(len(x))}
    if blocks > 1:
        found["kid_std_error"] = float(np.std(distances, ddof=1) / np.sqrt(blocks))
    return found


def _distance(x, y):
    return _mean_of_pairs(x) + _mean_of_pairs(y) - 2 * _kernel(x, y).mean()


def _mean_of_pairs(x):
    kernel = _kernel(x, x)
    return (kernel.sum() - np.trace(kernel)) / (len(x) * (len(x) - 1))


def _kernel(x, y):
    return (x @ y.T / x.shape[1] + 1) ** 3


def _check(name, features):
    features = np.asarray(features)  # Made float64 a block at a time.
    if features.ndim != 2 or len(features) < 2:
        raise ValueError(f"{name} must have shape (N >= 2, D); got {features.shape}")
    if not np.isfinite(features).all():
        raise ValueError(f"{name} must be finite; got NaN or infinity")
    return features
