"""RESULTS.md and the tables of the README, from the kept figures of runs."""

import dataclasses
import statistics

from keras_iidgan.tables import POINTS, TABLES

_SHORT = {k: POINTS[k] for k in ("modes", "quality", "reverse KL")}


def render(measured):
    """Write RESULTS.md.

    Args:
        measured: `{table: {row name: list of summaries}}`.

    Returns:
        The page's text; tables and rows without runs are left out.
    """
    parts = [_HEAD]
    for key, table in TABLES.items():
        found = {r.name: measured.get(key, {}).get(r.name, []) for r in table.rows}
        found = {name: runs for name, runs in found.items() if runs}
        if found:
            parts.append(_table(key, table, found))
    return "\n\n".join(parts) + "\n"


def render_short(measured):
    """Return the tables of the README: those of the paper's Table 1, with their protocol."""
    parts = []
    for key in ("ring", "grid"):
        found = measured.get(key, {})
        rows = [r.name for r in TABLES[key].rows if " paper" in r.name and r.name in found]
        if rows:
            table = dataclasses.replace(TABLES[key], text="", columns=_SHORT)
            parts.append(_rows(table, {name: found[name] for name in rows}))
    return "\n\n".join(parts)


_HEAD = """# Results

Made by `python -m keras_iidgan.compare`; nothing here is typed by hand. Figures are mean ± sample
standard deviation over the seeds named beside the row, each from the samples of the last step. The
kept figures of every run are in `configs/measured`."""


def _table(key, table, found):
    command = f"`python -m keras_iidgan.compare --tables={key}`"
    picture = [f"![{table.title}](configs/measured/{key}.png)"] if table.picture else []
    return "\n\n".join([f"## {table.title}", table.text, _rows(table, found), *picture, command])


def _rows(table, found):
    lines = ["| run | seeds | " + " | ".join(table.columns) + " |"]
    lines.append("|---|---|" + "---|" * len(table.columns))
    for name, runs in found.items():
        seeds = ", ".join(str(run["seed"]) for run in runs)
        cells = [_cell(_known(runs, k), style) for k, style in table.columns.values()]
        lines.append(f"| {name} | {seeds} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", _protocol(found)])


def _known(runs, key):
    return [run[key] for run in runs if run.get(key) is not None]


def _cell(values, style):
    if not values:
        return "-"
    mean = format(statistics.fmean(values), style)
    if len(set(values)) == 1 and (len(values) == 1 or style.startswith(",")):
        return mean
    return f"{mean} ± {format(statistics.stdev(values), style.lstrip('+'))}"


def _protocol(found):
    """Say how the figures were taken, from the runs themselves."""
    runs = [run for group in found.values() for run in group]
    said = []
    for label, key, style in (
        ("generated samples", "samples", ",d"),
        ("a mode counts from this many good samples", "protocol_threshold", "d"),
        ("quality of a perfect sampler", "protocol_perfect_high_quality", ".2%"),
        ("its reverse KL", "protocol_perfect_reverse_kl", "+.3f"),
        ("expected KL of a perfect sampler of this size", "protocol_bias_kl", ".4f"),
        ("classifier's accuracy on test digits", "protocol_classifier_test_accuracy", ".2%"),
        ("share of test digits above 0.75", "protocol_classifier_test_high_quality", ".2%"),
    ):
        values = sorted(set(_known(runs, key)))
        if values:
            said.append(f"{label}: {', '.join(format(v, style) for v in values)}")
    return "Protocol: " + "; ".join(said) + "."
