"""Which modes the samples cover, how well and how evenly."""

import dataclasses
from typing import Any

import numpy as np

from keras_iidgan import metrics
from keras_iidgan.data.base import Assignment
from keras_iidgan.features import Unavailable


@dataclasses.dataclass
class Setting:
    """What is measured and how.

    Attributes:
        data: a `Data`.
        samples: N.
        seed: of the draw.
        threshold: good samples that a covered mode needs.
        least_confidence: probability of a good sample, None for the data's own rule.
        extractor: a `features.Extractor` once a figure needed one.
    """

    data: Any
    samples: int
    seed: int
    threshold: int = 1
    least_confidence: float | None = None
    extractor: Any = None

    @property
    def dim(self):
        """Dimensions of points, None for images and for modes without a width."""
        return None if self.data.std is None else self.data.shape[0]

    def protocol(self):
        """Say how the figures were taken, with the floors of a perfect sampler."""
        stated = {"samples": self.samples}
        if self.data.num_modes:
            stated = metrics.protocol(
                num_modes=self.data.num_modes,
                samples=self.samples,
                threshold=self.threshold,
                dim=self.dim,
            )
        stated |= {"seed": self.seed, "mode_std": self.data.std}
        stated["least_confidence"] = self.least_confidence
        stated["features"] = self.extractor and self.extractor.name
        report = getattr(self.data.assign, "report", None)
        return stated | ({f"classifier_{k}": v for k, v in report().items()} if report else {})


class _Assignments:
    """Counts the samples of every mode, good ones and all."""

    needs_features = False

    def __init__(self, setting):
        if not setting.data.num_modes:
            raise Unavailable(f"nobody says which mode a sample of {setting.data.name} shows")
        self.setting = setting
        self.counts = metrics.ModeCounts(setting.data.num_modes)

    def update(self, chunk):
        self.counts.update(chunk.assignment.mode, self.is_good(chunk.assignment))

    def is_good(self, found: Assignment):
        least = self.setting.least_confidence
        if least is None or found.confidence is None:
            return found.good
        return (found.confidence >= least) & (found.mode >= 0)

    def figures(self):
        """Return the figures of `metrics.mode_metrics`."""
        dim, data = self.setting.dim, self.setting.data
        found = self.counts.figures(
            threshold=self.setting.threshold,
            mode_weights=data.mode_weights,
            low_quality=None if dim is None else metrics.low_quality_share(dim),
        )
        for name in ("modes_covered", "modes_total", "samples"):
            found[name] = int(found[name])
        return found


def _is_divergence(name):
    return name.startswith(("kl", "reverse_kl"))


class Modes(_Assignments):
    """Modes covered, quality and, for points, the spread of each mode; keeps points."""

    def __init__(self, setting):
        super().__init__(setting)
        self._points = []

    def update(self, chunk):
        """Look at a chunk."""
        super().update(chunk)
        if self.setting.dim is not None:
            found = chunk.assignment
            self._points.append((chunk.x, found.mode, self.is_good(found)))

    def result(self):
        """Return the figures."""
        found = {name: value for name, value in self.figures().items() if not _is_divergence(name)}
        found["bad_fraction"] = 1 - found["high_quality"]
        if self.setting.dim is not None:
            data = self.setting.data
            points, mode, good = (np.concatenate(p) for p in zip(*self._points, strict=True))
            found |= metrics.mode_std_ratio(points, mode, good, data.centers, data.std)
        return found


class Divergences(_Assignments):
    """Divergences between the modes' shares and the true ones; those of images to equal ones too.

    For images `metrics.ModeCounts.divergences` has their plug-in biases beside them.
    """

    def result(self):
        """Return the figures."""
        shown = {name: value for name, value in self.figures().items() if _is_divergence(name)}
        if self.setting.dim is None:
            shown |= self.counts.divergences(self.setting.data.mode_weights)
        return shown
