"""Files read and written so that a person is told what went wrong, and none is half written."""

import contextlib
import json
import os
import pathlib

from keras_iidgan.cli import UsageError


def read_json(path):
    """Read a JSON file of a run folder.

    Raises:
        UsageError: if it is missing or broken.
    """
    try:
        return json.loads(pathlib.Path(path).read_text())
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}") from None
    except ValueError as error:
        raise UsageError(f"{path} is not valid JSON: {error}") from None


def write_atomically(path, content):
    """Write text or bytes to `path`: aside, flushed to the disk, then renamed.

    Raises:
        UsageError: if that fails; `path` is then as it was.
    """
    path = pathlib.Path(path)
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(aside, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink()
        raise UsageError(f"{path} can't be written: {error.strerror}") from None
