"""Images in .npy files: read into memory or, where that would take much of it, mapped."""

import contextlib
import pathlib
import tempfile
import warnings

import numpy as np

IN_MEMORY = 1 << 30  # Bytes up to which images are read, beyond which they are mapped.


def load(path: pathlib.Path) -> np.ndarray | None:
    """Opens kept images.

    Args:
        path: of a file that `keep` wrote.

    Returns:
        [N, *shape] uint8, a read-only `np.memmap` where they take more than `IN_MEMORY` bytes, or
        None where there is no file or, which a warning says, a broken one.
    """
    if not path.exists():
        return None
    try:
        mapped = np.load(path, mmap_mode="r")
        return mapped if mapped.nbytes > IN_MEMORY else np.array(mapped)
    except (OSError, EOFError, ValueError) as error:
        warnings.warn(f"{path} can't be read ({error}); decoding again", stacklevel=3)
        return None


def keep(path: pathlib.Path, chunks, shape: tuple[int, ...]) -> np.ndarray:
    """Writes images aside as they come, renames the file and opens it.

    Where that fails, which a warning says, they are made once more and stay in memory.

    Args:
        path: of the file; missing folders are made.
        chunks: called without arguments; returns an iterable of [n, *shape] uint8. What it raises
            itself must not be an OSError.
        shape: of one image.

    Returns:
        As `load`.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            aside = pathlib.Path(file.name)
            with _removed_on_failure(aside):
                count = _write(file, chunks(), shape)
        if not count:
            aside.unlink()
            return np.empty((0, *shape), np.uint8)
        aside.replace(path)
    except OSError as error:
        warnings.warn(f"the decoded images aren't kept: {path}: {error}", stacklevel=3)
        return np.concatenate([np.empty((0, *shape), np.uint8), *chunks()])
    return load(path)


@contextlib.contextmanager
def _removed_on_failure(path):
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _write(file, chunks, shape):
    """Writes an .npy file whose number of rows is known at its end only, and returns it."""
    # Written, not mapped: a full disk is then an error and not the end of the process.
    _write_header(file, 0, shape)
    count = 0
    for chunk in chunks:
        file.write(np.ascontiguousarray(chunk, np.uint8).data)
        count += len(chunk)
    file.seek(0)
    _write_header(file, count, shape)  # As long as before: NumPy leaves room for the number.
    return count


def _write_header(file, count, shape):
    header = {"descr": "|u1", "fortran_order": False, "shape": (count, *shape)}
    np.lib.format.write_array_header_1_0(file, header)


def stretch(name: str, count: int, size: int | None, seed: int) -> slice:
    """Chooses training images as a stretch of their stored order, which must be shuffled.

    A stretch can stay on the disk; chosen rows couldn't.

    Args:
        name: of the data, for the message.
        count: N, images that there are.
        size: images to choose; None is all.
        seed: of the place where the stretch begins.

    Returns:
        Their rows.

    Raises:
        ValueError: `size` is above N.
    """
    if size is None:
        return slice(0, count)
    if size > count:
        raise ValueError(f"size must be at most {count} for {name}; got {size}")
    start = int(np.random.default_rng(seed).integers(count - size + 1))
    return slice(start, start + size)
