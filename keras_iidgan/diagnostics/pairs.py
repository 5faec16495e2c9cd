"""Distances of all pairs of rows, of at most some thousand rows."""

import numpy as np

BLOCK = 64  # Rows at a time, so that a block of some hundred columns stays in the cache.


def squared_norms(z):
    """Return ||z_i||^2 [N]."""
    return np.einsum("ij,ij->i", z, z)


def products(z):
    """Go through the products of all pairs of rows once, some rows at a time.

    Args:
        z: codes [N, M].

    Yields:
        Slice of the rows i, of length b, and z_i^T z_j [b, N - i_0] for all j from the first such
        row i_0 on. `total` sums a function of them over all pairs.
    """
    for start in range(0, len(z), BLOCK):
        rows = slice(start, min(start + BLOCK, len(z)))
        yield rows, z[rows] @ z[start:].T


def total(block):
    """Return the sum over a block and its mirror image, the square on the diagonal once."""
    return 2 * block.sum() - block[:, : len(block)].sum()


def squared_distances(z):
    """Go through ||z_i - z_j||^2, in the blocks of `products`; those of a row to itself are 0.

    Rows are centred first: distances don't change, but far from the origin their differences
    would drown in rounding.
    """
    z = z - z.mean(axis=0)
    norms = squared_norms(z)
    for rows, apart in products(z):
        apart *= -2
        apart += norms[rows, None]
        apart += norms[rows.start :]
        np.maximum(apart, 0, out=apart)
        np.fill_diagonal(apart, 0)
        yield apart
