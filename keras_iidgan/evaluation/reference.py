"""Statistics of the training data, computed once and kept by what they were computed from."""

import dataclasses
import hashlib
import sys

import numpy as np

from keras_iidgan import metrics
from keras_iidgan.data import Data, cache
from keras_iidgan.data.base import pixels
from keras_iidgan.features import Extractor

_FORMAT = 1
_CHUNK = 1000
_BINS, _BIN_ROWS = 100, 50_000


@dataclasses.dataclass(frozen=True)
class Reference:
    """What the metrics need of the features of the training images.

    Attributes:
        moments: `FeatureMoments` of all of them.
        rows: [n, D] float32, the features of some, in random order.
        shares: [K] float64, the mean of their class probabilities; None where there are none.
    """

    moments: metrics.FeatureMoments
    rows: np.ndarray
    shares: np.ndarray | None


def features(data: Data, extractor: Extractor, kept: int) -> Reference:
    """Reads the statistics of a data set's features, or computes and keeps them.

    They lie in the cache folder under a hash of the training images and the backbone. The training
    images go through the backbone in chunks; a broken file is said in a warning and made again.

    Args:
        data: the `Data`.
        extractor: the backbone.
        kept: n, rows of features to keep at most.

    Raises:
        Unavailable: the backbone can't take the images.
    """
    path = _path("features", data, extractor.digest, kept)
    stored = cache.load(path, "computing it again")
    found = None if stored is None else _made(path, _from_arrays, stored)
    if found is None:
        print(
            f"Computing the features of {len(data.train):,} training images of {data.name}, "
            f"once: {extractor.name} ...",
            file=sys.stderr,
            flush=True,
        )
        found = _extract(data, extractor, kept)
        shares = {} if found.shares is None else {"shares": found.shares}
        cache.keep(path, "the features", rows=found.rows, **found.moments.arrays(), **shares)
    return found


def bins(data: Data) -> metrics.NearestBins:
    """Reads the cells of a data set's training samples, or makes and keeps them.

    Raises:
        ValueError: fewer different samples than cells.
    """
    path = _path("cells", data, _BINS, _BIN_ROWS)
    stored = cache.load(path, "computing it again")
    found = None if stored is None else _made(path, metrics.NearestBins.from_arrays, stored)
    if found is None:
        # Every so many rows: a view, and even where rows lie in an order.
        rows = data.train[:: -(-len(data.train) // _BIN_ROWS)]
        convert = pixels if data.kind == "images" else np.asarray
        found = metrics.NearestBins(rows, _BINS, convert=convert)
        cache.keep(path, "the cells", **found.arrays())
    return found


def _path(what, data, *settings):
    text = " ".join(map(str, (_FORMAT, data.digest, *settings)))
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return cache.cache_folder() / f"{data.name}-{what}-{digest}.npz"


def _made(path, make, stored):
    """What `make` makes of kept arrays; None, with a warning, where they don't fit."""
    import warnings

    try:
        return make(stored)
    except (ValueError, KeyError) as error:
        warnings.warn(f"{path} can't be used ({error}); computing it again", stacklevel=3)
        return None


def _from_arrays(stored):
    moments = metrics.FeatureMoments.from_arrays(stored)
    rows = stored["rows"]
    if rows.ndim != 2 or rows.shape[1] != moments.dim:
        raise ValueError(f"rows must have {moments.dim} features; got shape {rows.shape}")
    return Reference(moments, rows, stored.get("shares"))


def _extract(data, extractor, kept):
    total = len(data.train)
    chosen = np.random.default_rng(0).permutation(total)[:kept]
    place = np.full(total, -1)
    place[chosen] = np.arange(len(chosen))
    moments = rows = sums = None
    for start in range(0, total, _CHUNK):
        found, probabilities = extractor(pixels(data.train[start : start + _CHUNK]))
        if moments is None:
            moments = metrics.FeatureMoments(found.shape[1])
            rows = np.empty((len(chosen), found.shape[1]), np.float32)
            sums = None if probabilities is None else metrics.ClassSums(probabilities.shape[1])
        moments.update(found)
        to = place[start : start + _CHUNK]
        rows[to[to >= 0]] = found[to >= 0]
        if sums is not None:
            sums.update(probabilities)
    return Reference(moments, rows, None if sums is None else sums.mean)
