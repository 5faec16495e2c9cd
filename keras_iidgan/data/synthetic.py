"""Mixtures of 2-D isotropic Gaussians on a ring and on a grid.

Reference:
    IID-GAN (Li et al.), section 5.1: ring and grid, 100,000 points each. Its ring means are
    printed with a cosine in both places; (cos, sin) is meant, else they would lie on a line.
    Semi-implicit generative model (Yin and Zhou), Fig. 3: the uneven grid.

The standard deviations that IID-GAN prints look like variances (0.05 squared is 0.0025), so there
are three presets: `paper` takes the printed number as a standard deviation, `variance` takes it as
a variance, and `standard` is what most other papers use on these means.
"""

import functools

import numpy as np
from scipy.spatial import distance

from keras_iidgan.data.base import Assignment, Data, Dataset, check_positive

TRAIN_SIZE = 100_000
TEST_SIZE = 10_000
RING_PRESETS = {"paper": 0.001, "variance": 0.0316, "standard": 0.01}
GRID_PRESETS = {"paper": 0.0025, "variance": 0.05, "standard": 0.05}


def ring_centers() -> np.ndarray:
    """Returns [8, 2] float64 means (2 cos(i pi/4), 2 sin(i pi/4)), i = 1..8."""
    angle = np.arange(1, 9) * np.pi / 4
    return 2 * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def grid_centers() -> np.ndarray:
    """Returns [25, 2] float64 means (2i, 2j), i, j = -2..2; mode 5 (i+2) + (j+2)."""
    line = 2.0 * np.arange(-2, 3)
    return np.stack(np.meshgrid(line, line, indexing="ij"), axis=-1).reshape(-1, 2)


def nearest_mode(x, centers, std: float, radius: float = 3.0) -> Assignment:
    """Assigns every point to the nearest centre; it is good within `radius` std of it.

    Formula: mode = argmin_k ||x - c_k||, good = min_k ||x - c_k|| <= radius * std.

    Args:
        x: [N, d] points. One that isn't finite is bad and has mode -1.
        centers: [K, d].
        std: standard deviation of a mode along each axis, in the units of `x`.
        radius: in standard deviations.

    Returns:
        `Assignment` with `distance`.

    Raises:
        ValueError: `x` and `centers` don't fit, or `std` or `radius` isn't above 0.

    Reference:
        IID-GAN, section 5.1, footnote on quality.
    """
    x = np.asarray(x, np.float64)
    centers = np.asarray(centers, np.float64)
    if x.ndim != 2 or x.shape[1:] != centers.shape[1:]:
        raise ValueError(f"x must have shape (N, {centers.shape[1]}); got {x.shape}")
    check_positive("std", std)
    check_positive("radius", radius)
    finite = np.isfinite(x).all(axis=1)
    # The direct difference, not |x|^2 - 2xc + |c|^2: that one rounds away a std of 0.001.
    distances = distance.cdist(np.where(finite[:, None], x, 0), centers)  # [N, K]
    mode = np.where(finite, distances.argmin(axis=1), -1).astype(np.int32)
    nearest = np.where(finite, distances.min(axis=1), np.inf)
    return Assignment(mode, nearest <= radius * std, distance=nearest)


def _draw(rng, centers, std, parts, size):
    """Exactly size * parts_k / sum(parts) points of each mode, shuffled."""
    unit, rest = divmod(size, int(parts.sum()))
    if rest:
        raise ValueError(
            f"size must be a multiple of {parts.sum()}, so that every mode gets its exact share; "
            f"got {size}"
        )
    labels = rng.permutation(np.repeat(np.arange(len(centers), dtype=np.int32), unit * parts))
    x = centers[labels] + std * rng.standard_normal((size, centers.shape[1]))
    return x.astype(np.float32), labels


def _build(name, centers, parts, *, seed, std, size, data_dir):
    del data_dir  # Nothing is read.
    centers = centers()
    parts = np.asarray(parts)
    # Two streams, so that the test points don't depend on the number of training points.
    train, labels = _draw(np.random.default_rng([seed, 0]), centers, std, parts, size or TRAIN_SIZE)
    test, _ = _draw(np.random.default_rng([seed, 1]), centers, std, parts, TEST_SIZE)
    return Data(
        name=name,
        kind="points",
        train=train,
        test=test,
        num_modes=len(centers),
        assign=functools.partial(nearest_mode, centers=centers, std=std),
        mode_weights=parts / parts.sum(),
        labels=labels,
        centers=centers,
        std=std,
    )


def _mixture(name, centers, parts, presets):
    return Dataset(build=functools.partial(_build, name, centers, parts), presets=presets)


DATASETS = {
    "ring": _mixture("ring", ring_centers, np.ones(8, int), RING_PRESETS),
    "grid": _mixture("grid", grid_centers, np.ones(25, int), GRID_PRESETS),
    # Columns are those of equal x; the first, third and fifth have twice the data.
    "uneven_grid": _mixture(
        "uneven_grid", grid_centers, np.repeat([2, 1, 2, 1, 2], 5), GRID_PRESETS
    ),
}
