"""Points alone, as of a model whose data nobody knows."""

import numpy as np

from keras_iidgan.plots import base

_SIDE = 4.3  # Inches.


def points_figure(x, *, joined: bool = False, title: str = ""):
    """Draws points in the plane, one unit being as long across as it is high.

    Args:
        x: [N, d], d >= 2. If d > 2, the first two dimensions are drawn. Points that aren't finite
            are left out, and the title says how many.
        joined: whether a line goes from each point to the next.
        title: of the figure.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        ValueError: `x` has another shape or no point.
    """
    x = np.asarray(x)
    if x.ndim != 2 or x.shape[1] < 2 or not len(x):
        raise ValueError(f"x must have shape (N >= 1, d >= 2); got {x.shape}")
    shown = x[np.isfinite(x).all(axis=1), :2]
    if x.shape[1] > 2:
        title += f"\ndimensions 1 and 2 of {x.shape[1]}"
    if len(shown) < len(x):
        title += f"\n{len(x) - len(shown)} not finite"
    figure, ((axes,),) = base.new_figure(1, 1, _SIDE, _SIDE)
    colour = base.colours(1)[0]
    if joined:
        axes.plot(*shown.T, color=colour, lw=0.8)
    axes.scatter(*shown.T, s=14, color=[colour])
    axes.set_aspect("equal", adjustable="datalim")
    base.style_axes(axes, title.strip(), "x 1", "x 2")
    return figure
