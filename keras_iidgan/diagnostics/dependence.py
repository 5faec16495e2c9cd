"""Are the dimensions of codes independent of one another?"""

import numpy as np
from scipy import stats

from keras_iidgan.diagnostics.findings import Finding

CHUNK = 2**22  # Numbers of a block of distances.
WORST = 5


def distance_correlations(z):
    """Return the bias-corrected squared distance correlation of each pair of dimensions.

    Formula:
        a_ij = |z_i - z_j| of one dimension; its U-centred matrix, zero on the diagonal, is
        A_ij = a_ij - a_i. / (N - 2) - a_.j / (N - 2) + a_.. / ((N - 1) (N - 2)), of row sums a_i.
        R_kl = <A_k, A_l> / sqrt(<A_k, A_k> <A_l, A_l>),    the sum over all i != j

    Args:
        z: codes [N, M], N >= 4. Time is that of M^2 N^2 products; memory that of a block of rows.

    Returns:
        Array [M, M]: expectation of the products 0 for independent dimensions, so R can be
        negative. A constant dimension has 0 with all.

    Reference: Szekely and Rizzo, The distance correlation t-test of independence in high dimension,
    2013; Partial distance correlation with methods for dissimilarities, 2014, eq. 2.
    """
    n, m = z.shape
    columns = np.ascontiguousarray(z.T)
    sums = _row_sums(columns)  # [M, N]
    corrections = (sums / (n - 2)) - (sums.sum(axis=1) / (2 * (n - 1) * (n - 2)))[:, None]
    inner = np.zeros((m, m))
    step = max(1, CHUNK // (n * m))
    for start in range(0, n, step):
        part = slice(start, start + step)
        block = np.abs(columns[:, part, None] - columns[:, None, :])  # [M, step, N]
        block -= corrections[:, part, None]
        block -= corrections[:, None, :]
        own = np.arange(block.shape[1])
        block[:, own, own + start] = 0
        block = block.reshape(m, -1)
        inner += block @ block.T
    norms = np.sqrt(np.diag(inner))
    scales = np.outer(norms, norms)
    return np.divide(inner, scales, out=np.zeros_like(inner), where=scales > 0)


def _row_sums(columns):
    """sum_j |x_i - x_j| of each row of [M, N], by sorting: N log N."""
    n = columns.shape[1]
    order = np.argsort(columns, axis=1)
    x = np.take_along_axis(columns, order, axis=1)
    before = np.cumsum(x, axis=1) - x
    total = x.sum(axis=1, keepdims=True)
    position = np.arange(n)
    sums = x * (2 * position - n + 1) - 2 * before + total - x
    out = np.empty_like(sums)
    np.put_along_axis(out, order, sums, axis=1)
    return out


def upper_p(correlations, n):
    """Return a bound of the p-value of bias-corrected distance correlations.

    Formula:
        p = P(chi^2_1 > N R + 1)

        N R tends to sum_ij w_ij (X_ij - 1), X_ij ~ chi^2_1 independent, w_ij >= 0 of which the
        squares sum to 1. For levels up to 0.05 its upper tail isn't heavier than that of a single
        chi^2_1 - 1, which two-valued dimensions have. For others the test is conservative.

    Reference: Shen, Panda and Vogelstein, The chi-square test of distance correlation, 2022.
    """
    return stats.chi2.sf(np.asarray(correlations) * n + 1, 1)


def findings(codes):
    """Return the largest distance correlation of two dimensions; none if there is one dimension.

    The size is the root of R, which is comparable to a correlation: that of a bivariate Gaussian
    is near 0.9 of its correlation. The bound 0.2 is above what chance makes the largest of 4,950
    pairs at 500 rows.
    """
    z = codes.pairs
    n, m = z.shape
    if m == 1:
        return
    correlations = distance_correlations(z)
    first, second = np.triu_indices(m, 1)
    found = correlations[first, second]
    order = np.argsort(-found, kind="stable")[:WORST]
    named = [f"{first[i]} and {second[i]}" for i in order]
    effects = np.sqrt(np.maximum(0, found[order]))
    yield Finding(
        name="distance_correlation",
        title="Independent dimensions (distance correlation)",
        group="dimensions",
        statistic=float(n * found[order[0]]),
        effect=float(effects[0]),
        effect_title="largest distance correlation of two dimensions",
        samples=n,
        p_value=float(min(1.0, len(found) * upper_p(found[order[0]], n))),
        large=0.2,
        note=f"{codes.said(z, effect_of_all=False)}; Bonferroni, {len(found):,} pairs; "
        f"most dependent: dimensions {named[0]}",
        details={
            "worst_pairs": named,
            "worst_effects": [float(effect) for effect in effects],
            "mean_square": float(found.mean()),
        },
    )
