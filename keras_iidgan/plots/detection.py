"""Estimated beside true coverage, a point for every verdict."""

import numpy as np

from keras_iidgan.plots import base

_MARKS = "os^Dv"
_COLOURS = {"green": "#2e8b57", "yellow": "#d39b00", "red": "#c0392b"}


def detection_figure(stages):
    """Draw verdicts over the truth: a panel for each data set, a mark for each method.

    Args:
        stages: list of dicts with `dataset`, `method`, `colour`, `estimated`, `modes_covered` and
            `modes_total`; at least one.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        ValueError: without stages.
    """
    base.check_any(stages, "stages")
    datasets = list(dict.fromkeys(stage["dataset"] for stage in stages))
    methods = list(dict.fromkeys(stage["method"] for stage in stages))
    figure, axes = base.new_figure(1, len(datasets), 3.4 * len(datasets), 3.6)
    for panel, dataset in zip(axes[0], datasets, strict=True):
        for mark, method in zip(_MARKS * len(methods), methods, strict=False):
            own = [s for s in stages if (s["dataset"], s["method"]) == (dataset, method)]
            _scatter(panel, own, mark, method)
        panel.plot([0, 1], [0, 1], color=base.REAL, lw=0.8, zorder=0)
        panel.set_xlim(-0.04, 1.04)
        panel.set_ylim(-0.04, 1.04)
        base.style_axes(panel, dataset, "modes covered, share", "estimated coverage")
    axes[0, 0].legend(fontsize=8, frameon=False)
    return figure


def _scatter(panel, stages, mark, name):
    truth = np.array([s["modes_covered"] / s["modes_total"] for s in stages])
    estimated = np.array([s["estimated"] for s in stages])
    colours = [_COLOURS[s["colour"]] for s in stages]
    panel.scatter([], [], marker=mark, color=base.INK, s=22, label=name)
    panel.scatter(truth, estimated, marker=mark, c=colours, s=22, alpha=0.75, linewidths=0)
