"""Square images of one size: the centre is cut out and resized without aliasing."""

import concurrent.futures
import functools
import os

import numpy as np

from keras_iidgan.data.progress import Progress


def square(image, side: int):
    """Cuts the largest square out of the centre of an image and resizes it.

    The filter is Pillow's bicubic one, a = -0.5, widened by the factor of the reduction, so that
    every pixel of the square has its share in the result (Keys, Cubic Convolution Interpolation
    for Digital Image Processing, 1981).

    Args:
        image: `PIL.Image.Image` of mode L or RGB.
        side: of the result, in pixels.

    Returns:
        `PIL.Image.Image` of side x side pixels, of the same mode.
    """
    from PIL import Image

    width, height = image.size
    least = min(width, height)
    left, top = (width - least) // 2, (height - least) // 2
    box = (left, top, left + least, top + least)
    # The box is cut first: `resize` alone would let pixels beyond it in.
    return image.crop(box).resize((side, side), Image.Resampling.BICUBIC)


def squares(images: np.ndarray, side: int) -> np.ndarray:
    """Does as `square` for images [N, H, W, 3] uint8; returns [N, side, side, 3] uint8."""
    from PIL import Image

    if images.shape[1:3] == (side, side):
        return images

    def one(image):
        return np.asarray(square(Image.fromarray(image), side))

    return np.stack(list(_pool().map(one, images)))


def in_threads(function, items, what: str, chunk: int = 512):
    """Calls a function of every item, in as many threads as there are cores.

    How far it has come goes to stderr.

    Args:
        function: takes one item.
        items: a list.
        what: the name of the items, in the plural.
        chunk: items at a time.

    Yields:
        Lists of up to `chunk` results, in the order of the items.
    """
    progress = Progress(len(items), what)
    for start in range(0, len(items), chunk):
        yield list(_pool().map(function, items[start : start + chunk]))
        progress.reached(start + chunk)


@functools.cache
def _pool():
    return concurrent.futures.ThreadPoolExecutor(os.cpu_count(), "squares")
