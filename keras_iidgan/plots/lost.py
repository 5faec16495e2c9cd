"""Real points that a model has lost, over what it generates."""

import numpy as np

from keras_iidgan.plots import base, latent

LOST = "#c1121f"
MADE = "#2563c4"
_LINES = 400  # Of a group, from members to their reconstructions.


def lost_figure(x_real, x_fake, groups, *, x_rebuilt=None, title: str = ""):
    """Draws lost groups of real points over the others and the generated ones.

    Each member of a lost group is joined to its reconstruction by a line: where G(F(x)) lies, the
    model has put what it couldn't represent.

    Args:
        x_real: [N, 2] real points.
        x_fake: [M, 2] generated points; those that aren't finite, or outside the real ones' range
            by more than a fifth of it, aren't drawn.
        groups: dictionary, name of a lost group -> indices of its members in `x_real`.
        x_rebuilt: [N, 2] G(F(x_real)), or None.
        title: of the figure.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        ValueError: the points aren't [N, 2] or don't fit each other.
    """
    x_real, x_fake = _points("x_real", x_real), _points("x_fake", x_fake)
    if x_rebuilt is not None:
        x_rebuilt = _points("x_rebuilt", x_rebuilt)
        if x_rebuilt.shape != x_real.shape:
            raise ValueError(
                f"x_rebuilt must have the shape of x_real, {x_real.shape}; got {x_rebuilt.shape}"
            )
    figure, ((axes,),) = base.new_figure(1, 1, 6.6, 6.4)
    _scatter(axes, x_real, base.REAL, "real points", s=8, alpha=0.5)
    _scatter(axes, x_fake, MADE, "generated points", s=4)
    for number, (name, members) in enumerate(groups.items()):
        label = None if number else "lost real points"
        _scatter(axes, x_real[members], LOST, label, s=16, marker="x", linewidths=0.8)
        if x_rebuilt is not None:
            label = None if number else "to their G(F(x))"
            _join(axes, x_real[members[:_LINES]], x_rebuilt[members[:_LINES]], label)
        _name(axes, x_real[members], name)
    low, high = x_real.min(axis=0), x_real.max(axis=0)
    margin = 0.2 * max(*(high - low), 1e-6)
    axes.set(xlim=(low[0] - margin, high[0] + margin), ylim=(low[1] - margin, high[1] + margin))
    axes.set_aspect("equal")
    base.style_axes(axes, title, "x 1", "x 2")
    axes.legend(fontsize=8, loc="upper center", ncols=4, frameon=False)
    return figure


def _points(name, x):
    x = np.asarray(x, float)
    if x.ndim != 2 or x.shape[1] != 2 or not len(x):
        raise ValueError(f"{name} must have shape (N >= 1, 2); got {x.shape}")
    return x


def _scatter(axes, x, colour, label, **options):
    shown = x[: latent.MAX_POINTS]
    axes.scatter(*shown.T, c=colour, label=label, rasterized=True, **options)


def _join(axes, x, x_rebuilt, label):
    from matplotlib.collections import LineCollection

    lines = np.stack([x, x_rebuilt], axis=1)
    lines = lines[np.isfinite(lines).all(axis=(1, 2))]
    axes.add_collection(LineCollection(lines, colors=LOST, lw=0.5, alpha=0.35, label=label))


def _name(axes, x, name):
    from matplotlib import patheffects

    outline = [patheffects.withStroke(linewidth=2.5, foreground="white")]
    axes.annotate(
        name,
        x.mean(axis=0),
        (0, 9),
        textcoords="offset points",
        ha="center",
        fontsize=8,
        color=base.INK,
        path_effects=outline,
    )
