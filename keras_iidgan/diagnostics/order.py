"""Are codes independent of the order that they come in?"""

import numpy as np
from scipy import special, stats

from keras_iidgan.diagnostics.findings import Finding
from keras_iidgan.diagnostics.rows import holm, listed

LAGS = 10


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
    """Return Ljung and Box's statistic of each dimension, and its p-value.

    Formula:
        Q = N (N + 2) sum_k r_k^2 / (N - k),    about chi^2 with as many degrees as lags

    Args:
        correlations: r_k [lags, M].
        n: rows that they are of.

    Returns:
        Two arrays [M].

    Reference: Ljung and Box, On a measure of lack of fit in time series models, 1978.
    """
    lags = np.arange(1, len(correlations) + 1)[:, None]
    statistic = n * (n + 2) * np.sum(correlations**2 / (n - lags), axis=0)
    return statistic, stats.chi2.sf(statistic, len(correlations))


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
        return [_finding(name, 0.0, 0.0, None, len(few), note) for name in TITLES]
    return [_run_finding(few, every, kept, note), _lag_finding(few, every, kept, note)]


def _run_finding(few, every, kept, note):
    found, expected, variance = runs(few)
    scores = np.divide(
        found - expected, np.sqrt(variance), out=np.zeros_like(expected), where=variance > 0
    )
    all_found, all_expected, _ = runs(every)
    effects = np.abs(all_found / all_expected - 1)
    return _corrected(
        "runs", np.abs(scores), 2 * special.ndtr(-np.abs(scores)), effects, kept, len(few), note
    )


def _lag_finding(few, every, kept, note):
    lags = min(LAGS, len(few) // 5)
    statistic, p_values = ljung_box(autocorrelations(few, lags), len(few))
    largest = np.abs(autocorrelations(every, lags)).max(axis=0)
    return _corrected(
        "autocorrelation", statistic, p_values, largest, kept, len(few), f"{note}; {lags} lags"
    )


def _corrected(name, statistic, p_values, effects, kept, samples, note):
    worst = int(kept[effects.argmax()])
    note += f"; Holm, {len(kept)} dimensions; worst: dimension {worst}"
    p_value = float(holm(p_values).min())
    return _finding(name, statistic.max(), effects.max(), p_value, samples, note, worst)


TITLES = {
    "runs": ("Runs above and below the median", "relative excess or lack of runs"),
    "autocorrelation": ("Autocorrelation (Ljung-Box)", "largest autocorrelation"),
}


def _finding(name, statistic, effect, p_value, samples, note, worst=None):
    title, effect_title = TITLES[name]
    return Finding(
        name=name,
        title=title,
        group="order",
        statistic=float(statistic),
        effect=float(effect),
        effect_title=effect_title,
        samples=samples,
        p_value=p_value,
        large=0.2,
        note=note,
        details={} if worst is None else {"worst_dimension": worst},
    )
