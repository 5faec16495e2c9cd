"""Grids of images: samples, and real images above their reconstructions."""

import math

import numpy as np

from keras_iidgan.plots import base

GAP = 1  # Pixels between images.


def samples_figure(x, *, columns: int | None = None, title: str = ""):
    """Draws images in a grid, row by row.

    Args:
        x: [N, H, W, C] in [-1, 1], C = 1 or 3. Values outside are clipped; a pixel that isn't
            finite is black.
        columns: images in a row; None makes the grid about square.
        title: of the figure.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        ValueError: `x` has another shape or no image, or `columns` is below 1.
    """
    x = pixels("x", x)
    columns = _columns(math.ceil(math.sqrt(len(x))) if columns is None else columns, x)
    return _show(tile(x, columns), columns, title)


def reconstructions_figure(x, x_rec, *, columns: int = 12, title: str = "x above G(F(x))"):
    """Draws each real image above its reconstruction.

    Args:
        x: [N, H, W, C] in [-1, 1], C = 1 or 3.
        x_rec: G(F(x)), the same shape.
        columns: images in a row, the first N of which have another row below for `x_rec`.
        title: of the figure.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        ValueError: the two shapes differ or aren't images, or `columns` is below 1.
    """
    x, x_rec = pixels("x", x), pixels("x_rec", x_rec)
    if x.shape != x_rec.shape:
        raise ValueError(f"x_rec must have the shape of x, {x.shape}; got {x_rec.shape}")
    columns = _columns(columns, x)
    pairs = [
        np.concatenate([tile(x[i : i + columns], columns), tile(x_rec[i : i + columns], columns)])
        for i in range(0, len(x), columns)
    ]
    return _show(np.concatenate(pairs), columns, title)


def _columns(columns, x):
    if columns < 1:
        raise ValueError(f"columns must be at least 1; got {columns!r}")
    return min(columns, len(x))


def pixels(name, x):
    """Returns the argument `name`, images in [-1, 1], as RGB in [0, 1]; raises if it is none."""
    x = np.asarray(x, np.float32)
    if x.ndim != 4 or x.shape[-1] not in (1, 3) or not len(x):
        raise ValueError(f"{name} must have shape (N >= 1, H, W, 1 or 3); got {x.shape}")
    x = np.nan_to_num(x, nan=-1, posinf=-1, neginf=-1)
    return np.broadcast_to(np.clip((x + 1) / 2, 0, 1), (*x.shape[:3], 3))


def tile(x, columns, gap=GAP):
    """Sets images [N, H, W, 3] into one [rows (H + gap), columns (W + gap), 3], row by row."""
    _, height, width, _ = x.shape
    rows = math.ceil(len(x) / columns)
    sheet = np.ones((rows, columns, height + gap, width + gap, 3), np.float32)
    for i, image in enumerate(x):
        sheet[divmod(i, columns)][:height, :width] = image
    return sheet.swapaxes(1, 2).reshape(rows * (height + gap), columns * (width + gap), 3)


def _show(sheet, columns, title):
    height, width, _ = sheet.shape
    inches = min(10.0, max(3.0, 0.7 * columns))
    figure, ((axes,),) = base.new_figure(1, 1, inches, inches * height / width + 0.3)
    axes.imshow(sheet, interpolation="nearest")
    axes.set_axis_off()
    axes.set_title(title, fontsize=10, color=base.INK)
    return figure
