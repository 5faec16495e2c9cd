"""Distances of all pairs of rows, of at most some thousand rows."""

import numpy as np


def squared_norms(z):
    """Return ||z_i||^2 [N]."""
    return np.einsum("ij,ij->i", z, z)


def squared_distances(z):
    """Return ||z_i - z_j||^2 [N, N], with zeros on the diagonal.

    Rows are centred first: distances don't change, but far from the origin their differences
    would drown in rounding.
    """
    z = z - z.mean(axis=0)
    norms = squared_norms(z)
    apart = z @ z.T
    apart *= -2
    apart += norms
    apart += norms[:, None]
    np.maximum(apart, 0, out=apart)
    np.fill_diagonal(apart, 0)
    return apart
