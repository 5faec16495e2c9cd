"""Methods side by side: what each generates and where its codes lie, and figures over steps.

Reference:
    IID-GAN (Li et al.), Figs. 2 and 4.
"""

import numpy as np

from keras_iidgan.plots import base, latent, sheets
from keras_iidgan.plots.images import pixels


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
    base.check_any(snapshots, "snapshots")
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
    base.check_any(samples, "samples")
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
    base.check_any(runs, "runs")
    base.check_any(panels, "panels")
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
        base.style_step_axis(place, heading)
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
