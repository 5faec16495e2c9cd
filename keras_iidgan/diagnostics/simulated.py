"""Null distributions by simulation, where no formula is exact."""

import functools

import numpy as np

DRAWS = 299  # Their smallest p-value is 0.0033, below the 0.01 of `Finding.matters`.


@functools.lru_cache(maxsize=32)
def null(statistics, rows, dimensions, seed, draws):
    """Return what `statistics` gives for draws of N(0, I): a dict of arrays [draws].

    It depends on the shape of the codes alone, so another diagnosis of the same shape gets the
    same draws from memory.

    Args:
        statistics: a function of codes [N, M] that returns a dict of floats.
        rows: N.
        dimensions: M.
        seed: of the draws.
        draws: how many.
    """
    rng = np.random.default_rng([seed, rows, dimensions])
    found = [statistics(rng.standard_normal((rows, dimensions))) for _ in range(draws)]
    arrays = {name: np.array([each[name] for each in found]) for name in found[0]}
    for array in arrays.values():
        array.flags.writeable = False  # It is shared by all that ask for it.
    return arrays


def upper_p(drawn, observed):
    """Return the exact p-value of a statistic that is large where the null hypothesis is wrong.

    Formula:
        p = (1 + #{k: T_k >= T}) / (1 + B)

    The observed statistic and B draws are exchangeable under the null hypothesis, so
    P(p <= a) <= a for every a, whatever B.

    Reference: Davison and Hinkley, Bootstrap Methods and their Application, eq. 4.11.
    """
    return float((1 + np.sum(drawn >= observed)) / (1 + len(drawn)))
