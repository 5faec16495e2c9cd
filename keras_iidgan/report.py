"""Did it collapse? The answer as a page for people, or as JSON for programs.

    python -m keras_iidgan.report --run=runs/00000-iidgan-ring
    python -m keras_iidgan.report --run=runs/00000-gan-ring,runs/00001-iidgan-ring
    python -m keras_iidgan.report --run=FOLDER --format=json --out=verdict.json

The page is one file that needs no other. A model without an encoder is judged by its samples, and
the page says which questions stay open.
"""

import os
import pathlib
import sys
import tempfile

from keras_iidgan import cli, flags
from keras_iidgan.cli import UsageError


def main(values):
    """Measure the runs, write the report, and say the verdicts."""
    folders = _folders(values.run)
    _check(values)
    out = _out(values, folders)
    cli.import_tensorflow()
    from keras_iidgan import reporting, saved_run
    from keras_iidgan.files import write_atomically
    from keras_iidgan.reporting import measuring

    _check_samples(values, measuring.LEAST)
    reports = []
    for folder in folders:
        reports.append(
            measuring.measure(
                saved_run.load(folder),
                samples=values.eval_samples,
                seed=values.eval_seed,
                say=lambda line, folder=folder: print(f"{folder.name}: {line}", file=sys.stderr),
                draws=values.format == "html",
            )
        )
    write_atomically(out, reporting.WRITERS[values.format](reports))
    for report in reports:
        print(f"{report.name}: {report.verdict.colour}: {report.verdict.sentence}")
    print(f"written to {out}")
    return 0


def _folders(named):
    """The run folders, each of which has a checkpoint; nothing is loaded for that."""
    from keras_iidgan.training import checkpoints

    folders = [pathlib.Path(name) for part in named for name in part.split(",") if name]
    if not folders:
        raise UsageError("--run must name a run folder; got none")
    for folder in folders:
        if not (folder / "config.json").exists():
            raise UsageError(f"--run must name run folders; {folder} has no config.json")
        if checkpoints.newest(folder / "checkpoints") is None:
            raise UsageError(f"--run={folder} has no checkpoint yet")
    twice = {folder for folder in folders if folders.count(folder) > 1}
    if twice:
        raise UsageError(f"--run must name different folders; got {min(twice)} twice")
    return folders


def _check(values):
    if values.format not in flags.FORMATS:
        raise UsageError(
            f"--format must be one of {', '.join(flags.FORMATS)}; got {values.format!r}"
        )
    if not 0 <= values.eval_seed < 2**32:
        raise UsageError(f"--eval_seed must be in [0, {2**32}); got {values.eval_seed}")


def _check_samples(values, least):
    if values.eval_samples and values.eval_samples < least:
        raise UsageError(f"--eval_samples must be 0 or at least {least}; got {values.eval_samples}")


def _out(values, folders):
    """Where the report goes; one that can't be written is refused before any work."""
    name = "report" if len(folders) == 1 else "comparison"
    folder = folders[0] if len(folders) == 1 else folders[0].parent
    out = pathlib.Path(values.out) if values.out else folder / f"{name}.{values.format}"
    try:
        if out.is_dir():
            raise IsADirectoryError(21, os.strerror(21))
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out.parent):
            pass
    except OSError as error:
        raise UsageError(
            f"--out must name a file that can be written; got {out}: {error.strerror}"
        ) from None
    return out


if __name__ == "__main__":
    cli.run(main, flags.define_report)
