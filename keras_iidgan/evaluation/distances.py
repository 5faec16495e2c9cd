"""Distances between generated and real images, by their features or their pixels."""

import numpy as np

from keras_iidgan import metrics
from keras_iidgan.evaluation import reference
from keras_iidgan.features import Unavailable

# Samples that figures on pairs of samples are taken of.
PAIRED = 10_000
_BINS, _BINNED = 100, 20_000


class Frechet:
    """As `metrics.fid`, against all training images."""

    needs_features = True

    def __init__(self, setting):
        self._reference = reference.moments(setting.data, setting.extractor)
        self._moments = metrics.FeatureMoments(self._reference.dim)

    def update(self, chunk):
        """Look at a chunk."""
        self._moments.update(chunk.features)

    def result(self):
        """Return the figures."""
        return metrics.fid(self._moments, self._reference)


class _Paired:
    """Keeps the features of the first samples, to compare with those of as many real ones."""

    needs_features = True

    def __init__(self, setting):
        self._reference = reference.features(setting.data, setting.extractor, PAIRED)
        self._kept, self._left = [], min(PAIRED, setting.samples)

    def update(self, chunk):
        """Look at a chunk."""
        if self._left:
            part = chunk.features[: self._left]
            self._kept.append(part)
            self._left -= len(part)

    def pair(self):
        """Return the features of generated and of real images."""
        return np.concatenate(self._kept), self._reference


class Kernel(_Paired):
    """As `metrics.kid`."""

    def result(self):
        """Return the figures."""
        return metrics.kid(*self.pair())


class Neighbours(_Paired):
    """As `metrics.neighbour_figures`, with `prdc_samples`, the generated ones that it compares."""

    def result(self):
        """Return the figures."""
        generated, real = self.pair()
        return metrics.neighbour_figures(generated, real) | {"prdc_samples": len(generated)}


class Bins:
    """As `metrics.NearestBins`, on pixels; the cells are made of 20,000 training images at most."""

    needs_features = False

    def __init__(self, setting):
        if setting.data.kind != "images" or len(setting.data.train) < _BINS:
            raise Unavailable(f"it needs {_BINS} images or more to make cells of")
        self._bins = reference.cells(setting.data, _BINS, _BINNED)
        self._counts = np.zeros(_BINS, int)

    def update(self, chunk):
        """Look at a chunk."""
        self._counts += self._bins.counts(chunk.x)

    def result(self):
        """Return the figures."""
        return metrics.bin_figures(self._bins.train_counts, self._counts)
