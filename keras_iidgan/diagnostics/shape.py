"""Is the shape of codes Gaussian, whatever their mean and covariance?"""

import numpy as np

from keras_iidgan.diagnostics import pairs, simulated
from keras_iidgan.diagnostics.findings import Finding

REACH = 4  # b of Henze and Zirkler's kernel, times the dimensions.
RELATIVE = 1e-10  # Of the largest variance: below, a direction has none.


def standardised(z):
    """Return codes with mean 0 and covariance I, in the directions that vary.

    Formula:
        Lambda^(-1/2) V^T (z_i - mu) of the eigenvalues above 1e-10 of the largest one of S

    Args:
        z: codes [N, M].

    Returns:
        Array [N, r], r <= M the rank of S.
    """
    centred = z - z.mean(axis=0)
    scale = np.abs(centred).max()
    if scale <= 1e-6 * (1 + np.abs(z).max()):  # Rounding, not variance.
        return centred[:, :0]
    centred /= scale
    eigenvalues, vectors = np.linalg.eigh(centred.T @ centred / len(z))
    kept = eigenvalues > RELATIVE * eigenvalues[-1]
    return centred @ vectors[:, kept] / np.sqrt(eigenvalues[kept])


def statistics(z):
    """Return the tests' statistics, which don't change under affine maps of codes.

    Formula:
        with y = standardised codes [N, r]
        skewness      = 1/N^2 sum_ij (y_i^T y_j)^3
        skewness_off  = 1/(N (N-1)) sum_{i != j} (y_i^T y_j)^3, without what heavy tails alone make
        kurtosis      = 1/N sum_i ||y_i||^4
        henze_zirkler = 1/N sum_ij exp(-b ||y_i - y_j||^2 / 2)
                        - 2 (1 + b)^(-r/2) sum_i exp(-b ||y_i||^2 / (2 (1 + b)))
                        + N (1 + 2 b)^(-r/2),    b = 4 / r

        Theirs is b = 1/2 (N (2 r + 1) / 4)^(2 / (r + 4)). It is of the same order up to 5
        dimensions; in 10 it leaves no pair of rows within reach of another, and no power.

    Args:
        z: codes [N, M] of rank r with 1 <= r < N - 1.

    Returns:
        Dict of the four floats.

    Reference: Mardia, Measures of multivariate skewness and kurtosis with applications, 1970; Henze
    and Zirkler, 1990.
    """
    return _of(standardised(z))


def _of(y):
    n, r = y.shape
    b = REACH / r
    norms = pairs.squared_norms(y)
    skewness = near = 0.0
    for rows, products in pairs.products(y):
        skewness += pairs.total(products * products * products)
        products -= norms[rows, None] / 2
        products -= norms[rows.start :] / 2  # -1/2 of the squared distance.
        products *= b
        near += pairs.total(np.exp(products, out=products))
    centre = np.exp(norms * (-b / (2 * (1 + b)))).sum()
    zirkler = near / n - 2 * (1 + b) ** (-r / 2) * centre + n * (1 + 2 * b) ** (-r / 2)
    return {
        "skewness": float(skewness / n**2),
        "skewness_off": float((skewness - np.sum(norms**3)) / (n * (n - 1))),
        "kurtosis": float(np.mean(norms**2)),
        "henze_zirkler": float(zirkler),
    }


def findings(codes):
    """Return Mardia's and Henze and Zirkler's tests, their null distributions simulated.

    Sizes, with the means under N(0, I) taken off: of skewness, that of a dimension if all have the
    same, from pairs of different rows; 0.5 is the usual bound of moderate skewness. Of kurtosis,
    its relative excess or lack; 0.2 is that of a multivariate t with 14 degrees of freedom. Of
    Henze and Zirkler, the root of their weighted mean square of the difference of the
    characteristic functions, relative to that square of N(0, I) itself; 0.15 is between t with 8
    and with 5 degrees in two dimensions.
    """
    y = standardised(codes.pairs)
    n, rank = y.shape
    note = codes.said(codes.pairs, effect_of_all=False)
    if rank < codes.pairs.shape[1]:
        note += f"; in the {rank} of {codes.pairs.shape[1]} directions that vary"
    if not 1 <= rank < n - 1:
        note += "; nothing to test, which takes a variance and more rows than directions + 1"
        return [_finding(name, 0.0, 0.0, None, n, note) for name in TITLES]
    drawn = simulated.null(statistics, n, rank, codes.seed, simulated.DRAWS)
    return _tests(_of(y), drawn, n, rank, f"{note}; exact, by {simulated.DRAWS} draws of N(0, I)")


def _tests(found, drawn, n, rank, note):
    expected_kurtosis = rank * (rank + 2) * (n - 1) / (n + 1)  # Exactly, of draws of N(0, I).
    off = {name: found[name] - drawn[name].mean() for name in found}
    effects = {
        "skewness": max(0.0, off["skewness_off"] / rank) ** 0.5,
        "kurtosis": abs(found["kurtosis"] / expected_kurtosis - 1),
        "henze_zirkler": max(0.0, off["henze_zirkler"] / n * (1 + 2 * REACH / rank) ** (rank / 2))
        ** 0.5,
    }
    tested = found | {"kurtosis": abs(found["kurtosis"] - expected_kurtosis)}
    drawn = dict(drawn) | {"kurtosis": abs(drawn["kurtosis"] - expected_kurtosis)}
    return [
        _finding(name, found[name], effects[name], p_value, n, note)
        for name in TITLES
        for p_value in [simulated.upper_p(drawn[name], tested[name])]
    ]


TITLES = {
    "skewness": ("Mardia's skewness", "skewness per dimension", 0.5),
    "kurtosis": ("Mardia's kurtosis", "relative excess", 0.2),
    "henze_zirkler": ("Henze-Zirkler", "root of the relative weighted L2 distance", 0.15),
}


def _finding(name, statistic, effect, p_value, samples, note):
    title, effect_title, large = TITLES[name]
    return Finding(
        name=name,
        title=title,
        group="shape",
        statistic=float(statistic),
        effect=float(effect),
        effect_title=effect_title,
        samples=samples,
        p_value=p_value,
        large=large,
        note=note,
    )
