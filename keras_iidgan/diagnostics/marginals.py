"""Each dimension of codes against N(0, 1), nothing estimated."""

import numpy as np
from scipy import special, stats

from keras_iidgan.diagnostics import anderson_darling
from keras_iidgan.diagnostics.findings import LEVEL, Finding
from keras_iidgan.diagnostics.rows import holm, listed

WORST = 5


def kolmogorov_smirnov(probabilities):
    """Return sup |F_N - F0| of each column, of its values F0(z).

    Formula:
        D = max_i max(i / N - F0(z_(i)), F0(z_(i)) - (i - 1) / N)

    Args:
        probabilities: F0(z) [N, M], in [0, 1].

    Returns:
        Array [M].
    """
    n = len(probabilities)
    p = np.sort(probabilities, axis=0)
    steps = np.arange(1, n + 1)[:, None] / n
    return np.maximum((steps - p).max(axis=0), (p - steps + 1 / n).max(axis=0))


def findings(codes):
    """Return both tests of the dimensions, corrected for their number.

    Bounds: a shift by a quarter of a standard deviation makes sup |F - F0| = 0.1 and the root of
    Anderson and Darling's integral 0.17; chance reaches them once in 10,000 dimensions at 500 rows.
    """
    few = kolmogorov_smirnov(special.ndtr(codes.few))
    yield _worst(
        "marginal_ks",
        "Each dimension against N(0, 1) (Kolmogorov-Smirnov)",
        "largest sup |F - F0|",
        codes,
        statistic=few,
        p_values=stats.kstwo.sf(few, len(codes.few)),
        effects=kolmogorov_smirnov(special.ndtr(codes.all)),
        large=0.1,
    )
    few = anderson_darling.statistic(codes.few)
    yield _worst(
        "marginal_ad",
        "Each dimension against N(0, 1) (Anderson-Darling)",
        "largest root of (A^2 - 1) / N",
        codes,
        statistic=few,
        p_values=anderson_darling.survival(few),
        effects=_roots(anderson_darling.statistic(codes.all), len(codes.all)),
        large=0.17,
    )


def _roots(statistic, n):
    return np.sqrt(np.maximum(0, statistic - 1) / n)


def _worst(name, title, effect_title, codes, *, statistic, p_values, effects, large):
    """One finding from the figures [M] of all dimensions."""
    p_values = holm(p_values)
    order = np.argsort(-effects, kind="stable")
    rejected = np.flatnonzero(p_values < LEVEL)
    note = f"{codes.said(codes.few)}; Holm, {len(effects)} dimensions; worst: dimension {order[0]}"
    if len(codes.constant):
        note += f"; {listed(codes.constant)} constant"
    return Finding(
        name=name,
        title=title,
        group="gaussian",
        statistic=float(statistic.max()),
        effect=float(effects[order[0]]),
        effect_title=effect_title,
        samples=len(codes.few),
        p_value=float(p_values.min()),
        large=large,
        note=note,
        details={
            "worst_dimensions": [int(i) for i in order[:WORST]],
            "worst_effects": [float(effects[i]) for i in order[:WORST]],
            "worst_means": [float(codes.all[:, i].mean()) for i in order[:WORST]],
            "worst_deviations": [float(codes.all[:, i].std()) for i in order[:WORST]],
            "dimensions_rejected": len(rejected),
        },
    )
