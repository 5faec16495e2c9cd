"""Samples as rows, and which of them are near which."""

import numpy as np

FEW_DIMS = 15  # Up to which a tree finds neighbours faster than all distances do.
_VALUES = 1 << 22  # Of a matrix of distances, or of differences, that exist at a time.


def as_rows(name, x, least=1, columns=None):
    """Return samples [N, ...] as finite floating-point rows [N, d].

    Raises:
        ValueError: there are fewer than `least` rows, not `columns` values in each, or a value
            isn't finite; `name` is the argument that the message names.
    """
    x = np.asarray(x)
    if x.ndim < 2 or len(x) < least or not x[0].size:
        raise ValueError(f"{name} must have shape (N >= {least}, ...); got {x.shape}")
    x = x.reshape(len(x), -1)
    if columns is not None and x.shape[1] != columns:
        raise ValueError(f"{name} must have {columns} values a sample; got {x.shape[1]}")
    if x.dtype != np.float32:
        x = x.astype(np.float64)
    if not np.isfinite(x).all():
        raise ValueError(f"{name} must be finite; got NaN or infinity")
    return x


def check_neighbours(k):
    """Raise ValueError unless k is an integer above 0."""
    if not isinstance(k, int | np.integer) or k < 1:
        raise ValueError(f"k must be an integer of at least 1; got {k!r}")


def nearest(among, rows=None, k=1):
    """Find the k nearest of some rows to each of others.

    Args:
        among: [N, d], which are found.
        rows: [n, d], whose neighbours are found; None are those of `among`, each without itself.
        k: at most N, or N - 1 where `rows` is None.

    Returns:
        Distances [n, k] float64, which are those of the differences, the nearest first; and
        indices into `among` [n, k].
    """
    others = among if rows is None else rows
    if among.shape[1] <= FEW_DIMS:
        indices = _by_tree(among, rows, k)
    else:
        indices = _by_products(among, rows, k)
    apart = _between(others, among, indices)
    order = np.argsort(apart, axis=1, kind="stable")
    return tuple(np.take_along_axis(a, order, axis=1) for a in (apart, indices))


def _by_tree(among, rows, k):
    from scipy.spatial import KDTree

    tree = KDTree(among)
    if rows is not None:
        return tree.query(rows, [*range(1, k + 1)])[1]
    found = tree.query(among, [*range(1, k + 2)])[1]
    own = found == np.arange(len(among))[:, None]
    own[~own.any(axis=1), -1] = True  # One among more copies of it than were asked for.
    return found[~own].reshape(len(among), k)


def _by_products(among, rows, k):
    """By the Gram form; of neighbours that its rounding can't tell apart it may take another."""
    others = among if rows is None else rows
    among, others = _centred(among, others)
    squares = np.square(among).sum(axis=1)
    step, found = max(_VALUES // len(among), 1), []
    for i in range(0, len(others), step):
        apart = squares - 2 * (others[i : i + step] @ among.T)  # Less what a row has in common.
        if rows is None:
            own = np.arange(len(apart))
            apart[own, i + own] = np.inf
        if k == 1:
            found.append(apart.argmin(axis=1)[:, None])
        else:
            found.append(np.argpartition(apart, k - 1, axis=1)[:, :k])
    return np.concatenate(found)


def _centred(among, rows):
    """Both without the mean of the first: the rounding of the Gram form grows with the norms."""
    centre = among.mean(axis=0, dtype=np.float64).astype(among.dtype)
    return among - centre, rows - centre


def _between(rows, among, indices):
    """Distances of each row to those of `among` that `indices` [n, k] say, from differences."""
    step = max(_VALUES // (indices.shape[1] * rows.shape[1]), 1)
    found = [
        np.linalg.norm(
            np.subtract(rows[i : i + step, None], among[indices[i : i + step]], dtype=np.float64),
            axis=-1,
        )
        for i in range(0, len(rows), step)
    ]
    return np.concatenate(found)


def count_within(rows, among, radii):
    """Count for each row those of `among` that are nearer than its radius.

    Args:
        rows: [n, d].
        among: [N, d].
        radii: [n], or one for all. Of more than 15 dimensions distances are taken in the Gram form
            |a|^2 + |b|^2 - 2 a.b, so that one within its rounding of the radius may be counted or
            not.

    Returns:
        [n] integers.
    """
    radii = np.broadcast_to(np.asarray(radii, np.float64), len(rows))
    if rows.shape[1] <= FEW_DIMS:
        from scipy.spatial import KDTree

        inside = np.nextafter(radii, -1)  # The tree counts a distance of the radius itself too.
        counts = KDTree(among).query_ball_point(rows, np.maximum(inside, 0), return_length=True)
        return np.where(radii > 0, counts, 0)
    among, rows = _centred(among, rows)
    squares = np.square(among).sum(axis=1)
    limits = radii**2 - np.square(rows).sum(axis=1, dtype=np.float64)
    step = max(_VALUES // len(among), 1)
    counts = [
        (squares - 2 * (rows[i : i + step] @ among.T) < limits[i : i + step, None]).sum(axis=1)
        for i in range(0, len(rows), step)
    ]
    return np.concatenate(counts)


def some_rows(x, count, seed):
    """Return at most `count` rows of x, drawn without replacement, in their order."""
    if len(x) <= count:
        return x
    chosen = np.random.default_rng(seed).choice(len(x), count, replace=False)
    return x[np.sort(chosen)]
