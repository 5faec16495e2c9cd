"""Train methods side by side over several seeds, and write their table and their pictures.

    python -m keras_iidgan.compare --methods=gan,iidgan --dataset=ring --seeds=5 --steps=20000
    python -m keras_iidgan.compare --preset=iid_gan_table1 --quick

A run that is finished isn't run again, and one that was stopped goes on where it was; several
processes with the same --out share the runs. Every flag of `train` is passed on to all runs. A
preset as it stands keeps its figures in --measured_dir and writes RESULTS.md; without methods and
presets that alone is done.
"""

import pathlib
import re
import sys

from keras_iidgan import cli, flags
from keras_iidgan.cli import UsageError
from keras_iidgan.comparing import check, page, plan, records, slots, writers
from keras_iidgan.comparing.runner import Runner
from keras_iidgan.files import write_atomically


def main(values):
    """Check everything, run what has no figures yet, then write tables and pictures."""
    shard = _shard(values.shard)
    if values.jobs < 0:
        raise UsageError(f"--jobs must be at least 0; got {values.jobs}")
    comparisons = plan.comparisons(values)
    runs = [run for comparison in comparisons for run in comparison.runs]
    if values.dry_run:
        for run in runs:
            print(f"{run.label}  {' '.join(run.config.flag_lines())}")
        return 0
    for comparison in comparisons:
        if not comparison.is_kept:
            check.check_folders(comparison.runs)
    code = _run(runs, shard, values.jobs) if runs else 0
    for comparison in comparisons:
        write(comparison)
    if not runs or any(comparison.is_kept for comparison in comparisons):
        folder = pathlib.Path(values.measured_dir)
        page.write(records.read_all(folder), folder, values.results, values.readme)
        print(f"written to {values.results}")
    return code


def _run(runs, shard, jobs):
    if any(not run.figures.exists() for run in runs):
        check.check(runs)
    mine = runs[shard[0] :: shard[1]]
    outcome = Runner(mine, slots.make(jobs, len(mine))).run()
    if outcome.elsewhere:
        print(f"left to other processes: {', '.join(outcome.elsewhere)}")
    for label, reason in outcome.failed.items():
        print(f"failed: {label}: {reason}; the same command tries it again", file=sys.stderr)
    return 1 if outcome.failed else 0


def write(comparison):
    """Write a comparison's table as table.md, table.csv and table.tex, and its pictures."""
    folder, table, notes = comparison.folder, comparison.table, comparison.notes
    found = records.read(comparison.figures, table)
    if not found:
        return
    missing = len(comparison.runs) - sum(map(len, found.values()))
    if missing:
        notes = (*notes, f"{missing} of {len(comparison.runs)} runs are still missing.")
    text = writers.markdown(table, found, notes)
    write_atomically(folder / "table.md", text + "\n")
    write_atomically(folder / "table.csv", writers.as_csv(table, found))
    write_atomically(folder / "table.tex", writers.latex(table, found, notes))
    print(f"\n{text}\n\nwritten to {folder / 'table.md'}, .csv and .tex")
    from keras_iidgan.comparing import pictures

    for path in pictures.draw(comparison):
        print(f"drawn        {path}")
    if comparison.is_kept and table.picture:
        pictures.keep_progress(comparison)


def _shard(text):
    """Read `--shard=i/n`: the place i, from 0, and the number n of shards."""
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if not found or not int(found[1]) < int(found[2]):
        raise UsageError(f"--shard must be i/n with i from 0 to n - 1; got {text!r}")
    return int(found[1]), int(found[2])


if __name__ == "__main__":
    cli.run(main, flags.define_compare)
