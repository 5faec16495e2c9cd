"""Figures of metrics and of losses over training steps."""

import numpy as np

from keras_iidgan.plots import base


def metric_curves(records, *, perfect=None, title: str = ""):
    """Draws covered modes, quality and the divergences over steps.

    Args:
        records: sequence of dictionaries, each with `step` and with any of `modes_covered`,
            `modes_total`, `high_quality`, `reverse_kl`, `reverse_kl_normalised` and `kl`, as
            `metrics.jsonl` has them.
        perfect: dictionary with any of `perfect_high_quality` and `perfect_reverse_kl`, the
            figures of a perfect sampler; they are drawn as dashed lines.
        title: of the whole figure.

    Returns:
        `matplotlib.figure.Figure` with three panels.

    Raises:
        ValueError: there is no record, or one lacks `step`.
    """
    check_records(records)
    perfect = perfect or {}
    figure, (panels,) = base.new_figure(1, 3, 11.5, 3.5)
    modes, quality, divergence = panels
    _lines(modes, records, ["modes_covered"])
    _floor(modes, _series(records, "modes_total")[1][-1:], "all modes")
    _lines(quality, records, ["high_quality"])
    _floor(quality, [perfect.get("perfect_high_quality")], "perfect sampler")
    _lines(divergence, records, ["reverse_kl", "reverse_kl_normalised", "kl"])
    _floor(divergence, [perfect.get("perfect_reverse_kl")], "reverse_kl, perfect sampler")
    modes.set_ylim(bottom=0)
    quality.set_ylim(0, 1.03)
    names = ("modes covered", "share of good samples", "divergence, nats")
    for axes, name in zip(panels, names, strict=True):
        _finish(axes, name)
    figure.suptitle(title, fontsize=12, color=base.INK)
    return figure


def loss_curves(records, *, players, title: str = ""):
    """Draws the loss terms of every player over steps.

    Args:
        records: sequence of dictionaries, each with `step` and with terms `<player>_<term>`.
        players: names of the players, each of which gets a panel.
        title: of the whole figure.

    Returns:
        `matplotlib.figure.Figure`. A panel of values above 0 that span more than a
        factor of 20 is logarithmic.

    Raises:
        ValueError: there is no record, one lacks `step`, or a player has no term in any of them.
    """
    check_records(records)
    players = list(players)
    figure, (panels,) = base.new_figure(1, len(players), 4.6 * len(players), 3.5)
    for axes, player in zip(panels, players, strict=True):
        terms = sorted({key for row in records for key in row if key.startswith(f"{player}_")})
        if not terms:
            raise ValueError(f"players must have terms in the records; got {player!r} with none")
        _lines(axes, records, terms, prefix=f"{player}_")
        values = np.concatenate([_series(records, term)[1] for term in terms])
        if len(values) and values.min() > 0 and values.max() > 20 * values.min():
            axes.set_yscale("log")
        _finish(axes, player)
    figure.suptitle(title, fontsize=12, color=base.INK)
    return figure


def check_records(records):
    """Raises ValueError unless there are records and each has its step."""
    if not records:
        raise ValueError("records must hold at least one evaluation; got none")
    for row in records:
        if "step" not in row:
            raise ValueError(f"records must each have a step; got the keys {sorted(row)}")


def _series(records, key):
    """Steps and values of the records in which the key has a finite value."""
    known = [(row["step"], row[key]) for row in records if row.get(key) is not None]
    known = [(step, value) for step, value in known if np.isfinite(value)]
    steps, values = zip(*known, strict=True) if known else ((), ())
    return np.array(steps), np.array(values, float)


def _lines(axes, records, keys, prefix=""):
    for key, colour in zip(keys, base.colours(len(keys)), strict=True):
        steps, values = _series(records, key)
        if len(values):
            name = key.removeprefix(prefix)
            axes.plot(steps, values, color=colour, lw=1.6, marker="o", ms=2.5, label=name)


def _floor(axes, values, label):
    for value in values:
        if value is not None:
            axes.axhline(value, color=base.REAL, lw=1, ls="--", label=f"{label} ({value:.4g})")


def _finish(axes, title):
    base.style_step_axis(axes, title)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize=8, frameon=False)
