"""Distances of a sample from N(0, I) itself: energy distance and maximum mean discrepancy."""

import numpy as np
from scipy import special

from keras_iidgan.diagnostics import pairs, simulated
from keras_iidgan.diagnostics.findings import Finding

SERIES_FROM = 60  # Dimensions from which on SciPy's 1F1 overflows for some radii.


def expected_distance(squared_radius, dimensions):
    """Return E||z - Z|| for Z ~ N(0, I), which depends on ||z|| alone.

    Formula:
        E||z - Z|| = sqrt(2) Gamma((M + 1) / 2) / Gamma(M / 2) 1F1(-1/2; M/2; -||z||^2 / 2)

    Above `SERIES_FROM` dimensions, and for ||z||^2 > 1e12, it is the expansion of E sqrt(Y) in the
    first six central moments of Y ~ noncentral chi^2_M(||z||^2). Its relative error is largest at
    z = 0, where it is below 3e-6 from 60 dimensions on.

    Args:
        squared_radius: ||z||^2 [N].
        dimensions: M.

    Returns:
        Array [N].
    """
    squared_radius = np.asarray(squared_radius, np.float64)
    if dimensions > SERIES_FROM:
        return _mean_root(squared_radius, dimensions)
    half = dimensions / 2
    scale = np.sqrt(2) * special.poch(half, 0.5)
    near = scale * special.hyp1f1(-0.5, half, -np.minimum(squared_radius, 1e12) / 2)
    return np.where(squared_radius > 1e12, _mean_root(squared_radius, dimensions), near)


def _mean_root(offset, dimensions):
    """E sqrt(Y), from the cumulants 2^(j-1) (j-1)! (M + j offset) of Y, here of Y / E Y."""
    mean = dimensions + offset
    k2, k3, k4, k5, k6 = (
        special.factorial(j - 1) * (2 / mean) ** (j - 1) * ((dimensions + j * offset) / mean)
        for j in range(2, 7)
    )
    moments = (
        k2,
        k3,
        k4 + 3 * k2**2,
        k5 + 10 * k3 * k2,
        k6 + 15 * k4 * k2 + 10 * k3**2 + 15 * k2**3,
    )
    terms = (special.binom(0.5, j) * moment for j, moment in enumerate(moments, 2))
    return np.sqrt(mean) * (1 + sum(terms))


def statistics(z):
    """Return the unbiased squared distances of a sample from N(0, I).

    Formula:
        energy   = 2 A - B - C,    A = 1/N sum_i E||z_i - Z||,   C = E||Z - Z'||
                                   B = 1/(N (N-1)) sum_{i != j} ||z_i - z_j||
        energy_coefficient = energy / (2 A)
        mmd      = B_k - 2 A_k + C_k, the same of k(x, y) = exp(-||x - y||^2 / (2 M)), with
                   E k(z, Z)  = (M / (M+1))^(M/2) exp(-||z||^2 / (2 (M+1)))
                   E k(Z, Z') = (M / (M+2))^(M/2)
        mmd_coefficient    = mmd / E k(Z, Z')

        The bandwidth sqrt(M) is what the median rule tends to under N(0, I).

    Args:
        z: codes [N, M], N >= 2.

    Returns:
        Dict of the four floats; each has expectation 0 under N(0, I), and can be negative.

    Reference: Szekely and Rizzo, A new test for multivariate normality, 2005 (without their
    standardising); Gretton et al., A kernel two-sample test, 2012, eq. 3.
    """
    m = z.shape[1]
    norms = pairs.squared_norms(z)
    reach = expected_distance(norms, m).mean()
    between = expected_normal_distance(m)
    kernel_reach = (m / (m + 1)) ** (m / 2) * np.exp(-norms / (2 * (m + 1))).mean()
    kernel_between = (m / (m + 2)) ** (m / 2)
    apart, near = _within(z, -1 / (2 * m))
    energy = 2 * reach - apart - between
    mmd = near - 2 * kernel_reach + kernel_between
    return {
        "energy": float(energy),
        "energy_coefficient": float(energy / (2 * reach)),
        "mmd": float(mmd),
        "mmd_coefficient": float(mmd / kernel_between),
    }


def _within(z, exponent):
    """Means over i != j of ||z_i - z_j|| and of exp(exponent ||z_i - z_j||^2)."""
    n = len(z)
    apart, near = 0.0, -float(n)  # Of a row and itself the kernel is 1.
    for block in pairs.squared_distances(z):
        apart += pairs.total(np.sqrt(block))
        block *= exponent
        near += pairs.total(np.exp(block, out=block))
    return apart / (n * (n - 1)), near / (n * (n - 1))


def expected_normal_distance(dimensions):
    """Return E||Z - Z'|| = 2 Gamma((M + 1) / 2) / Gamma(M / 2) for Z, Z' ~ N(0, I)."""
    return float(2 * special.poch(dimensions / 2, 0.5))


def findings(codes):
    """Return the energy distance and the MMD of codes from N(0, I).

    Sizes are in shifts: moved by d in every dimension, N(0, I) has an energy coefficient near
    d^2 / 4 and an MMD coefficient near d^2, whatever M. Cohen's small effect, d = 0.2, is the
    bound: a root of the first of 0.1, of the second of 0.2.
    """
    z = codes.pairs
    found = statistics(z)
    drawn = simulated.null(statistics, *z.shape, codes.seed, simulated.DRAWS)
    note = f"{codes.said(z, effect_of_all=False)}; exact, by {simulated.DRAWS} draws of N(0, I)"
    for name, title, effect_title, large in (
        ("energy", "Energy distance to N(0, I)", "root of the energy coefficient", 0.1),
        ("mmd", "Maximum mean discrepancy to N(0, I)", "root of MMD^2 / E k(Z, Z')", 0.2),
    ):
        yield Finding(
            name={"energy": "energy_distance"}.get(name, name),
            title=title,
            group="gaussian",
            statistic=found[name],
            effect=max(0.0, found[f"{name}_coefficient"]) ** 0.5,
            effect_title=effect_title,
            samples=len(z),
            p_value=simulated.upper_p(drawn[name], found[name]),
            large=large,
            note=note,
        )
