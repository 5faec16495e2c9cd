"""Are generated samples varied, and are they new? Duplicates, support size, memorising."""

import math

import numpy as np
from scipy import stats

from keras_iidgan.diagnostics.findings import Finding, Findings
from keras_iidgan.diagnostics.samples import as_rows, count_within, nearest, some_rows

MOST = 10_000  # Samples of each kind that are compared.
_SAME = 0.01  # Quantile of the distances to a neighbour, below which two samples are the same.
_FEWER = 1.5  # Orders of magnitude that the support is smaller than the data's.
_COPIED = 0.05


def diagnose_duplicates(generated, real, *, seed=0) -> Findings:
    """Estimate how many different samples the model makes, by its near-duplicates.

    Two samples are near-duplicates if they are no farther apart than t, the 0.01 quantile of the
    distance from a real sample to its nearest other one. With c of the n (n - 1) / 2 pairs of n
    generated samples, c_i of them with sample i, and c' pairs of as many real ones:

    Formula:
        U = 2 c / (n (n - 1))   probability that two samples are near-duplicates
        support = 1 / U         statistic; if all of S samples are equally likely, U = 1 / S
        var U = 4 / n var(c_i / (n - 1)) + 2 U (1 - U) / (n (n - 1)),
                                for the interval of 95 %: 1 / (U -+ 1.96 sd U)
        effect = log10((c + 1) / (c' + 1)), at least 0: how many orders of magnitude the support is
                 smaller than that of the data at the same resolution; it matters from 1.5 on
        birthday = sqrt(2 log(2) support), samples of which two are the same in every second batch
    Where no pair is near, U is 3 / pairs at most with 95 %, so the support at least 1 / that. Of
    samples that aren't equally likely it is the effective number, which is smaller than the
    number of different ones.

    Args:
        generated: [N, ...] samples or features; of more than 10,000 that many are drawn.
        real: [N', ...], likewise, from the data; N' of at least 10.
        seed: of the draws.

    Returns:
        The finding `support`. In its details: `low` and `high`, the interval, `high` being
        None where there is no bound; `birthday`; `real_support`; `pairs` = c; `distance` = t.

    Raises:
        ValueError: an argument isn't finite or has too few rows, or the shapes don't fit.

    Reference:
        Arora and Zhang, Do GANs actually learn the distribution?, 2017, who look at the nearest
        pairs of batches by eye. Here the distance below which two are the same is the data's own.
    """
    real = some_rows(as_rows("real", real, 10), MOST, seed)
    generated = as_rows("generated", generated, 10, columns=real.shape[1])
    count = min(len(real), len(generated), MOST)
    real, generated = some_rows(real, count, seed), some_rows(generated, count, seed + 1)
    same = float(np.quantile(nearest(real, k=1)[0][:, 0], _SAME))
    made, there = _partners(generated, same), _partners(real, same)
    pairs, real_pairs = made.sum() / 2, there.sum() / 2
    estimate, low, high = _support(made)
    details = {
        "low": low,
        "high": high,
        "birthday": math.sqrt(2 * math.log(2) * estimate),
        "real_support": _support(there)[0],
        "pairs": float(pairs),
        "distance": same,
    }
    return Findings([_finding(estimate, low, high, pairs, real_pairs, count, details)])


def _partners(x, same):
    """How many near-duplicates each sample has among the others: [n]."""
    return count_within(x, x, np.nextafter(same, np.inf)) - 1


def _support(partners):
    """Estimate of the support and its interval, from the near-duplicates of each sample."""
    n = len(partners)
    chance = partners.sum() / (n * (n - 1))
    if chance == 0:
        least = n * (n - 1) / 2 / 3
        return least, least, None
    variance = 4 / n * np.var(partners / (n - 1)) + 2 * chance * (1 - chance) / (n * (n - 1))
    off = 1.96 * math.sqrt(variance)
    high = float(1 / (chance - off)) if chance > off else None
    return float(1 / chance), float(1 / (chance + off)), high


def _finding(estimate, low, high, pairs, real_pairs, count, details):
    if high is not None:
        note = f"between {low:,.0f} and {high:,.0f} with 95 %"
    elif pairs:
        note = f"at least {low:,.0f} with 95 %"
    else:
        note = f"no near-duplicates among {count} samples, so at least {estimate:,.0f} with 95 %"
    return Finding(
        name="support",
        title="Number of different samples that the model makes",
        group="variety",
        statistic=estimate,
        effect=max(0.0, math.log10((pairs + 1) / (real_pairs + 1))),
        effect_title="orders of magnitude fewer than the data",
        samples=count,
        large=_FEWER,
        note=note,
        details=details,
    )


def diagnose_memory(generated, train, test=None, *, seed=0) -> Findings:
    """Ask whether generated samples are copies of training samples.

    With d(y) the distance from y to the nearest of the training samples, and q the 0.01 quantile
    of d over test samples:

    Formula:
        memorised   statistic: share of generated samples with d(y) < q;
                    effect: (statistic - s) / (1 - s), at least 0, s the same share of the test
                    samples, about 0.01; it matters from 0.05 on, with p-value of Fisher's exact
                    test of both counts, one-sided
    Without a test set d of a training sample is the distance to the nearest other one.

    Args:
        generated: [N, ...] samples or features; of more than 10,000 that many are drawn.
        train: [N_train, ...] training samples, likewise; a sample copied from one that isn't
            drawn isn't found, so that of 60,000 a sixth of all copies is.
        test: [N_test, ...] real samples that the model wasn't trained on, or None; likewise.
        seed: of the draws.

    Returns:
        The finding `memorised`. In its details: `closest`, indices of the 20 generated samples (of
        those that were drawn, `drawn` all of them) that are nearest to a training sample, and
        `distance` = q.

    Raises:
        ValueError: an argument isn't finite or has too few rows, or the shapes don't fit.

    Reference: Meehan et al., A non-parametric test to detect data-copying, 2020, for the idea of
        comparing with a test set.
    """
    train = some_rows(as_rows("train", train, 10), MOST, seed)
    generated = as_rows("generated", generated, columns=train.shape[1])
    drawn = some_rows(np.arange(len(generated)), MOST, seed + 1)
    generated = generated[drawn]
    if test is None:
        real = nearest(train)[0][:, 0]
    else:
        test = some_rows(as_rows("test", test, 10, columns=train.shape[1]), MOST, seed + 2)
        real = nearest(train, test)[0][:, 0]
    made = nearest(train, generated)[0][:, 0]
    near = np.quantile(real, _SAME)
    copied, others = int((made < near).sum()), int((real < near).sum())
    table = [[copied, len(made) - copied], [others, len(real) - others]]
    share, by_chance = copied / len(made), others / len(real)
    found = Finding(
        name="memorised",
        title="Generated samples nearer to a training sample than unseen real ones are",
        group="variety",
        statistic=share,
        effect=max(0.0, (share - by_chance) / (1 - by_chance)),
        effect_title="share, beyond chance",
        samples=len(made),
        p_value=float(stats.fisher_exact(table, alternative="greater").pvalue),
        large=_COPIED,
        note="against a test set" if test is not None else "against the training set itself",
        details={"closest": drawn[np.argsort(made)[:20]].tolist(), "distance": float(near)},
    )
    return Findings([found])
