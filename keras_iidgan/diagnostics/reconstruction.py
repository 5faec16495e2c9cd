"""Which real samples an encoder and a generator together don't bring back."""

import numpy as np

from keras_iidgan.diagnostics.findings import Finding, Findings
from keras_iidgan.diagnostics.groups import GOOD, group_of_each, group_scales
from keras_iidgan.diagnostics.located import (
    LOST_SHARE,
    Group,
    Located,
    in_scales,
    kind_of,
    listed,
    named,
    worst_first,
)
from keras_iidgan.diagnostics.samples import as_rows, check_neighbours

_MOST = 0.5  # Of a group's samples that can't be brought back, from which on it is lost.


def diagnose_reconstruction(
    x, x_rebuilt, groups=None, *, names=None, clusters=None, k=5, seed=0
) -> Located:
    """Ask which real samples x aren't brought back by G(F(x)), group by group.

    Formula:
        e_i = ||x_i - G(F(x_i))|| / s_g,   g the group of x_i
        s_g   the 0.99 quantile in group g of the distance to the k-th nearest other sample
        reached_g = share of the samples of g with ||x_i - G(F(x_i))|| <= s_g; or <= max(s_g, t_g)
                    where there are clear clusters, t_g the 0.99 quantile of the distance between
                    two samples of g: what is brought back within its cluster hasn't lost it
        rebuilt   statistic: share of all samples with e_i <= 1; effect: 1 - that
        lost_in_reconstruction   statistic: number of groups with reached_g < 1/2; effect: their
                                 share of the samples, which matters from 0.01 on
    The scale is the data's own: an error that no neighbour of x_i would make puts G(F(x_i)) where
    there are no samples like x_i. It is blind to an encoder that finds codes which N(0, I) hardly
    ever draws; `diagnose_coverage` sees that.

    Args:
        x: real samples [N, ...], flattened here.
        x_rebuilt: G(F(x)) [N, ...].
        groups: [N] integers, the mode or class of each; None makes clusters of x.
        names: a name for each value of `groups`.
        clusters: `Clusters`, or their number; None is as `find_clusters` chooses.
        k: neighbours of the scale, at least 1.
        seed: of the clusters.

    Returns:
        `Located`, with the findings above. In their details: `groups`, `reached`, `share`, lists
        in the same order, and `lost`, names.

    Raises:
        ValueError: an argument doesn't fit the others, isn't finite, or has k rows or fewer.
    """
    check_neighbours(k)
    x = as_rows("x", x, max(k + 1, 4))
    rebuilt = as_rows("x_rebuilt", x_rebuilt, columns=x.shape[1])
    if len(rebuilt) != len(x):
        raise ValueError(f"x_rebuilt must have the {len(x)} rows of x; got {len(rebuilt)}")
    of_each, titles, found = group_of_each(x, groups, names, clusters, seed)
    scales = group_scales(x, of_each, len(titles), k)
    apart = np.linalg.norm(np.subtract(x, rebuilt, dtype=np.float64), axis=1)
    error, limits = in_scales(apart, scales[of_each]), scales
    if found is not None and found.clear:
        limits = np.fmax(scales, _extents(x, of_each, len(titles), seed))
    table = _groups(of_each, titles, apart <= limits[of_each], error)
    return Located(Findings(_findings(table, error, found)), table, error)


def _extents(x, of_each, count, seed):
    """The 0.99 quantile of the distance between two samples of each group, one pair for each."""
    rng, extents = np.random.default_rng(seed), np.full(count, np.nan)
    for g in np.unique(of_each):
        members = rng.permutation(x[of_each == g])
        if len(members) > 1:
            pairs = np.subtract(members, np.roll(members, 1, axis=0), dtype=np.float64)
            extents[g] = np.quantile(np.linalg.norm(pairs, axis=1), GOOD)
    return extents


def _groups(of_each, titles, is_back, error):
    """Make the table of groups, those that are reached least first."""
    table = []
    for g in np.unique(of_each):
        members = worst_first(np.flatnonzero(of_each == g), error)
        reached = float(is_back[members].mean())
        share = len(members) / len(of_each)
        table.append(Group(titles[g], members, share, reached, reached < _MOST))
    return tuple(sorted(table, key=lambda group: group.reached))


def _findings(table, error, clusters):
    rebuilt, middle = float((error <= 1).mean()), float(np.median(error))
    yield Finding(
        name="rebuilt",
        title="Real samples that G(F(x)) brings back",
        group="lost",
        statistic=rebuilt,
        effect=1 - rebuilt,
        effect_title="share not brought back",
        samples=len(error),
        large=_MOST,
        note="within the distance of the data's own neighbours",
        details={"median_error": middle if np.isfinite(middle) else None},
    )
    lost = [group for group in table if group.lost]
    yield Finding(
        name="lost_in_reconstruction",
        title="Groups of real samples that G(F(x)) doesn't bring back",
        group="lost",
        statistic=float(len(lost)),
        effect=float(sum(group.share for group in lost)),
        effect_title="share of the real samples",
        samples=len(error),
        large=LOST_SHARE,
        note=f"{kind_of(clusters, len(table))}; {named(lost)}",
        details=listed(table),
    )
