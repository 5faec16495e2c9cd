"""Which real samples no generated one comes near, without modes and without an encoder."""

import numpy as np
from scipy import special, stats

from keras_iidgan.diagnostics.balls import density_and_coverage
from keras_iidgan.diagnostics.findings import LEVEL, Finding, Findings
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
from keras_iidgan.diagnostics.samples import as_rows, check_neighbours, count_within, nearest

LEAST = 0.02  # Of its fair number of good samples, that a group needs to be reached wholly.
_FEW_GOOD = 0.25
_UNEVEN = 0.1


def diagnose_coverage(
    real, generated, *, k=5, groups=None, names=None, clusters=None, seed=0
) -> Located:
    """Ask which real samples the generated ones reach, and how many of those are good.

    A generated sample y belongs to the group g of its nearest real sample x, and is good if
    ||y - x|| <= s_g, the 0.99 quantile in g of the distance from a real sample to its nearest
    other one. So 0.99 of a perfect sampler's are good, in any units and any dimension. With N real
    and M generated samples, w_g = N_g / N, n_g good samples of group g, r_i the distance from x_i
    to its k-th nearest other real sample:

    Formula:
        good        statistic: sum_g n_g / M; effect: 1 - statistic / 0.99, at least 0
        density     statistic: 1/(k M) #{(i, j): ||y_j - x_i|| < r_i}, 1 for a perfect sampler;
                    effect: |log2 max(statistic, 1 / (k M))|
        coverage    statistic: 1/N #{i: ||y_j - x_i|| < r_i for some j}; effect:
                    1 - statistic / expected, at least 0, where a perfect sampler is expected to
                    have 1 - prod_{l < k} (N - 1 - l) / (N - 1 + M - l)
        uneven      statistic: 1/2 sum_g |n_g / n - w_g|, n = sum_g n_g; effect: the same less
                    1/2 sum_g sqrt(2 w_g (1 - w_g) (1/N + 1/n) / pi), its value by chance, at least
                    0; with the p-value of the chi-squared test that both counts have the same
                    shares. It matters from 0.1 on. Left out where n = 0 or there is one group
        lost_groups statistic: number of lost groups; effect: their share of the real samples,
                    which matters from 0.01 on
        reached     statistic: the estimated share of the real data that the model reaches.
                    Where there are clear clusters, or groups are given: sum_g w_g reached_g,
                    reached_g = min(1, n_g / max(1, 0.02 M w_g)); else min(1, coverage / expected).
                    effect: 1 - statistic
    A group is lost if n_g < max(1, 0.02 M w_g) and, by a binomial test with Bonferroni's
    correction at 0.01, n_g is too few for a share of 0.99 w_g: a small group with few samples by
    chance isn't. A mode that has one sample of a fair hundred is reached by 0.5: by the field's
    "one good sample" it would count as whole, of many enough samples.
    Clusters count good samples only, so a narrow mode is reached, and blur that spreads over all
    modes reaches none. Cells of data without clear clusters can't tell whether half of a cell is
    reached, which the balls of coverage do; but for these a narrow mode is reached in part.

    Args:
        real: real samples, or their features, [N, ...], flattened here; held out from training.
        generated: generated samples, or their features, [M, ...].
        k: neighbours of density and coverage, at least 1.
        groups: [N] integers, the mode or class of each real sample; None makes clusters.
        names: a name for each value of `groups`.
        clusters: `Clusters`, or their number; None is as `find_clusters` chooses.
        seed: of the clusters.

    Returns:
        `Located`, with the findings above; `measure` is the distance from each real sample to the
        nearest generated one in units of its group's scale. In the details of `lost_groups`:
        `groups`, `reached`, `share` and `lost`; in those of `reached`: `by`, "groups" or "points".

    Raises:
        ValueError: an argument doesn't fit the others, isn't finite, or has k rows or fewer.

    Reference: Naeem et al., Reliable Fidelity and Diversity Metrics for Generative Models, 2020.
    """
    check_neighbours(k)
    real = as_rows("real", real, max(k + 1, 4))
    generated = as_rows("generated", generated, k + 1, columns=real.shape[1])
    of_each, titles, found = group_of_each(real, groups, names, clusters, seed)
    radii = nearest(real, k=k)[0]  # [N, k]
    scales = group_scales(real, of_each, len(titles), apart=radii[:, 0])
    apart, near = (part[:, 0] for part in nearest(real, generated))
    group_of_made = of_each[near]
    is_good = apart <= scales[group_of_made]
    good = np.bincount(group_of_made[is_good], minlength=len(titles))
    measure = in_scales(nearest(generated, real)[0][:, 0], scales[of_each])
    table = _groups(of_each, titles, good, len(generated), measure)
    inside = count_within(real, generated, radii[:, -1])
    density, coverage = density_and_coverage(inside, len(generated), k)
    by_groups = found is None or found.clear
    findings = (
        _good(is_good),
        density,
        coverage,
        *_uneven(good, np.bincount(of_each, minlength=len(titles))),
        _lost(table, found, len(generated)),
        _reached(table, coverage, by_groups),
    )
    return Located(Findings(findings), table, measure)


def _groups(of_each, titles, good, made, measure):
    """Make the table of groups, those that are reached least first."""
    present = np.unique(of_each)
    table = []
    for g in present:
        members = worst_first(np.flatnonzero(of_each == g), measure)
        share = len(members) / len(of_each)
        needed = max(1.0, LEAST * made * share)
        by_chance = special.bdtr(good[g], made, GOOD * share)  # P(X <= n_g)
        lost = good[g] < needed and by_chance < LEVEL / len(present)
        reached = min(1.0, float(good[g]) / needed)
        table.append(Group(titles[g], members, share, reached, bool(lost)))
    return tuple(sorted(table, key=lambda group: group.reached))


def _good(is_good):
    share = float(is_good.mean())
    return Finding(
        name="good",
        title="Generated samples that lie where real ones do",
        group="lost",
        statistic=share,
        effect=max(0.0, 1 - share / GOOD),
        effect_title="share that lies elsewhere, beyond chance",
        samples=len(is_good),
        large=_FEW_GOOD,
    )


def _uneven(good, real):
    """Whether good samples fall into the groups of real ones in other shares than these do."""
    good, real = good[real > 0], real[real > 0]
    made, count = int(good.sum()), int(real.sum())
    if not made or len(real) < 2:
        return
    shares = real / count
    apart = float(np.abs(good / made - shares).sum() / 2)
    spread = np.sqrt(2 / np.pi * shares * (1 - shares) * (1 / count + 1 / made))
    yield Finding(
        name="uneven",
        title="Good samples in other shares of the groups than real ones",
        group="lost",
        statistic=apart,
        effect=max(0.0, apart - float(spread.sum() / 2)),
        effect_title="share in other groups, beyond chance",
        samples=made,
        p_value=float(stats.chi2_contingency([good, real]).pvalue),
        large=_UNEVEN,
    )


def _lost(table, clusters, made):
    lost = [group for group in table if group.lost]
    return Finding(
        name="lost_groups",
        title="Groups of real samples that are hardly ever generated",
        group="lost",
        statistic=float(len(lost)),
        effect=float(sum(group.share for group in lost)),
        effect_title="share of the real samples",
        samples=made,
        large=LOST_SHARE,
        note=f"{kind_of(clusters, len(table))}; {named(lost)}",
        details=listed(table),
    )


def _reached(table, coverage, by_groups):
    if by_groups:
        sizes = [len(group.members) for group in table]
        reached = float(np.dot(sizes, [group.reached for group in table]) / sum(sizes))
    else:
        reached = 1 - coverage.effect
    return Finding(
        name="reached",
        title="Estimated share of the real data that the model reaches",
        group="lost",
        statistic=reached,
        effect=1 - reached,
        effect_title="share that it doesn't reach",
        samples=coverage.samples,
        note="by groups" if by_groups else "by neighbourhoods of single samples",
        details={"by": "groups" if by_groups else "points"},
    )
