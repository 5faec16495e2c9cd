"""Are codes an IID sample of N(0, I)?"""

from threadpoolctl import threadpool_limits

from keras_iidgan.diagnostics import (
    dependence,
    discrepancies,
    marginals,
    moments,
    order,
    rows,
    shape,
    spherical,
)
from keras_iidgan.diagnostics.findings import Findings

PARTS = (discrepancies, moments, spherical, marginals, shape, dependence, order)


def diagnose_codes(z, *, seed=0, subsample=2_000):
    """Return what speaks against codes F(x) of real data being an IID sample of N(0, I).

    P-values are of fixed subsamples: with enough rows any test rejects any model, so the size of
    a departure decides, and the p-value only whether chance explains it. `Finding.matters` asks for
    both.

    | question | finding | the size of the departure |
    |---|---|---|
    | gaussian | energy_distance | root of the energy coefficient |
    | | mmd | root of MMD^2 relative to that of the kernel |
    | | mean_and_covariance | shift of the same divergence, from the likelihood ratio |
    | | flat_directions | number of directions without variance; no test |
    | | radius | sup |F - chi^2_M| of the squared length |
    | | rayleigh, bingham | mean resultant length, anisotropy of the directions |
    | | marginal_ks, marginal_ad | sup |F - Phi| and its weighted L2 form, of the worst dimension |
    | shape | skewness, kurtosis | Mardia's, per dimension and relative |
    | | henze_zirkler | root of the weighted L2 distance |
    | dimensions | distance_correlation | the largest of two dimensions |
    | order | runs | relative excess or lack of them, in the worst dimension |
    | | autocorrelation | the largest up to lag 10 |

    Args:
        z: codes [N, M], N >= 30, in the order of the data. Shuffle them first if that has been
            sorted, by class say: `order` asks about it.
        seed: of the subsample and of the simulated null distributions. Don't draw `z` from the
            same one.
        subsample: the most rows that a p-value is of, at least 30. What goes through all pairs of
            rows gets at most 1,000 of them, for its size too.

    Returns:
        `Findings`. For M = 1 without `bingham` and `distance_correlation`; without `rayleigh` and
        `bingham` if no code has a direction.

    Raises:
        ValueError: `z` isn't a matrix, isn't finite or has too few rows; or `subsample` is too
            small.
    """
    if subsample < rows.MINIMUM:
        raise ValueError(f"subsample must be at least {rows.MINIMUM}; got {subsample}")
    codes = rows.Codes(rows.check_codes(z), seed, subsample)
    # Its products are many and small: more threads than one wait for one another.
    with threadpool_limits(1, user_api="blas"):
        return Findings(finding for part in PARTS for finding in part.findings(codes))
