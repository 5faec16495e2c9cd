"""How well the verdicts of many models agree with the truth."""

import dataclasses

import numpy as np
from scipy import stats

# A model that has lost less than this share of the modes counts as complete: of 8 or 25 modes that
# is none, of 1,000 it is fifty, which a sample of 26,000 can't tell from chance.
LOST = 0.05
# And at least this share of its samples must be good: a few good ones among noise are no mode.
LEAST_GOOD = 0.1


@dataclasses.dataclass(frozen=True)
class Agreement:
    """What a set of verdicts is worth.

    Attributes:
        models: trainings.
        verdicts: stages of them that were diagnosed.
        correlation: Spearman's rank correlation of the estimated coverage with the true one; NaN
            where one of the two is the same for all.
        complete: verdicts on models that are complete, see `is_complete`.
        false_alarms: those of them that were called red.
        warnings: those of them that were called yellow.
        collapsed: the other verdicts.
        missed: those of them that were called green.
        error: mean absolute difference of estimated and true coverage.
    """

    models: int
    verdicts: int
    correlation: float
    complete: int
    false_alarms: int
    warnings: int
    collapsed: int
    missed: int
    error: float


def true_coverage(found):
    """Return the share of the modes that a model covers, in [0, 1]."""
    return found["modes_covered"] / found["modes_total"]


def is_complete(found):
    """Return whether a model covers the modes, by `LOST`, with good samples, by `LEAST_GOOD`."""
    return 1 - true_coverage(found) < LOST and found["high_quality"] >= LEAST_GOOD


def agreement(stages):
    """Compare verdicts with the truth.

    Formula: Spearman's rho, the correlation of the ranks, ties with their mean rank.

    Args:
        stages: list of what `stages.train` returns, diverged ones left out; at least one.

    Returns:
        An `Agreement`.

    Raises:
        ValueError: without stages.
    """
    if not stages:
        raise ValueError("stages must not be empty; got none")
    estimated = np.array([found["estimated"] for found in stages])
    truth = np.array([true_coverage(found) for found in stages])
    complete = [found for found in stages if is_complete(found)]
    collapsed = [found for found in stages if not is_complete(found)]
    return Agreement(
        models=len({(found["dataset"], found["method"], found["seed"]) for found in stages}),
        verdicts=len(stages),
        correlation=_spearman(estimated, truth),
        complete=len(complete),
        false_alarms=_count(complete, "red"),
        warnings=_count(complete, "yellow"),
        collapsed=len(collapsed),
        missed=_count(collapsed, "green"),
        error=float(np.abs(estimated - truth).mean()),
    )


def _spearman(left, right):
    if np.ptp(left) == 0 or np.ptp(right) == 0:
        return float("nan")
    return float(stats.spearmanr(left, right).statistic)


def _count(stages, colour):
    return sum(found["colour"] == colour for found in stages)
