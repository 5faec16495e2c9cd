"""Distributions side by side: real points or numbers, and what each method generates.

Reference:
    LDMGAN, Fig. 3; semi-implicit generator, Figs. 1 to 3.
"""

import math

import numpy as np
from scipy import ndimage

from keras_iidgan.plots import base

_BINS = 96
_BLUR = 1.2  # Bins: a mode that is narrower than one is still seen.


def densities_figure(samples, x_real, *, title: str = ""):
    """Draws the density of real points, and beside it that of each method's, on one scale.

    Args:
        samples: dictionary, name of the method -> generated points [N, 2].
        x_real: [R, 2] real points.
        title: of the whole figure.

    Returns:
        `matplotlib.figure.Figure`. A panel's colours end at the largest density of the real
        points, so a mode with too many points looks no brighter, and one with few is dim.

    Raises:
        ValueError: there is no method.
    """
    base.check_any(samples, "samples")
    low, high = np.min(x_real, axis=0), np.max(x_real, axis=0)
    margin = 0.18 * max(*(high - low), 1e-6)
    span = np.transpose([low - margin, high + margin])
    drawn = {"real points": np.asarray(x_real)} | {k: np.asarray(x) for k, x in samples.items()}
    density = {name: _density(x, span) for name, x in drawn.items()}
    columns = min(6, len(drawn))
    rows = math.ceil(len(drawn) / columns)
    figure, panels = base.new_figure(rows, columns, 2.4 * columns, 2.55 * rows + 0.3)
    for axes in panels.flat[len(drawn) :]:
        axes.set_axis_off()
    for axes, (name, found) in zip(panels.flat, density.items(), strict=False):
        axes.imshow(
            found.T,
            origin="lower",
            extent=span.ravel(),
            cmap="magma",
            vmin=0,
            vmax=density["real points"].max(),
        )
        base.style_axes(axes, name)
        axes.set(xticks=[], yticks=[])
    figure.suptitle(title, fontsize=12, color=base.INK)
    return figure


def histograms_figure(samples, x_real, *, title: str = ""):
    """Draws the shares of the values of real numbers, and over them those of each method's.

    Args:
        samples: dictionary, name of the method -> generated numbers [N, 1].
        x_real: [R, 1] real numbers; bars are as wide as 1, about the whole numbers, and go as far
            as the real ones do.
        title: of the whole figure.

    Returns:
        `matplotlib.figure.Figure` with a panel for each method.

    Raises:
        ValueError: there is no method.
    """
    base.check_any(samples, "samples")
    edges = np.arange(np.floor(np.min(x_real)), np.ceil(np.max(x_real)) + 2) - 0.5
    real = np.histogram(x_real, edges)[0] / len(x_real)
    figure, (panels,) = base.new_figure(1, len(samples), 4.2 * len(samples), 3.4, sharey=True)
    for axes, (name, x), colour in zip(
        panels, samples.items(), base.colours(len(samples)), strict=True
    ):
        found = np.histogram(x[np.isfinite(x)], edges)[0] / len(x)
        axes.bar(edges[:-1] + 0.5, real, width=1, color=base.PAPER, label="real")
        axes.stairs(found, edges, color=colour, lw=1.4, label=name)
        axes.xaxis.get_major_locator().set_params(integer=True)
        base.style_axes(axes, f"{name}, {1 - found.sum():.1%} lie outside", "x")
        axes.legend(fontsize=8, frameon=False)
    figure.suptitle(title, fontsize=12, color=base.INK)
    return figure


def _density(x, span):
    x = x[np.isfinite(x).all(axis=1)]
    counts, _, _ = np.histogram2d(*x.T, bins=_BINS, range=span)
    return ndimage.gaussian_filter(counts / max(len(x), 1), _BLUR)


def shares_figure(values, heading: str, *, bins: int = 12, title: str = ""):
    """Draws how a figure is distributed over many runs, group beside group in common bins.

    Args:
        values: dictionary, name of the group -> numbers [N].
        heading: name of the figure.
        bins: how many.
        title: of the whole figure.

    Returns:
        `matplotlib.figure.Figure`; a bar's height is the share of the group's runs.

    Raises:
        ValueError: there is no group, or none has a number.

    Reference:
        LDMGAN, Fig. 4.
    """
    base.check_any(values, "values")
    every = np.concatenate([np.asarray(own, float) for own in values.values()])
    base.check_any(every, "values")
    low, high = every.min(), every.max()
    edges = np.linspace(low, high if high > low else low + 1, bins + 1)
    figure, ((axes,),) = base.new_figure(1, 1, 6.4, 3.6)
    width = (edges[1] - edges[0]) / (len(values) + 1)
    for n, (name, colour) in enumerate(zip(values, base.colours(len(values)), strict=True)):
        shares = np.histogram(values[name], edges)[0] / max(len(values[name]), 1)
        axes.bar(edges[:-1] + (n + 1) * width, shares, width, color=colour, label=name)
    base.style_axes(axes, "", heading, "share of the settings")
    if any(values):  # A single group may have no name.
        axes.legend(fontsize=8, frameon=False)
    figure.suptitle(title, fontsize=12, color=base.INK)
    return figure
