"""Weights that are kept in a file which is always whole."""

import os
import pathlib


def weights_file(path):
    """Return a function that saves a Keras model's weights to `path`: aside, then renamed.

    Args:
        path: ends in `.weights.h5`, as Keras wants it; the folder is made.

    Raises:
        ValueError: `path` ends otherwise.
    """
    path = pathlib.Path(path)
    if not path.name.endswith(".weights.h5"):
        raise ValueError(f"path must end in .weights.h5; got {path}")

    def save(model):
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{os.getpid()}-{path.name}")
        try:
            model.save_weights(aside)
            os.replace(aside, path)
        finally:
            aside.unlink(missing_ok=True)

    return save
