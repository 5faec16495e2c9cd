"""Sheets of images whose rows and columns mean something: a class, a dimension, a place in z.

Images are [N, H, W, C] in [-1, 1], C = 1 or 3, and row by row throughout; values outside are
clipped, and a pixel that isn't finite is black.
"""

import numpy as np

from keras_iidgan.plots import base
from keras_iidgan.plots.images import GAP, pixels, tile

_TILE = 0.55  # Width of an image in inches: wide enough for the number below it.


def class_grid_figure(x, mode, *, names, columns: int = 10, title: str = ""):
    """Draws a row of images for each class, named at its left with the class's share of all.

    Args:
        x: [N, H, W, C], generated images.
        mode: [N] integers, the class of each in 0..K-1, or -1 for one that isn't drawn.
        names: K names.
        columns: images in a row, the first of the class; a place without an image stays empty.
        title: of the figure.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        ValueError: `x` isn't images, `mode` doesn't fit it or `names`, or `columns` is below 1.
    """
    x, mode = pixels("x", x), np.asarray(mode)
    if mode.shape != (len(x),) or not (mode >= -1).all() or not (mode < len(names)).all():
        raise ValueError(f"mode must hold {len(x)} integers in -1..{len(names) - 1}; got {mode}")
    if columns < 1:
        raise ValueError(f"columns must be at least 1; got {columns!r}")
    cells = np.ones((len(names), columns, *x.shape[1:]), np.float32)
    for row, cell in enumerate(cells):
        chosen = x[mode == row][:columns]
        cell[: len(chosen)] = chosen
    shares = [(mode == row).mean() for row in range(len(names))]
    rows = [f"{name} ({share:.0%})" for name, share in zip(names, shares, strict=True)]
    return named_grid(cells.reshape(-1, *x.shape[1:]), rows, [""] * columns, title)


def traversals_figure(x, *, rows, values, title: str = ""):
    """Draws what becomes of an image as one dimension of its code takes other values.

    Args:
        x: [R * V, H, W, C].
        rows: R names, of the dimensions that vary or of the codes.
        values: V numbers, the values of the dimension from left to right.
        title: of the figure.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        ValueError: `x` isn't R * V images.
    """
    x = _counted(x, len(rows) * len(values), "rows times values")
    return named_grid(x, rows, [f"{v:.3g}" for v in values], title, "value", "dimension")


def polar_figure(x, *, angles, radii, title: str = ""):
    """Draws images of codes on a polar grid: the angle down, the radius across.

    Args:
        x: [A * R, H, W, C], as of `latent_codes.polar`.
        angles: A numbers, in radians.
        radii: R numbers.
        title: of the figure.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        ValueError: `x` isn't A * R images.

    Reference:
        IID-GAN (Li et al.), Figs. 10 and 11.
    """
    x = _counted(x, len(angles) * len(radii), "angles times radii")
    rows = [f"{degrees:.4g}°" for degrees in np.degrees(angles)]
    return named_grid(x, rows, [f"{radius:.2f}" for radius in radii], title, "radius", "angle")


def interpolation_figure(x0, x, x1, *, title: str = ""):
    """Draws the ways between pairs of images, each with the two images at its ends.

    Args:
        x0: [P, H, W, C], the first image of each pair.
        x: [P * k, H, W, C], k images from the first to the second.
        x1: [P, H, W, C], the second image of each pair.
        title: of the figure.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        ValueError: the arrays aren't images of one shape, P, k times P and P of them.
    """
    x0, x, x1 = pixels("x0", x0), pixels("x", x), pixels("x1", x1)
    if x0.shape != x1.shape or x0.shape[1:] != x.shape[1:] or len(x) % len(x0):
        raise ValueError(
            "x0, x and x1 must be P, k P and P images of one shape; "
            f"got {x0.shape}, {x.shape} and {x1.shape}"
        )
    count, steps = len(x0), len(x) // len(x0)
    width = x.shape[2]
    left, right = tile(x0, 1), tile(x1, 1)
    space = np.ones((len(left), width // 4, 3), np.float32)
    sheet = np.concatenate([left, space, tile(x, steps), space, right], axis=1)
    centres = _centres(steps + 2, width + GAP, width)
    centres[1:] += width // 4
    centres[-1] += width // 4
    figure, axes = _new(sheet, steps + 2.5, count * x.shape[1] / width, title)
    names = ["x", *(f"{t:.2g}" for t in np.linspace(0, 1, steps)), "x'"]
    axes.set_xticks(centres, names)
    axes.set_yticks([])
    axes.set_xlabel("way from F(x) to F(x')", fontsize=9, color=base.INK)
    return figure


def plane_figure(x, *, limit: float = 2.0, title: str = ""):
    """Draws images of codes on a square grid as one sheet without gaps, each at its code.

    Args:
        x: [S * S, H, W, C], as of `latent_codes.plane`: dimension 1 grows to the right, and
            dimension 2 falls from the top to the bottom.
        limit: the centres of the outermost images lie at -limit and limit.
        title: of the figure.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        ValueError: `x` isn't a square number of at least four images.

    Reference:
        IID-GAN (Li et al.), Fig. 15.
    """
    x = pixels("x", x)
    size = round(len(x) ** 0.5)
    if size < 2 or size * size != len(x):
        raise ValueError(f"x must hold a square number of at least 4 images; got {len(x)}")
    edge = limit * size / (size - 1)  # Half an image beyond the outermost centres.
    shape = x.shape[1] / x.shape[2]
    figure, axes = _new(
        tile(x, size, gap=0), 0.8 * size, 0.8 * size * shape, title, extent=[-edge, edge] * 2
    )
    axes.set_aspect(shape)
    ticks = np.linspace(-limit, limit, 5)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.tick_params(length=3)
    axes.set_xlabel("z 1", fontsize=9, color=base.INK)
    axes.set_ylabel("z 2", fontsize=9, color=base.INK)
    return figure


def _counted(x, expected, what):
    x = pixels("x", x)
    if len(x) != expected:
        raise ValueError(f"x must hold {what}, {expected} images; got {len(x)}")
    return x


def named_grid(x, rows, columns, title, xlabel="", ylabel=""):
    """Draws RGB images [rows * columns, H, W, 3] with a name at each row and each column."""
    _, height, width, _ = x.shape
    sheet = tile(x, len(columns))
    figure, axes = _new(sheet, len(columns), len(rows) * height / width, title)
    axes.set_xticks(_centres(len(columns), width + GAP, width), columns)
    axes.set_yticks(_centres(len(rows), height + GAP, height), rows)
    axes.set_xlabel(xlabel, fontsize=9, color=base.INK)
    axes.set_ylabel(ylabel, fontsize=9, color=base.INK)
    return figure


def _centres(count, distance, size):
    """Where the middle pixels of `count` tiles lie."""
    return np.arange(count) * float(distance) + (size - 1) / 2


def _new(sheet, columns, rows, title, **options):
    """A figure that shows a sheet of so many tile widths across and down."""
    figure, ((axes,),) = base.new_figure(1, 1, max(4.0, _TILE * columns + 1), _TILE * rows + 0.9)
    axes.imshow(sheet, interpolation="nearest", **options)
    base.style_axes(axes, title)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure, axes
