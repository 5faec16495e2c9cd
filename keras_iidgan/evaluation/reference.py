"""What is known of a data set's own features, computed once and kept by content."""

import hashlib
import sys
import warnings

import numpy as np

from keras_iidgan import metrics
from keras_iidgan.data import cache
from keras_iidgan.data.base import pixels

_CHUNK = 4096


def moments(data, extractor):
    """Return the `metrics.FeatureMoments` of all training images.

    Args:
        data: a `Data` of images.
        extractor: a `features.Extractor`.
    """
    path = _path("moments", data, extractor)
    found = _kept(path, lambda stored: metrics.FeatureMoments.of(**stored))
    if found is not None:
        return found
    for x in _chunks(data.train, f"features of {data.name} by {extractor.name}"):
        features, _ = extractor(pixels(x))
        if found is None:
            found = metrics.FeatureMoments(features.shape[1])
        found.update(features)
    cache.keep(path, "moments of features", **found.arrays())
    return found


def features(data, extractor, count):
    """Return the features of `count` training images, fewer if there are fewer: [R, D] float32."""
    path = _path(f"features-{count}", data, extractor)
    found = _kept(path, lambda stored: stored["features"])
    if found is not None:
        return found
    parts = [extractor(pixels(x))[0] for x in _chunks(data.train[:count], None)]
    found = np.concatenate(parts)
    cache.keep(path, "features", features=found)
    return found


def cells(data, bins, count):
    """Return the `metrics.NearestBins` of the first `count` training images."""
    path = _path(f"cells-{bins}-{count}", data)
    found = _kept(path, metrics.NearestBins.from_arrays)
    if found is None:
        found = metrics.NearestBins(data.train[:count], bins, convert=pixels)
        cache.keep(path, "cells", **found.arrays())
    return found


def _kept(path, make):
    """What `make` makes of kept arrays; None where there are none, or others than it takes."""
    stored = cache.load(path, "computing them again")
    try:
        return None if stored is None else make(stored)
    except (ValueError, KeyError, TypeError) as error:
        warnings.warn(f"{path} can't be used ({error}); computing them again", stacklevel=3)
        return None


def _chunks(train, what):
    for start in range(0, len(train), _CHUNK):
        yield train[start : start + _CHUNK]
        if what and len(train) > _CHUNK:
            done = min(start + _CHUNK, len(train))
            print(f"  {what}: {done:,} of {len(train):,}", file=sys.stderr, flush=True)


def _path(kind, data, extractor=None):
    of = extractor.digest if extractor else "pixels"
    digest = hashlib.sha256(f"1 {kind} {of} {data.train.dtype}".encode())
    digest.update(str(data.train.shape).encode())
    for start in range(0, len(data.train), _CHUNK):
        digest.update(np.ascontiguousarray(data.train[start : start + _CHUNK]))
    return cache.cache_folder() / f"{kind}-{data.name}-{digest.hexdigest()[:16]}.npz"
