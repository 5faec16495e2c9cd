"""The section of RESULTS.md on how far the verdict can be trusted."""

import math

from keras_iidgan.detecting.agreement import LEAST_GOOD, LOST, agreement, is_complete
from keras_iidgan.files import read_json

FILE, PICTURE = "detection.json", "detection.png"
_HEAD = """## Does the verdict agree with the modes?

The verdict of `keras_iidgan.report` and `CollapseMonitor` doesn't know the modes: it sees real and
generated samples and, where there is an encoder, F(x). Here it is held against the modes that the
samples cover, over models caught at {stages} stages of their training. A model counts as complete
if it has lost less than {lost:.0%} of the modes, and {good:.0%} of its samples or more are good. A
false alarm is a complete model called red, a warning one called yellow; missed is any other model
that is called green. The rank correlation is Spearman's, of the estimated and the true share of the
modes; the error is their mean absolute difference. The two count differently: in truth a mode is
covered from its first good sample, while the verdict asks for a fiftieth of its fair share before
it takes a cluster as reached whole, so modes that are hardly ever made explain false alarms. In the
picture a point has the colour of its verdict."""
_MONITOR = """The light of `CollapseMonitor` on the same models, from 1,000 real and 1,000 generated
samples, without the modes' labels; its estimate is `coverage`. It sees no more than 20 clusters, so
of data with more modes it can't tell:"""
_COLUMNS = (
    "models",
    "verdicts",
    "rank correlation",
    "error",
    "false alarms",
    "warnings",
    "missed",
)


def section(folder):
    """Write the section.

    Args:
        folder: `pathlib.Path` of the kept figures.

    Returns:
        Markdown; empty where nothing was measured.
    """
    if not (folder / FILE).exists():
        return ""
    found = read_json(folder / FILE)
    stages = [stage for stage in found["stages"] if not stage.get("diverged")]
    if not stages:
        return ""
    counts = {}
    for stage in stages:
        key = stage["dataset"], stage["method"], stage["seed"]
        counts[key] = counts.get(key, 0) + 1
    head = _HEAD.format(stages=max(counts.values()), lost=LOST, good=LEAST_GOOD)
    parts = [head, _table(stages), _where_it_fails(stages), *_diverged(found["stages"])]
    parts += [_MONITOR, _table([stage | stage["monitor"] for stage in stages])]
    parts += [
        f"![estimated and true coverage](configs/measured/{PICTURE})",
        f"`{found['command']}`",
    ]
    return "\n" + "\n\n".join(parts) + "\n"


def _table(stages):
    lines = [f"| models of | {' | '.join(_COLUMNS)} |", "|" + "---|" * (len(_COLUMNS) + 1)]
    groups = [("all", stages)]
    for key in ("dataset", "method"):
        for name in dict.fromkeys(stage[key] for stage in stages):
            groups.append((name, [stage for stage in stages if stage[key] == name]))
    return "\n".join([*lines, *(_line(name, own) for name, own in groups)])


def _line(name, stages):
    found = agreement(stages)
    correlation = "-" if math.isnan(found.correlation) else f"{found.correlation:+.2f}"
    cells = (
        found.models,
        found.verdicts,
        correlation,
        f"{found.error:.2f}",
        f"{found.false_alarms} of {found.complete}",
        f"{found.warnings} of {found.complete}",
        f"{found.missed} of {found.collapsed}",
    )
    return f"| {name} | {' | '.join(map(str, cells))} |"


def _where_it_fails(stages):
    """Name the false alarms and the misses."""
    alarms = [s for s in stages if is_complete(s) and s["colour"] == "red"]
    missed = [s for s in stages if not is_complete(s) and s["colour"] == "green"]
    said = [
        f"{title}: {'; '.join(map(_named, own)) or 'none'}."
        for title, own in (("False alarms", alarms), ("Missed", missed))
    ]
    return "Where it fails. " + " ".join(said)


def _named(stage):
    covered = f"{stage['modes_covered']:,.0f} of {stage['modes_total']:,.0f} modes"
    where = f"{stage['method']} on {stage['dataset']}, seed {stage['seed']}, step {stage['step']:,}"
    quality = f"quality {stage['high_quality']:.0%}"
    return f"{where} ({covered}, {quality}, estimated {stage['estimated']:.0%})"


def _diverged(stages):
    names = [
        f"{s['method']} on {s['dataset']}, seed {s['seed']}" for s in stages if s.get("diverged")
    ]
    return [f"Diverged, and in no row: {'; '.join(names)}."] if names else []
