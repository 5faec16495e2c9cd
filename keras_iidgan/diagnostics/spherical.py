"""Length and direction of codes: under N(0, I) chi_M and uniform, and independent."""

import numpy as np
from scipy import stats

from keras_iidgan.diagnostics import marginals, pairs
from keras_iidgan.diagnostics.findings import Finding


def directions(z):
    """Return z_i / ||z_i|| of the rows that aren't 0: [N', M]."""
    z = z / max(np.abs(z).max(), np.finfo(np.float64).tiny)  # So that no square underflows.
    norms = np.sqrt(pairs.squared_norms(z))
    return z[norms > 0] / norms[norms > 0, None]


def rayleigh(u):
    """Return Rayleigh's statistic of directions, and its p-value.

    Formula:
        T = N M ||1/N sum_i u_i||^2
        E T = M and Var T = 2 M (1 - 1/N) exactly, for uniform u; p is of the gamma distribution of
        this mean and variance, which tends to chi^2_M.

    Args:
        u: unit vectors [N, M].

    Returns:
        Statistic and p-value.

    Reference: Mardia and Jupp, Directional Statistics, section 10.4.1.
    """
    n, m = u.shape
    mean = u.mean(axis=0)
    statistic = float(n * m * (mean @ mean))
    return statistic, _gamma_p(statistic, m, n)


def bingham(u):
    """Return Bingham's statistic of directions, and its p-value.

    Formula:
        T = N M (M + 2) / 2 (tr(S^2) - 1/M),    S = 1/N sum_i u_i u_i^T
        E T = k and Var T = 2 k (1 - 1/N) exactly, for uniform u, with k = (M - 1) (M + 2) / 2; p is
        of the gamma distribution of this mean and variance, which tends to chi^2_k.

    Args:
        u: unit vectors [N, M], M >= 2.

    Returns:
        Statistic and p-value.

    Reference: Mardia and Jupp, Directional Statistics, section 10.7.
    """
    n, m = u.shape
    scatter = u.T @ u / n
    statistic = float(n * m * (m + 2) / 2 * (np.sum(scatter**2) - 1 / m))
    return statistic, _gamma_p(statistic, (m - 1) * (m + 2) / 2, n)


def _gamma_p(statistic, mean, n):
    variance = 2 * mean * (1 - 1 / n)
    return float(stats.gamma.sf(statistic, mean**2 / variance, scale=variance / mean))


def resultant(u):
    """Return the root of the unbiased estimate of ||E u||^2, or 0 where that is negative.

    Formula:
        (||sum_i u_i||^2 - N) / (N (N - 1))
    """
    n = len(u)
    total = u.sum(axis=0)
    return max(0.0, float(total @ total - n) / (n * (n - 1))) ** 0.5


def anisotropy(u):
    """Return the root of the unbiased estimate of M tr(S^2) - 1, S = E u u^T, or 0.

    Formula:
        (M sum_{i != j} (u_i^T u_j)^2 - N (N - 1)) / (N (N - 1))

        M tr(S^2) - 1 is the squared coefficient of variation of the eigenvalues of S.
    """
    n, m = u.shape
    products = np.sum((u.T @ u) ** 2) - n
    return max(0.0, float(m * products / (n * (n - 1)) - 1)) ** 0.5


def findings(codes):
    """Return the tests of length and direction.

    Bounds: sup |F - F0| = 0.1 as in `marginals`. A resultant of 0.1 is a shift of every dimension
    by about 0.1, or a wedge of a tenth of the plane missing. An anisotropy of 0.2 means that the
    variances of the directions along their axes vary by a fifth of their mean.
    """
    yield _radius(codes)
    few, every = directions(codes.few), directions(codes.all)
    if len(few) > 1:
        yield _direction("rayleigh", rayleigh, resultant, 0.1, codes, few, every)
        if few.shape[1] > 1:
            yield _direction("bingham", bingham, anisotropy, 0.2, codes, few, every)


def _radius(codes):
    m = codes.all.shape[1]
    few, every = (
        marginals.kolmogorov_smirnov(stats.chi2.cdf(pairs.squared_norms(z), m)[:, None])[0]
        for z in (codes.few, codes.all)
    )
    return Finding(
        name="radius",
        title="Squared length against chi-squared (Kolmogorov-Smirnov)",
        group="gaussian",
        statistic=float(few),
        effect=float(every),
        effect_title="sup |F - F0|",
        samples=len(codes.few),
        p_value=float(stats.kstwo.sf(few, len(codes.few))),
        large=0.1,
        note=codes.said(codes.few),
        details={"mean_squared_radius": float(pairs.squared_norms(codes.all).mean() / m)},
    )


TITLES = {
    "rayleigh": ("No preferred direction (Rayleigh)", "mean resultant length"),
    "bingham": ("No preferred axis (Bingham)", "variation of the axes' variances"),
}


def _direction(name, test, size, large, codes, few, every):
    statistic, p_value = test(few)
    zeros = len(codes.all) - len(every)
    return Finding(
        name=name,
        title=TITLES[name][0],
        group="gaussian",
        statistic=statistic,
        effect=size(every),
        effect_title=TITLES[name][1],
        samples=len(few),
        p_value=p_value,
        large=large,
        note=codes.said(codes.few) + (f"; {zeros:,} rows are 0: no direction" if zeros else ""),
    )
