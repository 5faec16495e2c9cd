"""Which rows are near which, for many rows of many dimensions.

Squared distances come from a Gram matrix, |a|^2 + |b|^2 - 2 a.b, which is as fast as a product of
matrices. Where its rounding could decide a comparison, the distance is taken again from a - b. So
ties are those of the differences.
"""

import numpy as np

CHUNK = 500  # Rows of a matrix of distances that exist at a time.
_PART = 1000  # Rows that exist in float64 at a time.
_EXACT = 50  # Rows whose candidates are looked at again at a time.
_SPARE = 4  # Candidates beyond the k nearest that are looked at again.


class Rows:
    """Rows [N, D], with what the Gram form needs.

    Args:
        values: [N, D], float32 or float64; kept as they are.
        centre: [D], taken out of the Gram form, whose rounding grows with the norms.
    """

    def __init__(self, values, centre):
        self.values, self._centre = values, centre
        self._squares = np.concatenate(
            [np.square(self._centred(part)).sum(axis=1) for part in self._parts()]
        )

    def __len__(self):
        return len(self.values)

    def _parts(self):
        """Slices of rows: all of them aren't there in float64 at once."""
        return [slice(i, i + _PART) for i in range(0, len(self), _PART)]

    def _centred(self, part):
        return self.values[part] - self._centre

    def squared(self, part, other):
        """Returns squared distances of the rows `part` to all of `other`, and their error.

        Both are [n, M]. The error bounds the rounding of the dot products of D terms.
        """
        sums = self._squares[part, None] + other._squares
        mine, products = self._centred(part), np.empty(sums.shape)
        for theirs in other._parts():
            products[:, theirs] = mine @ other._centred(theirs).T
        error = sums * (2 * (self.values.shape[1] + 8) * np.finfo(float).eps)
        return sums - 2 * products, error


def between(a, b):
    """Squared distances of the rows of a [..., D] and b, from their differences."""
    return np.square(np.subtract(a, b, dtype=np.float64)).sum(axis=-1)


def nearest(rows, k):
    """Finds the k nearest other rows of each row.

    Returns:
        Their indices [N, k] and squared distances [N, k], the nearest first.
    """
    found = [_nearest(rows, start, k) for start in range(0, len(rows), CHUNK)]
    return tuple(np.concatenate(part) for part in zip(*found, strict=True))


def _nearest(rows, start, k):
    part = np.arange(start, min(start + CHUNK, len(rows)))
    apart, error = rows.squared(part, rows)
    own = np.arange(len(part))
    apart[own, part] = np.inf
    taken = min(k + _SPARE, len(rows) - 1)
    candidates = np.argpartition(apart, taken - 1, axis=1)[:, :taken]
    pieces = [slice(i, i + _EXACT) for i in range(0, len(part), _EXACT)]
    exact = np.concatenate(
        [between(rows.values[part[p], None], rows.values[candidates[p]]) for p in pieces]
    )
    order = np.argsort(exact, axis=1, kind="stable")[:, :k]
    indices, squares = (np.take_along_axis(a, order, axis=1) for a in (candidates, exact))
    # A row with more near ties than there were candidates is looked at as a whole.
    for i in np.flatnonzero((apart <= squares[:, -1:] + error).sum(axis=1) > taken):
        whole = between(rows.values[part[i]], rows.values)
        whole[part[i]] = np.inf
        indices[i] = np.argsort(whole, kind="stable")[:k]
        squares[i] = whole[indices[i]]
    return indices, squares


def closer(a, b, part, apart, error, squares):
    """Says which pairs are closer than squared radii: [n, M] bool.

    Args:
        a: `Rows`, of which `part` are compared.
        b: `Rows`.
        part: a slice.
        apart: as of `a.squared(part, b)`, with `error`.
        error: see there.
        squares: squared radii, of a shape that broadcasts to [n, M].
    """
    inside = apart < squares
    doubtful = np.argwhere(np.abs(apart - squares) <= error)
    radii = np.broadcast_to(squares, apart.shape)
    for begin in range(0, len(doubtful), CHUNK):
        i, j = doubtful[begin : begin + CHUNK].T
        inside[i, j] = between(a.values[part][i], b.values[j]) < radii[i, j]
    return inside
