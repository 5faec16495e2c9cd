"""What is known of a data set's own features, computed once and kept by content."""

import hashlib
import warnings

import numpy as np

from keras_iidgan import metrics
from keras_iidgan.data import cache
from keras_iidgan.data.base import pixels
from keras_iidgan.data.progress import Progress

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
    for x in _chunks(data.train, f"images of {data.name} through {extractor.name}"):
        features, _ = extractor(pixels(x))
        if found is None:
            found = metrics.FeatureMoments(features.shape[1])
        found.update(features)
    cache.keep(path, "moments of features", **found.arrays())
    return found


def features(data, extractor, count):
    """Return the features of `count` training images, fewer if there are fewer: [R, D] float32.

    They are drawn once, without replacement: stored images may be sorted by their classes.
    """
    return _seen(data, extractor, count)["features"]


def probabilities(data, extractor, count):
    """Return the class probabilities [R, K] of the same images, or None without classes."""
    return _seen(data, extractor, count).get("probabilities")


def _seen(data, extractor, count):
    path = _path(f"seen-{count}", data, extractor)
    found = _kept(path, lambda stored: {"features": stored["features"]} | stored)
    if found is not None:
        return found
    rows = _draw(len(data.train), count)
    parts = [
        extractor(pixels(data.train[rows[i : i + _CHUNK]])) for i in range(0, len(rows), _CHUNK)
    ]
    found = {"features": np.concatenate([part for part, _ in parts])}
    if parts[0][1] is not None:
        found["probabilities"] = np.concatenate([p.astype(np.float32) for _, p in parts])
    cache.keep(path, "features", **found)
    return found


def cells(data, bins, count):
    """Return the `metrics.NearestBins` of `count` training images, drawn as by `features`."""
    path = _path(f"cells-{bins}-{count}-drawn", data)
    found = _kept(path, metrics.NearestBins.from_arrays)
    if found is None:
        rows = _draw(len(data.train), count)
        found = metrics.NearestBins(data.train[rows], bins, convert=pixels)
        cache.keep(path, "cells", **found.arrays())
    return found


def _draw(total, count):
    """The rows of `count` of `total` images, in the order of the images."""
    if total <= count:
        return np.arange(total)
    return np.sort(np.random.default_rng(0).choice(total, count, replace=False))


def _kept(path, make):
    """What `make` makes of kept arrays; None where there are none, or others than it takes."""
    stored = cache.load(path, "computing them again")
    try:
        return None if stored is None else make(stored)
    except (ValueError, KeyError, TypeError) as error:
        warnings.warn(f"{path} can't be used ({error}); computing them again", stacklevel=3)
        return None


def _chunks(train, what):
    progress = Progress(len(train), what)
    for start in range(0, len(train), _CHUNK):
        yield train[start : start + _CHUNK]
        progress.reached(start + _CHUNK)


def _path(kind, data, extractor=None):
    of = extractor.digest if extractor else "pixels"
    digest = hashlib.sha256(f"1 {kind} {of} {data.train.dtype}".encode())
    digest.update(str(data.train.shape).encode())
    for start in range(0, len(data.train), _CHUNK):
        digest.update(np.ascontiguousarray(data.train[start : start + _CHUNK]))
    return cache.cache_folder() / f"{kind}-{data.name}-{digest.hexdigest()[:16]}.npz"
