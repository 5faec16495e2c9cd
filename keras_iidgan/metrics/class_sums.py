"""The sums that Inception Score and Mode Score are made of, for samples that arrive in chunks."""

import numpy as np
from scipy import special, stats


class ClassSums:
    """Adds up class probabilities and their entropies. Memory is that of K numbers.

    With p* the mean of the N rows p_i, both scores follow from p* and the mean entropy:

    Formula:
        1/N sum_i KL(p_i || p*) = H(p*) - 1/N sum_i H(p_i)
        1/N sum_i KL(p_i || w)  = -sum_k p*_k log w_k - 1/N sum_i H(p_i)

    Args:
        num_classes: K.

    Attributes:
        samples: N, rows seen.
    """

    def __init__(self, num_classes: int):
        self.samples, self._entropy = 0, 0.0
        self._sum = np.zeros(num_classes)

    def update(self, probabilities):
        """Adds rows [N, K] of probabilities; returns self.

        Raises:
            ValueError: the rows are no probabilities, or of another K.
        """
        p = check_probabilities("probabilities", probabilities)
        if p.shape[1] != len(self._sum):
            raise ValueError(f"probabilities must have {len(self._sum)} classes; got {p.shape[1]}")
        self.samples += len(p)
        self._sum += p.sum(axis=0)
        self._entropy += special.entr(p).sum()
        return self

    def merge(self, other: "ClassSums"):
        """Adds the rows that another accumulator of as many classes has seen; returns self."""
        self.samples += other.samples
        self._sum += other._sum
        self._entropy += other._entropy
        return self

    @property
    def mean(self) -> np.ndarray:
        """p*, [K] float64."""
        return self._sum / self.samples

    @property
    def mean_entropy(self) -> float:
        """The mean of the rows' entropies."""
        return self._entropy / self.samples

    def inception_score(self) -> float:
        """Returns exp(1/N sum_i KL(p_i || p*))."""
        return float(np.exp(stats.entropy(self.mean) - self.mean_entropy))

    def mode_score(self, train_shares, form: str) -> float:
        """Returns the value of `class_scores.mode_score`.

        Raises:
            ValueError: `train_shares` is no distribution over the classes.
        """
        train = check_shares("train_shares", train_shares, len(self._sum))
        mean = self.mean
        cross = {"che2017": -mean @ np.log(train), "xu2018": stats.entropy(mean)}[form]
        missed = special.rel_entr(mean, train).sum()
        return float(np.exp(cross - self.mean_entropy - missed))


def score_figures(parts) -> dict[str, float]:
    """Returns the figures of `class_scores.inception_score` for the `ClassSums` of its splits."""
    scores = [part.inception_score() for part in parts]
    whole = ClassSums(len(parts[0].mean))
    for part in parts:
        whole.merge(part)
    return {
        "inception_score": float(np.mean(scores)),
        "inception_score_std": float(np.std(scores, ddof=1)) if len(parts) > 1 else 0.0,
        "class_perplexity": float(np.exp(stats.entropy(whole.mean))),
        "sample_perplexity": float(np.exp(whole.mean_entropy)),
        "inception_score_samples": float(whole.samples),
    }


def check_probabilities(name: str, p) -> np.ndarray:
    """Returns [N, K] as float64; ValueError unless rows are non-negative and sum to 1."""
    p = np.asarray(p, np.float64)
    if p.ndim != 2 or not p.size:
        raise ValueError(f"{name} must have shape (N >= 1, K >= 1); got {p.shape}")
    if not (p >= 0).all() or np.abs(p.sum(axis=1) - 1).max() > 1e-3:
        raise ValueError(
            f"{name} must have rows of probabilities that sum to 1; got entries from {p.min():g} "
            f"and sums from {p.sum(axis=1).min():g} to {p.sum(axis=1).max():g}"
        )
    return p / p.sum(axis=1, keepdims=True)


def check_shares(name: str, shares, classes: int) -> np.ndarray:
    """Returns [K] as float64; ValueError unless the shares are above 0 and sum to 1."""
    shares = np.asarray(shares, np.float64)
    if shares.shape != (classes,) or not (shares > 0).all() or abs(shares.sum() - 1) > 1e-6:
        raise ValueError(
            f"{name} must be {classes} shares above 0 that sum to 1; got shape {shares.shape} "
            f"with sum {shares.sum():g}"
        )
    return shares
