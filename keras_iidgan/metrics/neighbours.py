"""Precision and recall, density and coverage, by nearest neighbours among features."""

import math

import numpy as np

_CHUNK = 1000  # Rows of a matrix of distances that exist at a time.


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
    found = _count(x, y, _radii(x, k), _radii(y, k))
    n, m = len(x), len(y)
    missed = math.prod((n - 1 - i) / (n - 1 + m - i) for i in range(k))
    return {
        "precision": float(found["in_real"].mean()),
        "recall": float(found["in_generated"].mean()),
        "density": float(found["pairs"] / (k * m)),
        "coverage": float(found["covered"].mean()),
        "density_perfect": 1.0,
        "coverage_perfect": 1 - missed,
        "precision_perfect": _left_one_out(x, k),
        **({"recall_perfect": _left_one_out(x[:m], k)} if m <= n else {}),
        "neighbours": float(k),
    }


def _left_one_out(x, k):
    """Share of the rows that are among the k nearest of some other row."""
    from sklearn.neighbors import NearestNeighbors

    nearest = NearestNeighbors(n_neighbors=k).fit(x).kneighbors(return_distance=False)
    return len(np.unique(nearest)) / len(x)


def _radii(x, k):
    """Distance of each row to its k-th nearest other row."""
    from sklearn.neighbors import NearestNeighbors

    return NearestNeighbors(n_neighbors=k).fit(x).kneighbors()[0][:, -1]


def _count(x, y, real_radii, generated_radii):
    """Go through all pairs, some rows of x at a time."""
    from scipy.spatial import distance

    in_real, pairs = np.zeros(len(y), bool), 0
    in_generated, covered = [], []
    for start in range(0, len(x), _CHUNK):
        part = slice(start, start + _CHUNK)
        apart = distance.cdist(x[part], y)  # [chunk, M]
        inside = apart < real_radii[part, None]
        pairs += inside.sum()
        in_real |= inside.any(axis=0)
        covered.append(inside.any(axis=1))
        in_generated.append((apart < generated_radii).any(axis=1))
    return {
        "pairs": pairs,
        "in_real": in_real,
        "covered": np.concatenate(covered),
        "in_generated": np.concatenate(in_generated),
    }


def _check(name, features, k):
    features = np.asarray(features, np.float64)
    if features.ndim != 2 or not 1 <= k < len(features):
        raise ValueError(f"{name} must have shape (N > k, D) with k = {k}; got {features.shape}")
    if not np.isfinite(features).all():
        raise ValueError(f"{name} must be finite; got NaN or infinity")
    return features
