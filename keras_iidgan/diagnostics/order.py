"""Are codes independent of the order that they come in?"""

import numpy as np
from scipy import special

from keras_iidgan.diagnostics import simulated
from keras_iidgan.diagnostics.findings import Finding
from keras_iidgan.diagnostics.rows import holm, listed

LAGS = 10
WORST = 5


def runs(z):
    """Return how many runs above and below its median each dimension has, and their expectation.

    Formula:
        R = 1 + #{i: sign(z_i - median) != sign(z_{i+1} - median)}, values equal to it left out
        E R = 1 + 2 a b / (a + b)
        Var R = 2 a b (2 a b - a - b) / ((a + b)^2 (a + b - 1)),    of a above and b below it

    Args:
        z: codes [N, M].

    Returns:
        R, E R and Var R, arrays [M]. Var R = 0 if no value is on one side of the median.

    Reference: Wald and Wolfowitz, On a test whether two samples are from the same population,
    1940.
    """
    found = np.array([_runs(column) for column in (z - np.median(z, axis=0)).T])
    return found[:, 0], found[:, 1], found[:, 2]


def _runs(centred):
    above = centred[centred != 0] > 0
    n, a = len(above), int(above.sum())
    pairs = 2 * a * (n - a)
    if not pairs:
        return 1.0, 1.0, 0.0
    count = 1 + np.count_nonzero(above[1:] != above[:-1])
    return count, 1 + pairs / n, pairs * (pairs - n) / (n**2 * (n - 1))


def autocorrelations(z, lags=LAGS):
    """Return the autocorrelations of each dimension.

    Formula:
        r_k = sum_{i <= N - k} (z_i - mu) (z_{i+k} - mu) / sum_i (z_i - mu)^2

    Args:
        z: codes [N, M]; no dimension constant.
        lags: the largest k.

    Returns:
        Array [lags, M].
    """
    centred = z - z.mean(axis=0)
    squares = np.einsum("nm,nm->m", centred, centred)
    products = [np.einsum("nm,nm->m", centred[k:], centred[:-k]) for k in range(1, lags + 1)]
    return np.array(products) / squares


def ljung_box(correlations, n):
    """Return Ljung and Box's statistic of each dimension.

    Formula:
        Q = N (N + 2) sum_k r_k^2 / (N - k)

    Args:
        correlations: r_k [lags, M].
        n: rows that they are of.

    Returns:
        Array [M].

    Reference: Ljung and Box, On a measure of lack of fit in time series models, 1978.
    """
    lags = np.arange(1, len(correlations) + 1)[:, None]
    return n * (n + 2) * np.sum(correlations**2 / (n - lags), axis=0)


def shuffled_p(z, lags, seed):
    """Return the exact p-value of the largest Q of all dimensions, by shuffling the rows.

    Far out in its tail, where the smallest of many p-values lies, Q isn't chi^2 unless there are
    thousands of rows. Shuffled rows have the distribution of IID ones whatever that is, and
    dimensions stay as dependent as they are, so no correction for their number is needed.

    Args:
        z: codes [N, M]; no dimension constant.
        lags: how many autocorrelations.
        seed: of the shuffling.

    Returns:
        Float.
    """
    rng = np.random.default_rng([seed, *z.shape])
    orders = (rng.permutation(len(z)) for _ in range(simulated.DRAWS))
    drawn = [ljung_box(autocorrelations(z[order], lags), len(z)).max() for order in orders]
    observed = ljung_box(autocorrelations(z, lags), len(z)).max()
    return simulated.upper_p(np.array(drawn), observed)


def findings(codes):
    """Return the tests of the rows' order, over the dimensions that vary.

    Bounds: an autocorrelation of 0.2, and a fifth fewer or more runs than expected, which is what
    a first autocorrelation of 0.31 of a Gaussian series makes of them.
    """
    kept = np.setdiff1d(np.arange(codes.all.shape[1]), codes.constant)
    few, every = codes.first[:, kept], codes.all[:, kept]
    varies = few.std(axis=0) > 0
    kept, few, every = kept[varies], few[:, varies], every[:, varies]
    note = codes.said(codes.first)
    if len(kept) < codes.all.shape[1]:
        left = np.setdiff1d(np.arange(codes.all.shape[1]), kept)
        note += f"; {listed(left)} constant, left out"
    if not len(kept):
        return [_finding(name, 0.0, np.zeros(0), None, len(few), note, kept) for name in TITLES]
    return [
        _run_finding(few, every, kept, note),
        _lag_finding(few, every, kept, note, codes.seed),
    ]


def _run_finding(few, every, kept, note):
    found, expected, variance = runs(few)
    scores = np.abs(found - expected) / np.sqrt(np.where(variance > 0, variance, 1))
    all_found, all_expected, _ = runs(every)
    effects = np.abs(all_found / all_expected - 1)
    p_value = float(holm(2 * special.ndtr(-scores)).min())
    note += f"; Holm, {len(kept)} dimensions"
    return _finding("runs", scores.max(), effects, p_value, len(few), note, kept)


def _lag_finding(few, every, kept, note, seed):
    lags = min(LAGS, len(few) // 5)
    largest = ljung_box(autocorrelations(few, lags), len(few)).max()
    effects = np.abs(autocorrelations(every, lags)).max(axis=0)
    note += f"; {lags} lags; exact, by {simulated.DRAWS} shuffles"
    p_value = shuffled_p(few, lags, seed)
    return _finding("autocorrelation", largest, effects, p_value, len(few), note, kept)


TITLES = {
    "runs": ("Runs above and below the median", "relative excess or lack of runs"),
    "autocorrelation": ("Autocorrelation (Ljung-Box)", "largest autocorrelation"),
}


def _finding(name, statistic, effects, p_value, samples, note, kept):
    """One finding from the effects of the dimensions `kept`."""
    title, effect_title = TITLES[name]
    worst = [int(kept[i]) for i in np.argsort(-effects, kind="stable")[:WORST]]
    return Finding(
        name=name,
        title=title,
        group="order",
        statistic=float(statistic),
        effect=float(effects.max(initial=0)),
        effect_title=effect_title,
        samples=samples,
        p_value=p_value,
        large=0.2,
        note=f"{note}; worst: dimension {worst[0]}" if worst else note,
        details={"worst_dimensions": worst},
    )
