"""Files read and written so that a person is told what went wrong, and none is half written."""

import contextlib
import errno
import json
import math
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
        raise UsageError(f"{path} can't be read: {reason(error)}") from None
    except ValueError as error:
        raise UsageError(f"{path} is not valid JSON: {error}") from None


@contextlib.contextmanager
def aside(path):
    """Give a path beside `path` to write to; it is flushed to the disk and renamed at the end.

    Args:
        path: where the file is to be; its folder is made.

    Yields:
        The `pathlib.Path` to write to, with the suffix of `path`.

    Raises:
        UsageError: if the system refuses; `path` is then as it was, as after any other error.
    """
    path = pathlib.Path(path)
    beside = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield beside
        with open(beside, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError as error:
        raise UsageError(f"{path} can't be written: {reason(error)}") from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()


def write_atomically(path, content):
    """Write text or bytes to `path`: aside, flushed to the disk, then renamed.

    Raises:
        UsageError: if that fails; `path` is then as it was.
    """
    with aside(path) as beside:
        beside.write_bytes(content.encode() if isinstance(content, str) else content)


def to_json(value, **options):
    """Write `value` as JSON, in which a number that isn't finite is null.

    Args:
        value: nested dicts, lists and scalars.
        options: of `json.dumps`.
    """
    return json.dumps(_finite(value), allow_nan=False, **options)


def _finite(value):
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def reason(error):
    """Return what the system says of a file, from an OSError or TensorFlow's error, on one line."""
    text = getattr(error, "strerror", None) or getattr(error, "message", None) or str(error)
    # TensorFlow wraps the system's words into its own, with a stack trace after them.
    found = (words for words in _words() if words in text)
    return next(found, text.partition("\n")[0])


def is_of_disk(error):
    """Whether an error of TensorFlow's tells of a file that the system refused to write."""
    return any(word in str(error) for word in _words())


def _words():
    return [os.strerror(n) for n in (errno.ENOSPC, errno.EACCES, errno.EDQUOT, errno.EROFS)]
