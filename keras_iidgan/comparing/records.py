"""The kept figures of runs: a small file for each."""

import json

from keras_iidgan.cli import UsageError
from keras_iidgan.files import read_json, to_json, write_atomically

DIVERGED = "diverged.json"


def outcome(run):
    """Return what a run came to, as a dict, or None while it isn't done.

    It is its summary with the figures of its evaluation, if it has one; or, of a run that
    diverged, what is known of it and the reason as `diverged`.
    """
    config = run.config
    known = {"row": run.row.key, "flags": config.flag_lines()}
    if (run.folder / DIVERGED).exists():
        made = {"method": config.method, "dataset": config.dataset, "steps": config.steps}
        return known | made | {"seed": config.seed} | read_json(run.folder / DIVERGED)
    if not (run.folder / "summary.json").exists():
        return None
    found = known | read_json(run.folder / "summary.json")
    if not run.evaluate:
        return found
    evaluated = sorted(run.folder.glob("evaluation-*.json"))
    if not evaluated:
        return None
    return found | {k: v for k, v in read_json(evaluated[-1]).items() if k != "step"}


def keep(run, found):
    """Keep what a run came to."""
    write_atomically(run.figures, to_json(found, indent=1) + "\n")


def check_same(run):
    """Refuse figures that are kept of a run of other flags.

    Raises:
        UsageError: names the flags that differ.
    """
    if not run.figures.exists():
        return
    stored, mine = (
        dict(line.removeprefix("--").split("=", 1) for line in lines if "hparam" not in line)
        | {"hparam": sorted(line for line in lines if "hparam" in line)}
        for lines in (read_json(run.figures).get("flags", []), run.config.flag_lines())
    )
    changed = [
        f"{k} was {stored[k]!r}, is {mine[k]!r}" for k in mine if stored.get(k, mine[k]) != mine[k]
    ]
    if changed:
        raise UsageError(
            f"the figures {run.figures} are of another run ({'; '.join(changed)}); give another "
            "--out or the same flags"
        )


def line(found):
    """Return the main figures of a kept run as a line."""
    if found.get("diverged"):
        return f"diverged: {found['diverged']}"
    from keras_iidgan import evaluation

    return evaluation.one_line(found)


def read(folder, table):
    """Return the kept figures of a table, `{key of a row: list of dicts}`.

    Args:
        folder: `pathlib.Path` of its files.
        table: a `Table`; files of other rows or seeds are left out.
    """
    found = {}
    for row in table.rows:
        paths = [folder / f"{row.label(seed)}.json" for seed in table.seeds]
        runs = [json.loads(path.read_text()) for path in paths if path.exists()]
        if runs:
            found[row.key] = runs
    return found


def read_all(folder):
    """Return all kept figures, `{table: {key of a row: list of dicts}}`."""
    found = {}
    for path in sorted(folder.glob("*/*.json")):
        summary = read_json(path)
        found.setdefault(path.parent.name, {}).setdefault(summary["row"], []).append(summary)
    return found
