"""Runs that were cut off, found again when the pipeline tries their component once more.

Each execution of a component has an output folder of its own beside those of the others. A run that
fails moves its folder aside there, for TFX removes the folder of a failed execution; one whose
process was killed leaves it. The next execution of the same training on the same data takes it up.
"""

import contextlib
import hashlib
import os
import pathlib
import shutil

import numpy as np

from keras_iidgan.cli import UsageError
from keras_iidgan.files import to_json
from keras_iidgan.rundir import RunDir

_DIGEST = "inputs.sha256"
_KEPT = "unfinished-"
_ROWS = 4096


def digest(config, data):
    """Return a name for a training: a hash of its settings and its samples.

    Args:
        config: a `RunConfig`.
        data: a `Data`.
    """
    found = hashlib.sha256(to_json(config.computation, sort_keys=True).encode())
    for array in (data.train, data.test, data.labels):
        if array is None:
            continue
        found.update(f"{array.dtype} {array.shape}".encode())
        for start in range(0, len(array), _ROWS):
            found.update(np.ascontiguousarray(array[start : start + _ROWS]).data)
    return found.hexdigest()


@contextlib.contextmanager
def kept(path, name):
    """Continue what was left of a training, and keep what is left if it fails.

    Args:
        path: the run folder of this execution.
        name: of the training, as of `digest`.
    """
    path = pathlib.Path(path)
    take_up(path, name)
    path.mkdir(parents=True, exist_ok=True)
    (path / _DIGEST).write_text(name)
    try:
        yield
    except BaseException:
        _keep(path, name)
        raise


def take_up(path, name):
    """Move the newest unfinished run of the same training to `path`, where nothing is yet.

    Args:
        path: the run folder of this execution.
        name: of the training, as of `digest`.
    """
    path = pathlib.Path(path)
    if (path / "config.json").exists():
        return
    others = path.parent.iterdir() if path.parent.is_dir() else ()
    found = [each for each in others if each != path and _is_left(each, name)]
    if found:
        newest = max(found, key=lambda each: (each / "config.json").stat().st_mtime)
        shutil.rmtree(path, ignore_errors=True)
        os.rename(newest, path)


def _is_left(path, name):
    try:
        if (path / _DIGEST).read_text() != name or not (path / "config.json").exists():
            return False
        if (path / "summary.json").exists():
            return False
        RunDir(path).close()  # Refused while another process trains in it.
    except (OSError, UsageError):
        return False
    return True


def _keep(path, name):
    aside = path.with_name(f"{_KEPT}{name[:16]}")
    if (path / "config.json").exists():
        shutil.rmtree(aside, ignore_errors=True)
        os.rename(path, aside)
        path.mkdir()
