"""Scores by class probabilities, from sums alone."""

import numpy as np

from keras_iidgan import metrics
from keras_iidgan.evaluation import reference
from keras_iidgan.features import Unavailable
from keras_iidgan.metrics.class_scores import FORMS

# Real images at most that say what a perfect sampler has.
REAL = 10_000


class _Sums:
    """`metrics.ClassSums` of consecutive parts of the samples, cut as `np.array_split` cuts."""

    needs_features = True

    def __init__(self, setting, splits):
        self._setting = setting
        sizes = np.full(splits, setting.samples // splits)
        sizes[: setting.samples % splits] += 1
        self._bounds = np.concatenate([[0], np.cumsum(sizes)])
        self._seen, self._name = 0, setting.extractor.name
        self.parts = None

    def update(self, chunk):
        """Look at a chunk."""
        p = chunk.probabilities
        if p is None:
            raise Unavailable(f"{self._name} gives no class probabilities")
        self.check(p.shape[1])
        self.parts = self.parts or [metrics.ClassSums(p.shape[1]) for _ in self._bounds[1:]]
        bounds = np.clip(self._bounds - self._seen, 0, len(p))
        for part, begin, end in zip(self.parts, bounds[:-1], bounds[1:], strict=True):
            if begin < end:
                part.update(p[begin:end])
        self._seen += len(p)

    def check(self, classes):
        """Raise Unavailable if the score can't be had of so many classes."""

    def real_parts(self):
        """Return the `ClassSums` of real images, in parts as large: what a perfect sampler has."""
        real = reference.probabilities(self._setting.data, self._setting.extractor, REAL)
        each = min(self._setting.samples // len(self.parts), len(real))
        return [
            metrics.ClassSums(real.shape[1]).update(real[i : i + each])
            for i in range(0, len(real) - each + 1, each)
        ]


class InceptionScore(_Sums):
    """As `metrics.inception_score`, with `inception_score_perfect`, that of real images.

    It is the mean over parts of as many images as a split has, of `inception_score_perfect_samples`
    training images in all.
    """

    def __init__(self, setting):
        super().__init__(setting, min(10, setting.samples))

    def result(self):
        """Return the figures."""
        real = self.real_parts()
        return metrics.score_figures(self.parts) | {
            "inception_score_perfect": float(np.mean([part.inception_score() for part in real])),
            "inception_score_perfect_samples": float(sum(part.samples for part in real)),
        }


class ModeScore(_Sums):
    """As `metrics.mode_score`, in both forms; of classes that the data have shares of.

    `mode_score_FORM_perfect` is that of real images, as many as the samples if there are so many.
    """

    def __init__(self, setting):
        if setting.data.mode_weights is None:
            raise Unavailable(f"the shares of the classes of {setting.data.name} aren't known")
        super().__init__(setting, 1)
        self._train = setting.data.mode_weights

    def check(self, classes):
        """Raise Unavailable unless the classes can be the modes."""
        if classes != len(self._train):
            raise Unavailable(
                f"{self._name} knows {classes} classes, and the data have {len(self._train)} modes"
            )

    def result(self):
        """Return the figures."""
        (sums,) = self.parts
        found = {f"mode_score_{form}": sums.mode_score(self._train, form) for form in FORMS}
        real = self.real_parts()[0]
        found |= {f"mode_score_{f}_perfect": real.mode_score(self._train, f) for f in FORMS}
        return found | {"mode_score_samples": float(sums.samples)}
