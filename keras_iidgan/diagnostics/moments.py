"""Tests of mean 0 and covariance I, which don't standardise."""

import numpy as np

from keras_iidgan.diagnostics import rows, simulated
from keras_iidgan.diagnostics.findings import Finding

DRAWS = 9_999  # Of the likelihood ratio; one costs M random numbers.
HUNDREDTH = 0.01


def spectrum(z):
    """Return ||mu||^2 and the eigenvalues [M] of S, with S = 1/N sum_i (z_i - mu) (z_i - mu)^T."""
    mean = z.mean(axis=0)
    centred = z - mean
    eigenvalues = np.linalg.eigvalsh(centred.T @ centred / len(z))
    return float(mean @ mean), np.maximum(eigenvalues, 0)


def divergence(z):
    """Return the Kullback-Leibler divergence of the fitted Gaussian from N(0, I).

    Formula:
        KL = 1/2 (tr S - log det S - M + ||mu||^2)

        Eigenvalues of S below 1e-6 count as 1e-6, so that it is finite for singular S.

    Args:
        z: codes [N, M].

    Returns:
        Float, in nats. 2 N KL is -2 log of the likelihood ratio of mu = 0 and Sigma = I.
    """
    squared_mean, eigenvalues = spectrum(z)
    eigenvalues = np.maximum(eigenvalues, rows.FLAT)
    return 0.5 * (squared_mean + np.sum(eigenvalues - np.log(eigenvalues) - 1))


def null_divergences(n, dimensions, seed, draws=DRAWS):
    """Return `divergence` of draws of N samples of N(0, I), for N > M: an array [draws].

    Formula:
        N S = A A^T ~ Wishart; A is lower triangular, its squared diagonal c_i ~ chi^2_{N - i},
        i = 1..M, and everything below it N(0, 1), all independent. So
        2 N KL = sum_i (c_i - N log(c_i / N) - N) + chi^2_{M (M-1) / 2} + chi^2_M

    Reference: Anderson, An Introduction to Multivariate Statistical Analysis, 3rd edition,
    corollary 7.2.1 (Bartlett's decomposition) and section 10.9.
    """
    rng = np.random.default_rng([seed, n, dimensions])
    twice = rng.chisquare(dimensions * (dimensions + 1) / 2, draws)  # Of both chi^2 at the end.
    for i in range(1, dimensions + 1):
        c = rng.chisquare(n - i, draws)
        twice += c - n * np.log(c / n) - n
    return twice / (2 * n)


def second_order(z):
    """Return the divergence of the fitted Gaussian to the second order about N(0, I).

    Formula:
        1/2 (||mu||^2 + 1/2 ||S - I||_F^2)

        It exists for singular S, so also for N <= M.

    Args:
        z: codes [N, M].

    Returns:
        Float.
    """
    squared_mean, eigenvalues = spectrum(z)
    return float(0.5 * (squared_mean + 0.5 * np.sum((eigenvalues - 1) ** 2)))


def flat_directions(z):
    """Return in how many directions codes hardly vary.

    Formula:
        #{i: lambda_i < 0.01 max(0, 1 - sqrt(M / N))^2}

        of the eigenvalues lambda of S. Those of N draws of N(0, I) don't fall much below
        (1 - sqrt(M / N))^2, the edge of the law of Marchenko and Pastur.

    Args:
        z: codes [N, M]. For N <= M it is 0: S is singular for any codes.

    Returns:
        Int.
    """
    n, m = z.shape
    edge = max(0.0, 1 - (m / n) ** 0.5) ** 2
    return int(np.sum(spectrum(z)[1] < HUNDREDTH * edge))


def findings(codes):
    """Return the likelihood-ratio test, or what remains of it for N <= M, and the rank.

    The size is the shift that would have the same divergence: N(d 1, I) has KL = M d^2 / 2. The
    mean divergence under N(0, I) is subtracted first. The bound is Cohen's small effect, d = 0.2,
    which a scale of 0.86 or 1.15 in all dimensions has too.
    """
    yield _likelihood_ratio(codes) if len(codes.few) > codes.few.shape[1] else _moments(codes)
    yield _rank(codes)


def _shift(excess, dimensions):
    return max(0.0, 2 * float(excess) / dimensions) ** 0.5


def _likelihood_ratio(codes):
    few, m = codes.few, codes.few.shape[1]
    found, drawn = divergence(few), null_divergences(*few.shape, codes.seed)
    expected = null_divergences(*codes.all.shape, codes.seed, draws=999).mean()
    kl = divergence(codes.all)
    return Finding(
        name="mean_and_covariance",
        title="Mean 0 and covariance I (likelihood ratio)",
        group="gaussian",
        statistic=float(2 * len(few) * found),
        effect=_shift(kl - expected, m),
        effect_title="shift of every dimension of the same divergence",
        samples=len(few),
        p_value=simulated.upper_p(drawn, found),
        large=0.2,
        note=f"{codes.said(few)}; exact, by {DRAWS:,} draws of the statistic",
        details=_details(codes.all) | {"divergence_per_dimension": float(kl / m)},
    )


def _moments(codes):
    z, m = codes.few, codes.few.shape[1]
    found = second_order(z)
    drawn = simulated.null(_second_order, *z.shape, codes.seed, simulated.DRAWS)["value"]
    return Finding(
        name="mean_and_covariance",
        title="Mean 0 and covariance I (distance of the moments)",
        group="gaussian",
        statistic=float(2 * len(z) * found),
        effect=_shift(found - drawn.mean(), m),
        effect_title="shift of every dimension of the same divergence, to the second order",
        samples=len(z),
        p_value=simulated.upper_p(drawn, found),
        large=0.2,
        note=f"{codes.said(z, effect_of_all=False)}; no likelihood ratio with {len(z):,} rows "
        f"for {m} dimensions: any covariance of them is singular; exact, by "
        f"{simulated.DRAWS} draws of N(0, I)",
        details=_details(z),
    )


def _second_order(z):
    return {"value": second_order(z)}


def _details(z):
    squared_mean, eigenvalues = spectrum(z)
    return {
        "mean_norm": squared_mean**0.5,
        "smallest_variance": float(eigenvalues[0]),
        "largest_variance": float(eigenvalues[-1]),
    }


def _rank(codes):
    n, m = codes.all.shape
    flat = flat_directions(codes.all)
    eigenvalues = spectrum(codes.all)[1]
    total = eigenvalues.sum()
    used = total**2 / np.sum(eigenvalues**2) if total else 0.0
    note = f"the codes vary in {m - flat} of {m} directions" if flat else ""
    if n <= m:
        note = f"not known with {n:,} rows for {m} dimensions"
    elif len(codes.constant):
        note += f"; {rows.listed(codes.constant)} constant"
    return Finding(
        name="flat_directions",
        title="Directions of latent space that the codes don't use",
        group="gaussian",
        statistic=float(eigenvalues[0]),
        effect=float(flat),
        effect_title="directions without variance",
        samples=n,
        large=None if n <= m else 1.0,
        note=note,
        details={"effective_directions": float(used)},
    )
