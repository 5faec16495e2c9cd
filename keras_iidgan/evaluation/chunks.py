"""Samples as they are drawn, a chunk at a time, and what is found out of each but once."""

import dataclasses
import functools
from typing import Any

import numpy as np


@dataclasses.dataclass(frozen=True)
class Chunk:
    """Some samples.

    Attributes:
        x: [n, *shape].
        data: the `Data` that they are to be like.
        extractor: a `features.Extractor`, or None where no figure needs it.
    """

    x: np.ndarray
    data: Any
    extractor: Any = None

    @functools.cached_property
    def assignment(self):
        """The modes of the samples, see `data.Assignment`."""
        return self.data.assign(self.x)

    @functools.cached_property
    def seen(self):
        """Features [n, D] and class probabilities [n, K] or None."""
        return self.extractor(self.x)

    @property
    def features(self):
        """Features, [n, D]."""
        return self.seen[0]

    @property
    def probabilities(self):
        """Class probabilities [n, K], or None."""
        return self.seen[1]
