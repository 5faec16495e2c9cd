"""Backbones by name: `make("auto", data)` gives what turns images into features."""

import pathlib

from keras_iidgan.data.digit_modes import DigitModes
from keras_iidgan.features.base import Extractor, Unavailable

__all__ = ["NAMES", "Extractor", "Unavailable", "check_name", "make"]

NAMES = ("auto", "inception", "classifier")


def check_name(name: str):
    """Raises ValueError unless `name` is one of `NAMES`, or looks like a path or is one."""
    is_path = name.startswith("model:") or any(sign in name for sign in "/\\.~")
    if name not in NAMES and not is_path and not pathlib.Path(name).exists():
        raise ValueError(f"features must be one of {', '.join(NAMES)} or a path; got {name!r}")


def make(name: str, data, *, inception_path: str | None = None) -> Extractor:
    """Makes the extractor that a name stands for.

    Args:
        name: `inception`; `classifier`, that of the data's digits; `auto`, the classifier for
            digits and Inception for all other images; `model:PATH` or a path, a SavedModel or a
            .keras file.
        data: the `Data` whose images are to be mapped.
        inception_path: a local copy of TF-GAN's Inception.

    Raises:
        ValueError: an unknown name.
        Unavailable: the backbone can't be had, or the data aren't images.
    """
    check_name(name)
    if data.kind != "images":
        raise Unavailable(f"features are of images, and {data.name} has {data.kind}")
    if name == "auto":
        name = "classifier" if isinstance(data.assign, DigitModes) else "inception"
    if name == "classifier":
        from keras_iidgan.features import classifier

        return classifier.make(data)
    if name == "inception":
        from keras_iidgan.features import inception

        return inception.make(inception_path)
    from keras_iidgan.features import saved_model

    return saved_model.make(name.removeprefix("model:"))
