"""What a metric is: something that sees all samples, some at a time, and has figures at the end."""

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from keras_iidgan.data import Assignment, Data
from keras_iidgan.evaluation import reference
from keras_iidgan.features import Unavailable

KEPT = 10_000


@dataclasses.dataclass(frozen=True)
class Setting:
    """What the metrics of one evaluation share.

    Attributes:
        model: a `Method`, or what has its public face.
        data: the `Data`.
        samples: N, how many samples are drawn.
        seed: of the draw.
        threshold: good samples that make a mode count as covered.
        least_confidence: probability from which an image is good; None is the data's own.
        make_extractor: a function without arguments that returns an `Extractor`, or raises
            `Unavailable`.
    """

    model: Any
    data: Data
    samples: int
    seed: int
    threshold: int = 1
    least_confidence: float | None = None
    make_extractor: Callable | None = None

    @functools.cached_property
    def _extractor(self):
        if self.make_extractor is None:
            return Unavailable("no backbone was chosen")
        try:
            return self.make_extractor()
        except Unavailable as error:
            return error

    @property
    def extractor(self):
        """The `Extractor`, made at the first call.

        Raises:
            Unavailable: there is none, for every metric that asks.
        """
        if isinstance(self._extractor, Unavailable):
            raise Unavailable(*self._extractor.args)
        return self._extractor

    @functools.cached_property
    def reference(self):
        """The `reference.Reference` of the data's training images.

        Raises:
            Unavailable: there is no extractor.
        """
        return reference.features(self.data, self.extractor, KEPT)


@dataclasses.dataclass(frozen=True)
class Chunk:
    """Some of the samples, and what metrics need of them, computed once and only if one asks.

    Attributes:
        x: [n, *shape].
        setting: the `Setting`.
    """

    x: np.ndarray
    setting: Setting

    @functools.cached_property
    def assignment(self) -> Assignment:
        """The `Assignment` of the samples to modes."""
        found, least = self.setting.data.assign(self.x), self.setting.least_confidence
        if least is None:
            return found
        return found._replace(good=(found.confidence >= least) & (found.mode >= 0))

    @property
    def features(self) -> np.ndarray:
        """Their features, [n, D] float32.

        Raises:
            Unavailable: the backbone can't be had or can't take such images.
        """
        return self._extracted[0]

    @property
    def probabilities(self) -> np.ndarray:
        """Their class probabilities, [n, K] float64.

        Raises:
            Unavailable: as of `features`, or the backbone gives none.
        """
        if self._extracted[1] is None:
            raise Unavailable(f"{self.setting.extractor.name} gives no class probabilities")
        return self._extracted[1]

    @functools.cached_property
    def _extracted(self):
        return self.setting.extractor(self.x)


class Collector:
    """One metric.

    Args:
        setting: the `Setting`.

    Attributes:
        of_samples: whether it is of drawn samples, so that `update` is to be called.

    Raises:
        Unavailable: the metric has no meaning for this model and data, or no backbone.
    """

    of_samples = True

    def __init__(self, setting: Setting):
        self.setting = setting

    def update(self, chunk: Chunk):
        """Adds samples, in the order of drawing."""

    def result(self) -> dict:
        """Returns the figures."""
        raise NotImplementedError

    def protocol(self) -> dict:
        """Returns what the figures were measured with; a None is left out."""
        return {}


class OfFeatures(Collector):
    """A metric of features; its protocol names the backbone."""

    def __init__(self, setting: Setting):
        super().__init__(setting)
        self.extractor = setting.extractor

    def protocol(self) -> dict:
        """Returns the backbone."""
        return {"features": self.extractor.name, "features_digest": self.extractor.digest}


class FirstRows:
    """The features of the first samples, `KEPT` of them at most; samples are IID, so any would do.

    They are views: two metrics that keep the rows of one chunk share them.
    """

    def __init__(self):
        self._parts, self._count = [], 0

    def update(self, features):
        """Keeps rows while there is room."""
        part = features[: KEPT - self._count]
        if len(part):
            self._parts.append(part)
            self._count += len(part)

    def rows(self):
        """Returns them: [n, D]."""
        return np.concatenate(self._parts)
