"""Samplers of mixtures of Gaussians with known failures."""

import numpy as np

RING = 2 * np.stack([np.cos(np.arange(8) * np.pi / 4), np.sin(np.arange(8) * np.pi / 4)], axis=1)
GRID = np.stack(np.meshgrid(*[2.0 * np.arange(-2, 3)] * 2), axis=-1).reshape(-1, 2)
STD = 0.03


def draw(rng, count, centers=RING, weights=None, scale=1.0, offset=0.0):
    """Return samples [count, 2] and the mode of each.

    Args:
        rng: a NumPy generator.
        count: of samples.
        centers: of the modes.
        weights: of the modes, which needn't sum to 1; None is equal ones.
        scale: times the standard deviation.
        offset: of all samples, in standard deviations along the first axis.
    """
    shares = None if weights is None else np.asarray(weights, float) / np.sum(weights)
    mode = rng.choice(len(centers), count, p=shares)
    x = centers[mode] + scale * STD * rng.standard_normal((count, 2))
    return x + np.array([offset * STD, 0]), mode


def without(dropped, modes=8):
    """Return weights that leave some modes out."""
    return np.where(np.isin(np.arange(modes), dropped), 0.0, 1.0)


def true_coverage(x, centers, least=0.02):
    """Share of the modes with at least `least` of a fair number of samples within 3 std."""
    apart = np.linalg.norm(x[:, None] - centers, axis=-1)
    good = apart.min(axis=1) <= 3 * STD
    counts = np.bincount(apart.argmin(axis=1)[good], minlength=len(centers))
    return (counts >= max(1, least * len(x) / len(centers))).mean()
