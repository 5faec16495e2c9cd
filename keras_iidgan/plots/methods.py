"""Methods side by side: what each generates and where its codes lie, and figures over steps.

Reference:
    IID-GAN (Li et al.), Figs. 2 and 4; LDMGAN, Fig. 3; semi-implicit generator, Figs. 2 and 3.
"""

import math

import numpy as np
from scipy import ndimage

from keras_iidgan.plots import base, latent, sheets
from keras_iidgan.plots.images import pixels

_BINS = 96
_BLUR = 1.2  # Bins: a mode that is narrower than one is still seen.


def methods_figure(snapshots, x_real, *, num_modes: int, title: str = ""):
    """Draws a row for each method: F(x), z by the mode of G(z), G(z), and the modes' shares.

    Args:
        snapshots: dictionary, name of the method -> its `Snapshot`. A method without F(x) has an
            empty place there.
        x_real: [R, 2] real points.
        num_modes: K.
        title: of the whole figure.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        ValueError: there is no method, or the arrays of one don't fit each other.
    """
    _check(snapshots, "snapshots")
    figure, panels = base.new_figure(len(snapshots), 4, 14.8, 3.9 * len(snapshots))
    for axes, (name, seen) in zip(panels, snapshots.items(), strict=True):
        z, x_fake, mode, good = latent.check_samples(seen.z, seen.x_fake, seen.mode, seen.good)
        if seen.z_real is None:
            axes[0].set_axis_off()
            axes[0].text(0.5, 0.5, "no F", ha="center", color=base.INK)
        else:
            real_good = np.ones(len(seen.z_real), bool)
            latent.latent_panel(
                axes[0], seen.z_real, seen.real_mode, real_good, num_modes, "F(x) of real x"
            )
        latent.latent_panel(axes[1], z, mode, good, num_modes, "z ~ N(0, I), by the mode of G(z)")
        latent.points_panel(axes[2], x_fake, mode, good, x_real, num_modes, "G(z)")
        latent.shares_panel(axes[3], mode, good, num_modes)
        # Beside the axes, which has a label of its own.
        axes[0].text(
            -0.3,
            0.5,
            name,
            transform=axes[0].transAxes,
            rotation=90,
            va="center",
            ha="center",
            fontsize=12,
            color=base.INK,
        )
    figure.suptitle(title, fontsize=12, color=base.INK)
    return figure


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
    _check(samples, "samples")
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


def image_rows_figure(samples, *, title: str = ""):
    """Draws a row of images for each method.

    Args:
        samples: dictionary, name of the row -> images [N, H, W, C] in [-1, 1], N the same for all.
        title: of the figure.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        ValueError: there is no row, or the rows aren't images of one shape and number.
    """
    _check(samples, "samples")
    shapes = {np.shape(x) for x in samples.values()}
    if len(shapes) > 1:
        raise ValueError(f"samples must all have the same shape; got {sorted(shapes)}")
    x = pixels("samples", np.concatenate(list(samples.values())))
    return sheets.named_grid(x, list(samples), [""] * (len(x) // len(samples)), title)


def comparison_curves(runs, panels, *, title: str = ""):
    """Draws figures over training steps: the mean of each method's runs, within their range.

    Args:
        runs: dictionary, name of the method -> list of its runs, each a sequence of dictionaries
            with `step` and figures, as `metrics.jsonl` has them.
        panels: sequence of (key of the figure, heading, value of a perfect sampler or None).
        title: of the whole figure.

    Returns:
        `matplotlib.figure.Figure` with a panel for each. A run that lacks a figure at a step, as
        one that ended early does, isn't part of that step's mean.

    Raises:
        ValueError: there is no method or no panel.
    """
    _check(runs, "runs")
    _check(panels, "panels")
    width = 3.9 * len(panels) + 2.0
    figure, (axes,) = base.new_figure(1, len(panels), width, 3.6)
    colours = base.colours(len(runs))
    for place, (key, heading, perfect) in zip(axes, panels, strict=True):
        for colour, (name, own) in zip(colours, runs.items(), strict=True):
            _curve(place, own, key, name, colour)
        if perfect is not None:
            place.axhline(perfect, color=base.REAL, lw=1, ls="--", label="perfect sampler")
        if key == "modes_covered":
            place.set_ylim(bottom=0)
        base.style_axes(place, heading, "training step")
        place.grid(color=base.PAPER, lw=0.6)
        place.set_axisbelow(True)
        place.xaxis.set_major_formatter(lambda step, _: f"{step:,.0f}")
    named = {}
    for place in axes:
        handles, labels = place.get_legend_handles_labels()
        named |= {label: handle for handle, label in zip(handles, labels, strict=True)}
    if named:
        figure.legend(named.values(), named, loc="outside right center", fontsize=8, frameon=False)
    figure.suptitle(title, fontsize=12, color=base.INK)
    return figure


def _curve(axes, runs, key, name, colour):
    found = {}
    for run in runs:
        for row in run:
            if row.get(key) is not None and np.isfinite(row[key]):
                found.setdefault(row["step"], []).append(row[key])
    if not found:
        return
    steps = sorted(found)
    means = [np.mean(found[step]) for step in steps]
    axes.plot(steps, means, color=colour, lw=1.6, marker="o", ms=2.5, label=name)
    low, high = zip(*((min(found[s]), max(found[s])) for s in steps), strict=True)
    axes.fill_between(steps, low, high, color=colour, alpha=0.13, lw=0)


def _density(x, span):
    x = x[np.isfinite(x).all(axis=1)]
    counts, _, _ = np.histogram2d(*x.T, bins=_BINS, range=span)
    return ndimage.gaussian_filter(counts / max(len(x), 1), _BLUR)


def _check(found, name):
    if not len(found):
        raise ValueError(f"{name} must not be empty; got none")
