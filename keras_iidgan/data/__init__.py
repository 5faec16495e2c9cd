"""Data sets by name: `load("ring")` gives the arrays, the modes and the assignment to modes.

A module of this folder that has a `DATASETS` dictionary (name -> `Dataset`) is found by itself;
to add a data set, add such a module.
"""

import functools
import importlib
import operator
import pkgutil

from keras_iidgan.data.base import Assignment, Data, Dataset, check_positive

__all__ = ["Assignment", "Data", "Dataset", "load", "names", "presets"]


@functools.cache
def _datasets() -> dict[str, Dataset]:
    found = {}
    for module in pkgutil.iter_modules(__path__):
        declared = importlib.import_module(f"{__name__}.{module.name}")
        found.update(getattr(declared, "DATASETS", {}))
    return found


def _find(name: str) -> Dataset:
    if name not in _datasets():
        raise ValueError(f"name must be a known data set ({', '.join(names())}); got {name!r}")
    return _datasets()[name]


def names() -> list[str]:
    """Returns the names that `load` knows, sorted."""
    return sorted(_datasets())


def presets(name: str) -> dict[str, float]:
    """Returns the standard deviations that a data set has names for.

    Args:
        name: one of `names()`.

    Returns:
        Preset name -> standard deviation in the units of the data, the default first; empty for
        data without a choice.

    Raises:
        ValueError: `name` is unknown.
    """
    return dict(_find(name).presets)


def load(
    name: str,
    *,
    seed: int = 0,
    std: str | float | None = None,
    size: int | None = None,
    data_dir: str | None = None,
    image_size: int | None = None,
) -> Data:
    """Makes or reads a data set.

    Args:
        name: one of `names()`.
        seed: non-negative integer; the same seed gives the same arrays.
        std: preset name or standard deviation of the modes, for data that have presets. None is
            the first preset.
        size: number of training samples. None is the data set's own.
        data_dir: a TensorFlow Datasets directory, or for `folder` a tree of images; the bundled and
            synthetic ones ignore it.
        image_size: height of the images, for data that have a choice. None is the data set's own.

    Returns:
        `Data`, with `train` shuffled.

    Raises:
        ValueError: an unknown name, preset or image size, a value out of its range, or data that
            can't be read or downloaded.
    """
    dataset = _find(name)
    seed = _integer("seed", seed, 0)
    size = None if size is None else _integer("size", size, 1)
    std = _resolve_std(name, std, dataset.presets)
    sizes = _resolve_size(name, image_size, dataset)
    return dataset.build(seed=seed, std=std, size=size, data_dir=data_dir, **sizes)


def _integer(name, value, least):
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or number < least:
        raise ValueError(f"{name} must be an integer >= {least}; got {value!r}")
    return number


def _resolve_size(name, image_size, dataset):
    known = dataset.sizes
    if image_size is not None and image_size not in known:
        listed = f"one of {', '.join(map(str, known))} for {name}" if known else f"None for {name}"
        spanned = isinstance(known, range) and f"from {known[0]} to {known[-1]} for {name}"
        raise ValueError(f"image_size must be {spanned or listed}; got {image_size!r}")
    usual = dataset.usual_size or next(iter(known), None)
    return {"image_size": int(image_size or usual)} if known else {}


def _resolve_std(name, std, known):
    if not known:
        if std is not None:
            raise ValueError(f"std must be None, {name} has no standard deviation; got {std!r}")
        return None
    if std is None:
        return next(iter(known.values()))
    if std in known:
        return known[std]
    try:
        # A command line gives numbers as text.
        number = float(std)
    except (TypeError, ValueError):
        raise ValueError(
            f"std must be a number or a preset of {name} ({', '.join(known)}); got {std!r}"
        ) from None
    check_positive("std", number)
    return number
