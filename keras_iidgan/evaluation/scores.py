"""The scores by class probabilities: Inception Score and Mode Score."""

import numpy as np

from keras_iidgan import metrics
from keras_iidgan.evaluation.base import OfFeatures
from keras_iidgan.features import Unavailable
from keras_iidgan.metrics.class_scores import FORMS

SPLITS = 10


class InceptionScore(OfFeatures):
    """`metrics.inception_score` over ten splits, of which the sums alone are kept."""

    def __init__(self, setting):
        super().__init__(setting)
        if setting.samples < SPLITS:
            raise Unavailable(f"it needs {SPLITS} samples or more; got {setting.samples}")
        # Where a split ends: as equal parts as there can be, the larger ones first.
        sizes = np.full(SPLITS, setting.samples // SPLITS)
        sizes[: setting.samples % SPLITS] += 1
        self._ends, self._seen, self._sums = np.cumsum(sizes), 0, []

    def update(self, chunk):
        """Adds samples."""
        p = chunk.probabilities
        self._sums = self._sums or [metrics.ClassSums(p.shape[1]) for _ in self._ends]
        for part, end in enumerate(self._ends):
            begin = self._ends[part - 1] if part else 0
            rows = p[max(begin - self._seen, 0) : max(end - self._seen, 0)]
            if len(rows):
                self._sums[part].update(rows)
        self._seen += len(p)

    def result(self):
        """Returns the figures."""
        return metrics.score_figures(self._sums)

    def protocol(self):
        """Returns what they were measured with."""
        return super().protocol() | {"inception_score_splits": SPLITS}


class ModeScore(OfFeatures):
    """`metrics.mode_score` in both forms.

    The shares of the classes in the data are those of their modes, where the backbone's classes
    are the modes; with other backbones the mean probabilities of the training images.
    """

    def __init__(self, setting):
        super().__init__(setting)
        self._sums = None

    def update(self, chunk):
        """Adds samples."""
        p = chunk.probabilities
        self._sums = self._sums or metrics.ClassSums(p.shape[1])
        self._sums.update(p)

    def result(self):
        """Returns the figures."""
        shares = self._by_modes()
        shares = self.setting.reference.shares if shares is None else shares
        found = {f"mode_score_{form}": self._sums.mode_score(shares, form) for form in FORMS}
        return found | {"mode_score_samples": float(self._sums.samples)}

    def protocol(self):
        """Returns what they were measured with."""
        known = "modes" if self._by_modes() is not None else "mean probabilities"
        return super().protocol() | {"mode_score_shares": known}

    def _by_modes(self):
        return self.setting.data.mode_weights if self.extractor.classes_are_modes else None
