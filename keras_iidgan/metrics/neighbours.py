"""Precision and recall, density and coverage, by nearest neighbours among features."""

import math

import numpy as np

from keras_iidgan.metrics import distances


def neighbour_figures(generated, reference, *, k: int = 5) -> dict[str, float]:
    """Compares generated with real samples by the neighbourhoods of either.

    With r(x_i) the distance from real sample x_i to its k-th nearest other real one, and s(y_j)
    the same among the M generated ones:

    Formula:
        precision  1/M #{j: ||y_j - x_i|| < r(x_i) for some i}
        recall     1/N #{i: ||x_i - y_j|| < s(y_j) for some j}
        density    1/(k M) #{(i, j): ||y_j - x_i|| < r(x_i)}
        coverage   1/N #{i: ||y_j - x_i|| < r(x_i) for some j}
        density_perfect   1, a perfect sampler's mean
        coverage_perfect  1 - prod_{l < k} (N - 1 - l) / (N - 1 + M - l), a perfect sampler's mean
        precision_perfect 1/N #{j: ||x_j - x_i|| <= r(x_i) for some i other than j}
        recall_perfect    the same among M of the real samples; left out where M > N

    Of the N - 1 + M others of x_i each is as likely to be its nearest as any, and coverage fails
    where the k nearest are all real. Precision has no closed form: each real sample stands in for
    a generated one.

    Args:
        generated: features of generated samples [M, D].
        reference: features of real samples [N, D], in random order.
        k: neighbours; 3 in the paper on precision and recall, 5 in that on density and coverage.

    Returns:
        The figures above and `neighbours` = k.

    Raises:
        ValueError: the shapes don't fit, a feature isn't finite, or there are too few for k.

    Reference:
        Kynkaanniemi et al., Improved Precision and Recall Metric, 2019; Naeem et al., Reliable
        Fidelity and Diversity Metrics for Generative Models, 2020.
    """
    x, y = _check("reference", reference, k), _check("generated", generated, k)
    if x.shape[1] != y.shape[1]:
        raise ValueError(
            f"generated must have the {x.shape[1]} features of the reference; got {y.shape[1]}"
        )
    centre = x.mean(axis=0, dtype=np.float64)
    real, made = distances.Rows(x, centre), distances.Rows(y, centre)
    near, real_squares = distances.nearest(real, k)
    found = _count(real, made, real_squares[:, -1], distances.nearest(made, k)[1][:, -1])
    n, m = len(x), len(y)
    perfect = len(np.unique(near)) / n
    missed = math.prod((n - 1 - i) / (n - 1 + m - i) for i in range(k))
    return {
        "precision": float(found["in_real"].mean()),
        "recall": float(found["in_generated"].mean()),
        "density": float(found["pairs"] / (k * m)),
        "coverage": float(found["covered"].mean()),
        "density_perfect": 1.0,
        "coverage_perfect": 1 - missed,
        "precision_perfect": perfect,
        **({"recall_perfect": perfect if m == n else _left_one_out(x[:m], k)} if m <= n else {}),
        "neighbours": float(k),
    }


def _left_one_out(x, k):
    """Share of the rows that are among the k nearest of some other row."""
    near, _ = distances.nearest(distances.Rows(x, x.mean(axis=0, dtype=np.float64)), k)
    return len(np.unique(near)) / len(x)


def _count(real, made, real_squares, made_squares):
    """Go through all pairs, some real rows at a time."""
    in_real, pairs = np.zeros(len(made), bool), 0
    in_generated, covered = [], []
    for start in range(0, len(real), distances.CHUNK):
        part = slice(start, start + distances.CHUNK)
        apart, error = real.squared(part, made)  # [chunk, M]
        inside = distances.closer(real, made, part, apart, error, real_squares[part, None])
        pairs += inside.sum()
        in_real |= inside.any(axis=0)
        covered.append(inside.any(axis=1))
        inside = distances.closer(real, made, part, apart, error, made_squares)
        in_generated.append(inside.any(axis=1))
    return {
        "pairs": pairs,
        "in_real": in_real,
        "covered": np.concatenate(covered),
        "in_generated": np.concatenate(in_generated),
    }


def _check(name, features, k):
    features = np.asarray(features)
    if features.dtype != np.float32:  # Which may stay: differences are taken in float64.
        features = features.astype(np.float64)
    if features.ndim != 2 or not 1 <= k < len(features):
        raise ValueError(f"{name} must have shape (N > k, D) with k = {k}; got {features.shape}")
    if not np.isfinite(features).all():
        raise ValueError(f"{name} must be finite; got NaN or infinity")
    return features
