"""Image files: which of a tree are there, and how one of them becomes a square of pixels."""

import dataclasses
import hashlib
import os
import pathlib

import numpy as np

from keras_iidgan.data import squares
from keras_iidgan.data.errors import first_line

SUFFIXES = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp")
FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP")
MOST_STRETCHED = 4  # Longer over shorter side.
_GREY = ("1", "L", "LA", "La", "I", "F")


@dataclasses.dataclass(frozen=True)
class ImageFile:
    """One image file of a tree.

    Attributes:
        root: the tree.
        name: path below the root, with "/" between its parts.
        state: size in bytes and time of change in ns.
    """

    root: pathlib.Path
    name: str
    state: tuple[int, int]

    @property
    def place(self) -> int:
        """A number from 0 to 2^64 - 1 that only the name decides, evenly distributed."""
        return int.from_bytes(hashlib.blake2b(os.fsencode(self.name), digest_size=8).digest())

    @property
    def top(self) -> str:
        """The folder below the root that holds the file; "" for the root itself."""
        return self.name.partition("/")[0] if "/" in self.name else ""


def find(root: pathlib.Path) -> list[ImageFile]:
    """Finds the image files of a tree by their suffixes.

    Hidden files and folders are left out. Links are followed, each folder once.

    Args:
        root: an existing folder.

    Returns:
        The files, sorted by `place`: an order that is as good as shuffled and, for the files that
        stay, is the same when others come and go.

    Raises:
        OSError: a folder can't be read.
    """
    found, seen = [], set()
    for folder, below, files in os.walk(root, onerror=_raise, followlinks=True):
        real = os.path.realpath(folder)
        below[:] = [] if real in seen else sorted(name for name in below if name[0] != ".")
        for name in () if real in seen else files:
            path = pathlib.Path(folder, name)
            if name[0] != "." and path.suffix.lower() in SUFFIXES and path.is_file():
                stat = path.stat()
                state = (stat.st_size, stat.st_mtime_ns)
                found.append(ImageFile(root, path.relative_to(root).as_posix(), state))
        seen.add(real)
    return sorted(found, key=lambda file: (file.place, file.name))


def _raise(error):
    raise error


def look(file: ImageFile, side: int) -> tuple[bool, str]:
    """Reads the head of a file.

    Args:
        file: the file.
        side: of the square that it is to become, in pixels.

    Returns:
        Whether its pixels are stored as shades of grey, and why it can't be used: because it isn't
        an image, its shorter side is less than half of `side`, or its sides differ by more than
        4:1; "" where it can.
    """
    try:
        with _open(file) as image:
            width, height = image.size
            is_grey = image.mode.split(";")[0] in _GREY
    except Exception as error:  # Decoders raise many kinds.
        return False, _reason(error)
    if 2 * min(width, height) < side or max(width, height) > MOST_STRETCHED * min(width, height):
        return is_grey, f"is {width}x{height}"
    return is_grey, ""


def read(file: ImageFile, side: int, is_grey: bool) -> np.ndarray | str:
    """Reads one image: the centre square, resized; of a moving one the first frame.

    It is turned as its EXIF orientation says, and its transparent parts are black.

    Args:
        file: the file.
        side: of the square, in pixels.
        is_grey: whether to keep one channel; else grey images become RGB.

    Returns:
        [side, side, 1 or 3] uint8, or why it can't be read.
    """
    from PIL import ImageOps

    mode = "L" if is_grey else "RGB"
    try:
        with _open(file) as image:
            # Decodes a large JPEG at 1/2, 1/4 or 1/8, at least twice as large as is needed.
            image.draft(None, (2 * side, 2 * side))
            square = squares.square(_plain(ImageOps.exif_transpose(image), mode), side)
    except Exception as error:
        return _reason(error)
    return np.asarray(square).reshape(side, side, -1)


def _open(file):
    from PIL import Image

    return Image.open(file.root / file.name, formats=FORMATS)


def _plain(image, mode):
    """Converts to L or RGB, 16 bits to 8, what is transparent to black."""
    from PIL import Image

    if image.mode.startswith("I"):
        image = Image.fromarray((np.asarray(image).astype(np.uint32) >> 8).astype(np.uint8))
    if image.has_transparency_data:
        black = Image.new("RGBA", image.size, (0, 0, 0, 255))
        image = Image.alpha_composite(black, image.convert("RGBA"))
    return image.convert(mode)


def _reason(error):
    """Returns the first line of an error that one file causes; raises what any file would."""
    if isinstance(error, MemoryError):
        raise error
    from PIL import UnidentifiedImageError

    if isinstance(error, UnidentifiedImageError):
        return "isn't an image"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return first_line(error, 100)
