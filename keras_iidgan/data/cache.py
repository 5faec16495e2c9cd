"""Arrays that take long to make, kept in a folder of files that are whole or not there."""

import os
import pathlib
import tempfile
import warnings
import zipfile

import numpy as np


def cache_folder() -> pathlib.Path:
    """Returns the folder KERAS_IIDGAN_CACHE, by default ~/.cache/keras_iidgan."""
    named = os.environ.get("KERAS_IIDGAN_CACHE")
    if named:
        return pathlib.Path(named)
    try:
        home = pathlib.Path.home()
    except RuntimeError:  # A container's user may have none.
        home = pathlib.Path(tempfile.gettempdir())
    return home / ".cache" / "keras_iidgan"


def load(path: pathlib.Path, otherwise: str) -> dict[str, np.ndarray] | None:
    """Reads kept arrays.

    Args:
        path: of a file that `keep` wrote.
        otherwise: what is done where the file is broken, for the warning that says so.

    Returns:
        Name -> array, or None where there is no file or a broken one.
    """
    if not path.exists():
        return None
    try:
        # Opened here, because np.load leaves a file that is cut short open. Reading every member
        # checks its checksum.
        with path.open("rb") as file, np.load(file) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
        warnings.warn(f"{path} can't be read ({error}); {otherwise}", stacklevel=3)
        return None


def keep(path: pathlib.Path, what: str, **arrays):
    """Writes arrays aside and renames the file; says in a warning where that fails.

    Args:
        path: of the file; missing folders are made.
        what: the arrays' name, in the plural, for the warning.
        **arrays: what to keep.
    """
    aside = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            aside = pathlib.Path(file.name)
            np.savez(file, **arrays)
        aside.replace(path)
    except OSError as error:
        if aside:
            aside.unlink(missing_ok=True)
        warnings.warn(f"{what} aren't kept: {path}: {error}", stacklevel=3)
