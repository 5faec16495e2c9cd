"""The folder of a model: `<base>/<integer>/saved_model.pb`."""

import pathlib
import re

_FILES = ("saved_model.pb", "saved_model.pbtxt")
_RULE = "must name a folder that holds <integer>/saved_model.pb; got"


def scan(base):
    """List the versions in a model's folder.

    Args:
        base: Path of the folder. Children whose names are not integers are ignored; `007` is 7.

    Returns:
        `{version: path}`, lowest version first, complete or not.

    Raises:
        OSError: The folder isn't there or can't be read.
    """
    children = sorted(child for child in pathlib.Path(base).iterdir() if child.is_dir())
    found = {int(child.name): child for child in children if re.fullmatch("[0-9]+", child.name)}
    return dict(sorted((version, path) for version, path in found.items() if version < 2**63))


def find(base):
    """List the versions in a model's folder, of which there must be one.

    Args:
        base: Path of the folder.

    Returns:
        As `scan`.

    Raises:
        ValueError: There is no such folder, or it holds no version, or it is a version itself.
    """
    base = pathlib.Path(base)
    if not base.is_dir():
        what = "is not a folder" if base.exists() else "does not exist"
        raise ValueError(f"model {_RULE} {base}, which {what}")
    if found := scan(base):
        return found
    if is_saved_model(base):
        raise ValueError(f"model {_RULE} {base}, which holds saved_model.pb itself")
    children = sorted(child.name for child in base.iterdir() if child.is_dir())
    names = ", ".join(children[:5]) or "no folder at all"
    raise ValueError(f"model {_RULE} {base}, which holds no integer folder but {names}")


def latest(base):
    """Pick the highest version of a model's folder.

    Args:
        base: Path of the folder.

    Returns:
        The version and its path.

    Raises:
        ValueError: As `find`; also where the highest version has no saved_model.pb.
    """
    version, path = max(find(base).items())
    if not is_saved_model(path):
        raise ValueError(f"model {_RULE} {base}, whose highest version {path} has no {_FILES[0]}")
    return version, path


def is_saved_model(path):
    """Say whether a folder has the file of a SavedModel."""
    return any((path / name).is_file() for name in _FILES)
