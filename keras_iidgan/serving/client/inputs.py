"""What a caller gives, as the arrays that are sent; or a `ValueError` of one line before that."""

import os

import numpy as np

from keras_iidgan.serving.client.address import read

_LARGEST_SEED = 2**63 - 1


def seeds(values):
    """Check seeds: [N] integers, to int64."""
    seeds = np.asarray(values)
    if seeds.ndim != 1 or (seeds.size and seeds.dtype.kind not in "iu"):
        raise ValueError(
            f"seeds: expected a list of integers, got {seeds.dtype} of shape {seeds.shape}"
        )
    _check_any("seeds", seeds)
    if seeds.max() > _LARGEST_SEED:
        raise ValueError(f"seeds: expected at most {_LARGEST_SEED}, got {seeds.max()}")
    return seeds.astype(np.int64)


def codes(name, values):
    """Check codes: [N, M] numbers, to float32."""
    z = _floats(name, values)
    if z.ndim != 2:
        raise ValueError(f"{name}: expected shape [N, M], got {list(z.shape)}")
    return _check_any(name, z)


def samples(name, values):
    """Check samples: [N, *shape] numbers, to float32; the axis of one channel is left out."""
    x = _floats(name, values)
    if x.ndim < 2:
        raise ValueError(f"{name}: expected shape [N, ...], got {list(x.shape)}")
    return _check_any(name, x[..., 0] if x.ndim == 4 and x.shape[-1] == 1 else x)


def labels(values, count):
    """Check classes: [N] integers or one for all, to [N] int64."""
    classes = np.asarray(values)
    if classes.dtype.kind not in "iu" or classes.shape not in ((), (count,)):
        raise ValueError(
            f"labels: expected an integer or {count} of them, got {classes.dtype} of shape"
            f" {list(classes.shape)}"
        )
    return np.broadcast_to(classes, [count]).astype(np.int64)


def places(values, count):
    """Check places on the way between codes: their number, [K] or [N, K]; to [N, K] float32."""
    if isinstance(values, (int, np.integer)):
        if values < 2:
            raise ValueError(f"t: expected at least 2 places, got {values}")
        values = np.linspace(0, 1, values)
    t = _floats("t", values)
    if t.ndim not in (1, 2) or (t.ndim == 2 and len(t) != count) or not t.shape[-1]:
        raise ValueError(f"t: expected shape [K] or [{count}, K], got {list(t.shape)}")
    if not ((t >= 0) & (t <= 1)).all():
        raise ValueError(f"t: expected places in [0, 1], got {t.min():g} to {t.max():g}")
    return np.broadcast_to(t, [count, t.shape[-1]])


def pair(first, second):
    """Check that two arrays, each a (name, array), have one shape."""
    (name0, array0), (name1, array1) = first, second
    if array0.shape != array1.shape:
        raise ValueError(
            f"{name1}: expected the shape of {name0}, {list(array0.shape)}, got"
            f" {list(array1.shape)}"
        )


def files(values):
    """Read image files: `bytes` of one or paths, to [N] objects."""
    if isinstance(values, (bytes, str, os.PathLike)):
        raise ValueError(f"images: expected a list of files, got one {type(values).__name__}")
    contents = [each if isinstance(each, bytes) else read("images", each) for each in values]
    return _check_any("images", _objects(contents))


def serialized(values):
    """Serialize tf.Examples: messages or `bytes` of one, to [N] objects."""
    if isinstance(values, bytes) or hasattr(values, "SerializeToString"):
        raise ValueError("examples: expected a list of tf.Examples, got one")
    contents = [each if isinstance(each, bytes) else _serialize(each) for each in values]
    return _check_any("examples", _objects(contents))


def _serialize(example):
    if not hasattr(example, "SerializeToString"):
        raise ValueError(f"examples: expected tf.Examples, got {type(example).__name__}")
    return example.SerializeToString()


def _objects(values):
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _floats(name, values):
    try:
        array = np.asarray(values)
    except ValueError:  # Rows of different lengths.
        array = np.empty(0, dtype=object)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name}: expected rows of numbers that are alike, got something else")
    return array.astype(np.float32)


def _check_any(name, array):
    if not len(array):
        raise ValueError(f"{name}: expected at least one row, got none")
    return array
