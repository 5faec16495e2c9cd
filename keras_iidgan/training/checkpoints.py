"""Checkpoints that make a resume exact: every variable that training changes, in one file each."""

import io
import pathlib
import re
import sys
import zipfile

import numpy as np

from keras_iidgan.cli import UsageError
from keras_iidgan.files import write_atomically

# What NumPy and zipfile raise for a damaged archive; the last two for a damaged header.
_BROKEN = (
    OSError,
    ValueError,
    KeyError,
    EOFError,
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
)
_SECONDS = "seconds"
_NAME = re.compile(r"step-(\d{8,})\.npz")


def save(model, folder, keep=2, seconds=0.0):
    """Write the model's state to `folder/step-<step>.npz`, and drop all but the newest `keep`.

    The file is written aside and renamed, so a full disk or a kill leaves the older ones alone.

    Args:
        model: a `Method`; see `Method.state`.
        folder: where checkpoints are kept.
        keep: how many to keep.
        seconds: the time that the training took so far, kept for `seconds`.

    Raises:
        UsageError: if the file can't be written.
        FloatingPointError: if a variable isn't finite; a checkpoint that is kept is a good one.
    """
    folder, step = pathlib.Path(folder), int(model.step.numpy())
    # float16 and bfloat16 weights don't occur: Keras keeps variables in float32.
    values = {key: v.numpy() for key, v in model.state().items()}
    bad = [key for key, value in values.items() if not np.isfinite(value).all()]
    if bad:
        raise FloatingPointError(f"{bad[0]} is not finite after step {step}")
    buffer = io.BytesIO()
    np.savez(buffer, **values, **{_SECONDS: seconds})
    write_atomically(folder / f"step-{step:08d}.npz", buffer.getvalue())
    for _, old in _newest_first(folder)[keep:]:
        old.unlink(missing_ok=True)


def restore(model, folder):
    """Load the newest checkpoint that is whole, saying which broken ones were passed over.

    Args:
        model: a `Method` of the same configuration, compiled.
        folder: where checkpoints are kept.

    Returns:
        The step it was taken at; 0 if there is none at all.

    Raises:
        UsageError: if there are checkpoints and none can be used.
    """
    found = _newest_first(pathlib.Path(folder))
    for step, path in found:
        try:
            _assign(model.state(), _read(path))
        except _BROKEN as error:
            print(f"warning: the checkpoint {path} is broken ({error})", file=sys.stderr)
            continue
        return step
    if found:
        raise UsageError(f"no checkpoint in {folder} can be used; {len(found)} are broken")
    return 0


def seconds(folder, step):
    """Return the time that training took up to the checkpoint of `step`, 0 if there is none."""
    path = next((path for at, path in _newest_first(pathlib.Path(folder)) if at == step), None)
    return float(_read(path).get(_SECONDS, 0.0)) if path else 0.0


def newest(folder):
    """Return the path of the newest checkpoint in a folder, or None."""
    return next((path for _, path in _newest_first(pathlib.Path(folder))), None)


def _newest_first(folder):
    if not folder.is_dir():
        return []
    matches = [(_NAME.fullmatch(path.name), path) for path in folder.iterdir()]
    return sorted(((int(m[1]), path) for m, path in matches if m), reverse=True)


def _read(path):
    # Reading every member checks its checksum, before anything is assigned. NumPy leaves a file
    # that it opened itself open where the archive is broken.
    with open(path, "rb") as file, np.load(file) as stored:
        return {key: stored[key] for key in stored.files}


def _assign(state, stored):
    if set(state) != set(stored) - {_SECONDS}:
        raise ValueError("it holds other variables than this model has")
    for key, variable in state.items():
        if tuple(variable.shape) != stored[key].shape:
            raise ValueError(f"{key} has shape {stored[key].shape}, not {tuple(variable.shape)}")
    for key, variable in state.items():
        variable.assign(stored[key])
