"""What every figure shares: its colours, its axes, and how it becomes a file or an array.

Figures are made without pyplot, so drawing one leaves no global state and needs no display.
"""

import functools
import os
import pathlib

import numpy as np

BAD = (1.0, 1.0, 1.0)
BAD_EDGE = "#4a4f57"
PAPER = "#dfe2e7"  # Behind points: dark enough for white ones, light enough for all others.
INK = "#2a2d33"
REAL = "#8b919b"
DPI = 110


def colours(num_modes: int) -> np.ndarray:
    """Picks colours that differ as much as they can, from each other and from white and grey.

    Each next colour is the candidate that lies farthest, in the perceptual space OKLab, from all
    that were taken before. So the first k colours don't depend on `num_modes`.

    Args:
        num_modes: K >= 1. Above 64 the colours repeat.

    Returns:
        [K, 3] float64, RGB in [0, 1].

    Raises:
        ValueError: `num_modes` is below 1.

    Reference:
        Ottosson, A perceptual color space for image processing, 2020 (OKLab).
    """
    if num_modes < 1:
        raise ValueError(f"num_modes must be at least 1; got {num_modes!r}")
    return _distinct_colours()[np.arange(num_modes) % len(_distinct_colours())]


@functools.cache
def _distinct_colours():
    levels = np.linspace(0, 1, 18)
    rgb = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(-1, 3)
    lab = _oklab(rgb)
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    usable = (chroma > 0.08) & (chroma < 0.20) & (lab[:, 0] > 0.42) & (lab[:, 0] < 0.77)
    rgb, lab = rgb[usable], lab[usable]
    start = np.linalg.norm(rgb - (0.12, 0.38, 0.85), axis=1).argmin()  # A calm blue.
    chosen, gap = [start], np.full(len(rgb), np.inf)
    while len(chosen) < 64:
        gap = np.minimum(gap, np.linalg.norm(lab - lab[chosen[-1]], axis=1))
        chosen.append(gap.argmax())
    return rgb[chosen]


def _oklab(rgb):
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    cones = linear @ np.array(
        [
            [0.4122214708, 0.2119034982, 0.0883024619],
            [0.5363325363, 0.6806995451, 0.2817188376],
            [0.0514459929, 0.1073969566, 0.6299787005],
        ]
    )
    return np.cbrt(cones) @ np.array(
        [
            [0.2104542553, 1.9779984951, 0.0259040371],
            [0.7936177850, -2.4285922050, 0.7827717662],
            [-0.0040720468, 0.4505937099, -0.8086757660],
        ]
    )


def mode_colours(mode, good, num_modes: int) -> np.ndarray:
    """Returns [N, 3] RGB: the colour of each sample's mode, white where it is bad.

    Args:
        mode: [N] integers in 0..K-1, or -1 for a sample without a mode.
        good: [N] bool.
        num_modes: K.
    """
    return np.where(np.asarray(good)[:, None], colours(num_modes)[np.asarray(mode)], BAD)


def new_figure(rows: int, columns: int, width: float, height: float, **options):
    """Makes a figure with a grid of axes.

    Args:
        rows: number of rows.
        columns: number of columns.
        width: of the figure, in inches.
        height: of the figure, in inches.
        **options: passed to `matplotlib.figure.Figure.subplots`.

    Returns:
        The figure and its axes as an array [rows, columns].
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False, **options)


def check_any(found, name: str):
    """Raises ValueError if the argument called `name` is empty."""
    if not len(found):
        raise ValueError(f"{name} must not be empty; got none")


def style_axes(axes, title: str = "", xlabel: str = "", ylabel: str = ""):
    """Gives one axes object its labels and the common look."""
    axes.set_title(title, fontsize=10, color=INK)
    axes.set_xlabel(xlabel, fontsize=9, color=INK)
    axes.set_ylabel(ylabel, fontsize=9, color=INK)
    axes.tick_params(labelsize=8, color=REAL, labelcolor=INK, length=2)
    for spine in axes.spines.values():
        spine.set_color(REAL)
        spine.set_linewidth(0.6)


def style_step_axis(axes, title: str = ""):
    """Gives a panel of figures over training steps its labels, grid and ticks that fit."""
    style_axes(axes, title, "training step")
    axes.grid(color=PAPER, lw=0.6)
    axes.set_axisbelow(True)
    axes.locator_params(axis="x", nbins=4, integer=True)
    axes.xaxis.set_major_formatter(lambda step, _: f"{step:,.0f}")


def save(figure, path):
    """Writes a figure to a file, complete or not at all.

    Args:
        figure: `matplotlib.figure.Figure`.
        path: of the file; its suffix (.png, .pdf, .svg) is the format. Missing folders are made.

    Raises:
        ValueError: the suffix is no format that matplotlib can write.
        OSError: the file can't be written; an older one at `path` is left as it was.
    """
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not `tempfile`: its files can be read by their owner alone, and keep that when renamed.
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        figure.savefig(aside, format=path.suffix[1:] or None)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def to_array(figure) -> np.ndarray:
    """Draws a figure into an array [H, W, 3] uint8, RGB, as TensorBoard's image summary takes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.array(canvas.buffer_rgba())[..., :3].copy()
