"""The counts that the figures of `modes` are made of, for samples that arrive in chunks."""

import numpy as np
from scipy import special, stats

from keras_iidgan.metrics.class_sums import check_shares

# (good samples that a mode must exceed, samples drawn) as the papers count modes.
PAPER_THRESHOLDS = ((20, 2_048), (1_000, 50_000))


class ModeCounts:
    """Counts the samples of each mode, good ones and all. Memory is that of 4 K counts.

    Args:
        num_modes: K.

    Attributes:
        samples: N, samples seen.
        good: [K], good samples of each mode.
        assigned: [K], good and bad ones; a sample without a mode is in neither.
    """

    def __init__(self, num_modes: int):
        self.num_modes, self.samples = num_modes, 0
        self.good, self.assigned = np.zeros((2, num_modes), np.int64)
        # Of the first samples alone, as many as each paper draws.
        self._first = {size: np.zeros(num_modes, np.int64) for _, size in PAPER_THRESHOLDS}

    def update(self, mode, good):
        """Adds a chunk in the order of drawing; returns self.

        Args:
            mode: [N] integers in 0..K-1; -1 for a sample without a mode, which then must be bad.
            good: [N] bool.

        Raises:
            ValueError: `mode`, `good` and K don't fit.
        """
        mode, good = check_modes(mode, good, self.num_modes)
        for size, counts in self._first.items():
            part = slice(max(size - self.samples, 0))
            counts += self._count(mode[part][good[part]])
        self.good += self._count(mode[good])
        self.assigned += self._count(mode[mode >= 0])
        self.samples += len(mode)
        return self

    def _count(self, mode):
        return np.bincount(mode, minlength=self.num_modes)

    def figures(self, *, threshold: int = 1, mode_weights=None, low_quality=None):
        """Returns the figures of `modes.mode_metrics`, of the samples seen.

        Raises:
            ValueError: an argument is out of its range.
        """
        weights = self._weights(mode_weights)
        if threshold < 1:
            raise ValueError(f"threshold must be at least 1; got {threshold!r}")
        share = self.good / self.samples
        figures = {
            "modes_covered": (self.good >= threshold).sum(),
            "modes_assigned": (self.assigned >= threshold).sum(),
            "modes_total": self.num_modes,
            "high_quality": self.good.sum() / self.samples,
            "reverse_kl": special.xlogy(share, share / weights).sum(),
            "reverse_kl_normalised": divergence(self.good, weights),
            "kl": self._kl(share, weights, low_quality),
            "samples": self.samples,
            **self.covered_at_papers(),
        }
        return {name: float(value) for name, value in figures.items()}

    def _weights(self, mode_weights):
        if mode_weights is None:
            return np.full(self.num_modes, 1 / self.num_modes)
        return check_shares("mode_weights", mode_weights, self.num_modes)

    def _kl(self, share, weights, low_quality):
        if low_quality is None:
            return divergence(self.assigned, weights)
        if not 0 < low_quality < 1:
            raise ValueError(f"low_quality must lie in (0, 1); got {low_quality!r}")
        bad = 1 - share.sum()
        bins = np.append(share, max(bad, 0.0))
        target = np.append((1 - low_quality) * weights, low_quality)
        return special.rel_entr(bins, target).sum()

    def covered_at_papers(self) -> dict[str, float]:
        """Returns the figures of `modes.modes_covered_at_papers`, of the samples seen."""
        figures = {"modes_covered_1": float((self.good > 0).sum())}
        for least, size in PAPER_THRESHOLDS:
            if self.samples >= size > least * self.num_modes:
                covered = (self._first[size] > least).sum()
                figures[f"modes_covered_{least}_of_{size}"] = float(covered)
        return figures

    def divergences(self, mode_weights) -> dict[str, float]:
        """Returns `kl_uniform`, `kl_train` and their likes of `class_scores.class_figures`.

        Args:
            mode_weights: [K], the shares of the modes among the training data.
        """
        targets = {"uniform": self._weights(None), "train": self._weights(mode_weights)}
        kinds = {"": self.assigned, "_good": self.good}
        found = {
            f"kl_{target}{kind}": float(divergence(counts, shares))
            for target, shares in targets.items()
            for kind, counts in kinds.items()
        }
        bias = {
            f"kl_bias{kind}": (self.num_modes - 1) / (2 * int(counts.sum()))
            for kind, counts in kinds.items()
            if counts.any()
        }
        return found | bias


def check_modes(mode, good, num_modes):
    """Returns both as arrays; ValueError unless they are modes of K and who is good."""
    mode, good = np.asarray(mode), np.asarray(good)
    if mode.ndim != 1 or mode.shape != good.shape or not len(mode):
        raise ValueError(f"mode and good must be [N >= 1]; got {mode.shape} and {good.shape}")
    if good.dtype != bool:
        raise ValueError(f"good must be bool; got {good.dtype}")
    if mode.dtype.kind not in "iu" or mode.min() < -1 or mode.max() >= num_modes:
        raise ValueError(
            f"mode must be integers in -1..{num_modes - 1}; got {mode.dtype} in "
            f"{mode.min()}..{mode.max()}"
        )
    if (good & (mode < 0)).any():
        raise ValueError("good must be False where mode is -1; got True")
    return mode, good


def divergence(counts, weights):
    """KL of the counts' shares to the weights; without counts, the most it can be."""
    if not counts.sum():
        return -np.log(weights.min())
    return stats.entropy(counts, weights)
