"""Training in time: one column of generated points, and of latent ones, per evaluation.

Reference:
    IID-GAN (Li et al.), Figs. 5 and 8.
"""

import dataclasses

import numpy as np

from keras_iidgan.plots import base, latent

MAX_COLUMNS = 8


@dataclasses.dataclass(frozen=True, eq=False)
class Snapshot:
    """What an evaluation saw, as arrays that a run can keep.

    Attributes:
        step: training steps done.
        z: [N, M] latent points.
        x_fake: [N, 2] G(z).
        mode: [N] integers, the mode of each row of `x_fake`, or -1.
        good: [N] bool.
        z_real: [R, M] F(x) of real points, or None.
        real_mode: [R] integers, their modes, or None.
    """

    step: int
    z: np.ndarray
    x_fake: np.ndarray
    mode: np.ndarray
    good: np.ndarray
    z_real: np.ndarray | None = None
    real_mode: np.ndarray | None = None


def progress_figure(snapshots, x_real, *, num_modes: int, title: str = ""):
    """Draws one run over its training steps.

    Args:
        snapshots: sequence of `Snapshot`, in the order of their steps. Of more than eight, eight
            are drawn, the first and the last among them.
        x_real: [R, 2] real points.
        num_modes: K.
        title: of the whole figure.

    Returns:
        `matplotlib.figure.Figure` with a column per snapshot. Its rows are G(z) over the real
        points, z by the mode of G(z), and F(x) by the mode of x if the snapshots have it.

    Raises:
        ValueError: there is no snapshot, or the arrays of one don't fit each other.
    """
    snapshots = _chosen(snapshots)
    inverse = all(snapshot.z_real is not None for snapshot in snapshots)
    rows = 3 if inverse else 2
    columns = len(snapshots)
    figure, panels = base.new_figure(rows, columns, 2.5 * columns + 0.4, 2.6 * rows + 0.4)
    for column, snapshot in zip(panels.T, snapshots, strict=True):
        _points(column[0], snapshot, x_real, num_modes)
        z, mode, good = snapshot.z, snapshot.mode, snapshot.good
        latent.latent_panel(column[1], z, mode, good, num_modes)
        if inverse:
            real_good = np.ones(len(snapshot.z_real), bool)
            latent.latent_panel(
                column[2], snapshot.z_real, snapshot.real_mode, real_good, num_modes
            )
    size = np.shape(snapshots[0].z)[1]
    shown = f" (dimensions 1, 2 of {size})" if size > 2 else ""
    _label(panels, ["G(z)", f"z, by the mode of G(z){shown}", f"F(x){shown}"])
    figure.suptitle(title, fontsize=12, color=base.INK)
    return figure


def compare_figure(runs, x_real, *, num_modes: int, title: str = ""):
    """Draws the generated points of several runs, one below the other, over training steps.

    Args:
        runs: dictionary, name of the run -> its sequence of `Snapshot`; all of the same steps.
        x_real: [R, 2] real points.
        num_modes: K.
        title: of the whole figure.

    Returns:
        `matplotlib.figure.Figure` with a row per run and a column per step.

    Raises:
        ValueError: there is no run, a run has no snapshot, or the steps of the runs differ.
    """
    if not runs:
        raise ValueError("runs must hold at least one run; got none")
    chosen = {name: _chosen(snapshots) for name, snapshots in runs.items()}
    steps = {name: [snapshot.step for snapshot in row] for name, row in chosen.items()}
    first = next(iter(steps.values()))
    for name, own in steps.items():
        if own != first:
            raise ValueError(f"runs must have the same steps, {first}; got {own} of {name!r}")
    columns = len(first)
    figure, panels = base.new_figure(
        len(runs), columns, 2.5 * columns + 0.4, 2.75 * len(runs) + 0.3
    )
    for row, snapshots in zip(panels, chosen.values(), strict=True):
        for axes, snapshot in zip(row, snapshots, strict=True):
            _points(axes, snapshot, x_real, num_modes)
    _label(panels, list(chosen))
    figure.suptitle(title, fontsize=12, color=base.INK)
    return figure


def _chosen(snapshots):
    snapshots = list(snapshots)
    if not snapshots:
        raise ValueError("snapshots must hold at least one evaluation; got none")
    places = np.linspace(0, len(snapshots) - 1, min(MAX_COLUMNS, len(snapshots)))
    return [snapshots[place] for place in places.round().astype(int)]


def _points(axes, snapshot, x_real, num_modes):
    _, x_fake, mode, good = latent.check_samples(
        snapshot.z, snapshot.x_fake, snapshot.mode, snapshot.good
    )
    covered = len(np.unique(mode[good]))
    title = f"step {snapshot.step:,}\n{covered} of {num_modes} modes, {good.mean():.1%} good"
    latent.points_panel(axes, x_fake, mode, good, x_real, num_modes, title)


def _label(panels, names):
    """Names the rows at their left, and drops the axis labels that would repeat."""
    for row, name in zip(panels, names, strict=False):
        for axes in row:
            axes.set_xlabel("")
            axes.set_ylabel("")
        row[0].set_ylabel(name, fontsize=10, color=base.INK)
