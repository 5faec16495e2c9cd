"""Codes that show how a latent space is laid out: a plane, lines, a polar sheet, ways between two.

Every function returns float32 rows in the order in which a picture is read.
"""

import numpy as np
from scipy import special

KINDS = ("linear", "spherical")
# Below this sine of the angle between two codes their plane is lost in float32's rounding.
_LEAST_SINE = 1e-6


def plane(dim: int, size: int = 20, limit: float = 2.0) -> np.ndarray:
    """Places codes on a square grid over the first two dimensions, the others being 0.

    Args:
        dim: M, at least 2.
        size: codes along each side, at least 2.
        limit: the grid covers [-limit, limit].

    Returns:
        [size * size, M], row by row as a plot is read: dimension 1 grows from left to right, and
        dimension 2 falls from the top, `limit`, to the bottom.

    Raises:
        ValueError: `dim` or `size` is too small, or `limit` isn't above 0.

    Reference:
        IID-GAN (Li et al.), Fig. 15: 20 values between -2 and 2.
    """
    _check_least("size", size, 2)
    if not 0 < limit < np.inf:
        raise ValueError(f"limit must be a finite number above 0; got {limit!r}")
    across = np.linspace(-limit, limit, size)
    return _in_first_two(dim, *np.meshgrid(across, -across))


def traversal(z, dimension: int, values) -> np.ndarray:
    """Varies one dimension of a code and keeps the others.

    Args:
        z: [M], the code.
        dimension: which one varies, in 0..M-1.
        values: [V], what it is set to.

    Returns:
        [V, M].

    Raises:
        ValueError: `z` or `values` has another shape, or `dimension` is out of range.
    """
    z, values = np.asarray(z, np.float32), np.asarray(values, np.float32)
    for name, array in (("z", z), ("values", values)):
        if array.ndim != 1:
            raise ValueError(f"{name} must have 1 axis; got shape {array.shape}")
    if not 0 <= dimension < len(z):
        raise ValueError(f"dimension must be in 0..{len(z) - 1}; got {dimension!r}")
    codes = np.tile(z, (len(values), 1))
    codes[:, dimension] = values
    return codes


def even_angles(count: int) -> np.ndarray:
    """Returns `count` angles in radians at equal distances over the circle, from 0: float64."""
    _check_least("count", count, 1)
    return 2 * np.pi * np.arange(count) / count


def even_radii(dim: int, count: int) -> np.ndarray:
    """Splits N(0, I) into shells of equal probability and returns the median radius of each.

    Formula: chi_M^-1((i + 1/2) / count), i = 0..count-1; for M = 2 sqrt(-2 log(1 - p)).

    Args:
        dim: M, at least 1.
        count: number of radii.

    Returns:
        [count] float64, growing.

    Raises:
        ValueError: `dim` or `count` is below 1.
    """
    _check_least("dim", dim, 1)
    _check_least("count", count, 1)
    share = (np.arange(count) + 0.5) / count
    return np.sqrt(2 * special.gammaincinv(dim / 2, share))


def polar(dim: int, angles, radii) -> np.ndarray:
    """Places codes on a polar grid in the plane of the first two dimensions.

    Formula: z = (r cos a, r sin a, 0, ..., 0).

    With `even_angles` and `even_radii` every code stands for the same share of N(0, I) if M = 2. If
    M > 2 each has a norm that N(0, I) has, which codes near the origin of the plane wouldn't.

    Args:
        dim: M, at least 2.
        angles: [A], in radians.
        radii: [R].

    Returns:
        [A * R, M], row by row: the angle changes from row to row, the radius from left to right.

    Raises:
        ValueError: `dim` is below 2.

    Reference:
        IID-GAN (Li et al.), Figs. 10 and 11.

    Differences from the paper:
        It samples "uniformly" and doesn't state the range of the radius. Here radii are even in
        probability: no range has to be chosen, and the sheet shows what is sampled.
    """
    angle, radius = np.meshgrid(np.asarray(angles), np.asarray(radii), indexing="ij")
    return _in_first_two(dim, radius * np.cos(angle), radius * np.sin(angle))


def interpolate(z0, z1, steps: int, kind: str = "spherical") -> np.ndarray:
    """Goes from one code to another.

    Codes of N(0, I) in M dimensions have norms near sqrt(M). A straight line leaves that shell:
    half way between independent codes the norm is about sqrt(M / 2), where G was hardly ever
    trained. The spherical way turns at a constant rate in the plane of the two codes, by the angle
    w between them, while the norm goes evenly from one to the other.

    Formulas, with t = 0..1 and u = z / |z|:
        linear      (1 - t) z0 + t z1
        spherical   ((1 - t) |z0| + t |z1|) (sin((1 - t) w) u0 + sin(t w) u1) / sin(w)

    Parallel, opposite and zero codes have no such plane; the way between them is linear.

    Args:
        z0: [N, M].
        z1: [N, M].
        steps: number of codes, both ends included; at least 2.
        kind: "spherical" or "linear".

    Returns:
        [N * steps, M], the whole way of a pair before that of the next; its ends are exactly the
        rows of `z0` and `z1`.

    Raises:
        ValueError: the shapes differ, `steps` is too small or `kind` unknown.

    Reference:
        White, Sampling generative networks, 2016, for codes of equal norm.
    """
    z0, z1 = np.asarray(z0, np.float32), np.asarray(z1, np.float32)
    if z0.ndim != 2 or z0.shape != z1.shape:
        raise ValueError(f"z0 and z1 must both be [N, M]; got {z0.shape} and {z1.shape}")
    _check_least("steps", steps, 2)
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}; got {kind!r}")
    t = np.linspace(0, 1, steps)[:, None]
    start, end = z0[:, None].astype(np.float64), z1[:, None].astype(np.float64)
    # What divides by 0 here is replaced; a code that isn't finite has a way that isn't either.
    with np.errstate(divide="ignore", invalid="ignore"):
        way = (1 - t) * start + t * end
        if kind == "spherical":
            way = _spherical(start, end, t, otherwise=way)
    codes = way.astype(np.float32)
    codes[:, 0], codes[:, -1] = z0, z1
    return codes.reshape(-1, z0.shape[1])


def _spherical(start, end, t, otherwise):
    lengths = [np.linalg.norm(z, axis=-1, keepdims=True) for z in (start, end)]
    u0, u1 = start / lengths[0], end / lengths[1]
    # Not the arc cosine, which is blind to small angles.
    chords = [np.linalg.norm(u, axis=-1, keepdims=True) for u in (u0 - u1, u0 + u1)]
    angle = 2 * np.arctan2(*chords)
    direction = (np.sin((1 - t) * angle) * u0 + np.sin(t * angle) * u1) / np.sin(angle)
    length = (1 - t) * lengths[0] + t * lengths[1]
    return np.where(np.sin(angle) > _LEAST_SINE, length * direction, otherwise)


def _in_first_two(dim, first, second):
    _check_least("dim", dim, 2)
    codes = np.zeros((first.size, dim), np.float32)
    codes[:, 0], codes[:, 1] = first.ravel(), second.ravel()
    return codes


def _check_least(name, value, least):
    if value < least:
        raise ValueError(f"{name} must be at least {least}; got {value!r}")
