"""Scores by class probabilities, from sums alone."""

import numpy as np
from scipy import special, stats

from keras_iidgan.features import Unavailable
from keras_iidgan.metrics import class_scores


class _Sums:
    """Sums of probabilities and of their negative entropies, in consecutive parts of the samples.

    With P = sum_i p_i and S = sum_ik p_ik log p_ik over the n samples of a part, the mean
    divergence from their own mean p* = P / n is S / n - sum_k p*_k log p*_k.
    """

    needs_features = True

    def __init__(self, setting, splits):
        self._edges = _edges(setting.samples, splits)
        self._probabilities = None
        self._negentropies = np.zeros(splits)
        self._seen, self._name = 0, setting.extractor.name

    def update(self, chunk):
        """Look at a chunk."""
        if chunk.probabilities is None:
            raise Unavailable(f"{self._name} gives no class probabilities")
        p = class_scores.check_probabilities("probabilities", chunk.probabilities)
        if self._probabilities is None:
            self._probabilities = np.zeros([len(self._negentropies), p.shape[1]])
        part = np.searchsorted(self._edges, self._seen + np.arange(len(p)), side="right")
        np.add.at(self._probabilities, part, p)
        np.add.at(self._negentropies, part, special.xlogy(p, p).sum(axis=1))
        self._seen += len(p)

    @property
    def counts(self):
        """Samples in each part."""
        return np.diff(np.concatenate([[0], self._edges, [self._seen]]))

    def gains(self):
        """Mean over the samples of a part of KL(p(y|x) || p*)."""
        mean = self._probabilities / self.counts[:, None]
        return self._negentropies / self.counts - special.xlogy(mean, mean).sum(axis=1)


def _edges(samples, splits):
    """Where the parts but the first begin, as `np.array_split` cuts."""
    sizes = np.full(splits, samples // splits)
    sizes[: samples % splits] += 1
    return np.cumsum(sizes)[:-1]


class InceptionScore(_Sums):
    """As `metrics.inception_score`."""

    def __init__(self, setting):
        super().__init__(setting, min(10, setting.samples))

    def result(self):
        """Return the figures."""
        scores = np.exp(self.gains())
        total = self._probabilities.sum(axis=0) / self._seen
        return {
            "inception_score": float(scores.mean()),
            "inception_score_std": float(scores.std(ddof=1)) if len(scores) > 1 else 0.0,
            "class_perplexity": float(np.exp(stats.entropy(total))),
            "sample_perplexity": float(np.exp(-self._negentropies.sum() / self._seen)),
            "inception_score_samples": float(self._seen),
        }


class ModeScore(_Sums):
    """As `metrics.mode_score`, in both forms; of classes that the data have shares of."""

    def __init__(self, setting):
        if setting.data.mode_weights is None:
            raise Unavailable(f"the shares of the classes of {setting.data.name} aren't known")
        super().__init__(setting, 1)
        self._train = setting.data.mode_weights

    def result(self):
        """Return the figures."""
        mean = self._probabilities[0] / self._seen
        if len(mean) != len(self._train):
            return {}
        (gain,) = self.gains()
        lost = special.rel_entr(mean, self._train).sum()
        return {
            "mode_score_che2017": float(np.exp(gain)),  # What the training shares add cancels.
            "mode_score_xu2018": float(np.exp(gain - lost)),
            "mode_score_samples": float(self._seen),
        }
