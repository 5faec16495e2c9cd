"""Anderson and Darling's statistic of a fully specified distribution, and its limit law."""

import numpy as np
from scipy import special

NODES = np.cos((2 * np.arange(1, 41) - 1) * np.pi / 80)  # Gauss-Chebyshev, for (-1, 1).
TERMS = np.arange(1, 21)[:, None]
SMALLEST = 0.1  # Below it more terms would be needed; P(A^2 > 0.1) is above 0.9999.


def statistic(z):
    """Return A^2 of each dimension against N(0, 1).

    Formula:
        A^2 = -N - 1/N sum_i (2 i - 1) (log Phi(z_(i)) + log(1 - Phi(z_(N + 1 - i))))
            = N int (F_N - Phi)^2 / (Phi (1 - Phi)) dPhi;    its mean under N(0, 1) is 1

    Args:
        z: codes [N, M].

    Returns:
        Array [M].

    Reference: Anderson and Darling, A test of goodness of fit, 1954.
    """
    n = len(z)
    z = np.sort(z, axis=0)
    logs = special.log_ndtr(z) + special.log_ndtr(-z[::-1])
    return -n - (2 * np.arange(1, n + 1) - 1) @ logs / n


def survival(a):
    """Return P(A^2 > a) in the limit of many samples, which some tens are near to.

    Formula:
        A^2 = sum_k X_k / (k (k + 1)),    X_k ~ chi^2_1 independent. By Smirnov's formula
        P(A^2 > a) = 1/pi sum_{k >= 1} (-1)^(k+1) int exp(-a u / 2) / (u sqrt|D(u)|) du
        from 2k (2k - 1) to 2k (2k + 1), with D(u) = prod_j (1 - u / (j (j + 1)))
                                                   = -cos(pi/2 sqrt(1 + 4 u)) / (pi u)
        Substituting sqrt(1 + 4 u) = 4k + v leaves v in (-1, 1) and singularities of 1 / sqrt(1 -
        v^2) at both ends, which are the weight of a Gauss-Chebyshev rule.

    Args:
        a: statistics [M].

    Returns:
        Array [M]; its relative error is small in the upper tail too.

    Reference: Anderson and Darling, Asymptotic theory of certain goodness of fit criteria, 1952;
    Durbin, Distribution Theory for Tests Based on the Sample Distribution Function, 1973.
    """
    a = np.maximum(np.asarray(a, np.float64), SMALLEST)[..., None, None]
    s = 4 * TERMS + NODES  # [terms, nodes]
    u = (s**2 - 1) / 4
    smooth = s / 2 * np.sqrt(np.pi / u) * np.sqrt((1 - NODES**2) / np.cos(np.pi * NODES / 2))
    sums = np.sum((-1.0) ** (TERMS + 1) * smooth * np.exp(-a * u / 2), axis=(-2, -1))
    return np.clip(sums / len(NODES), 0, 1)
