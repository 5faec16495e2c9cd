"""Train the rows of a table over its seeds, keep their figures, and write RESULTS.md.

    python -m keras_iidgan.compare --tables=ring,grid --jobs=2

A run that is finished isn't run again, and one that was stopped goes on where it was.
"""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

from keras_iidgan import cli, flags, printed_tables, speed_table
from keras_iidgan.cli import UsageError
from keras_iidgan.files import read_json, write_atomically
from keras_iidgan.results_page import render, render_short
from keras_iidgan.tables import TABLES

_BEGIN, _END = "<!-- results: begin -->", "<!-- results: end -->"


def main(values):
    """Measure the tables that were asked for, then render all that was ever measured."""
    for name in values.tables:
        if name not in TABLES:
            raise UsageError(f"--tables must be of {', '.join(TABLES)}; got {name!r}")
    jobs = [job for name in values.tables for job in _jobs(name, values)]
    slots = _slots(values.jobs)
    with concurrent.futures.ThreadPoolExecutor(values.jobs) as pool:
        futures = [pool.submit(_run, job, slots) for job in jobs]
        for done, future in enumerate(concurrent.futures.as_completed(futures), 1):
            print(f"{done}/{len(jobs)}  {future.result()}", flush=True)
    for name in values.tables:
        _draw(name, values)
    folder = pathlib.Path(values.measured_dir)
    measured = _measured(folder)
    write_atomically(values.out, _page(measured, folder))
    _fill_in(values.readme, render_short(measured))
    print(f"written to {values.out}")
    return 0


def _draw(name, values):
    """Draw a table's runs of its first seed over their steps, where it compares points."""
    table, folder = TABLES[name], pathlib.Path(values.runs_dir) / name
    if not table.picture:
        return
    from keras_iidgan import callbacks, data, plots

    ring = data.load(table.picture)
    runs = {
        row.name: callbacks.kept_snapshots(folder / _label(row, table.seeds[0]) / "pictures")
        for row in table.rows
    }
    runs = {row: snapshots for row, snapshots in runs.items() if snapshots}
    if runs:
        figure = plots.compare_figure(runs, ring.train[:2000], num_modes=ring.num_modes)
        plots.save(figure, pathlib.Path(values.measured_dir) / f"{name}.png")


def _label(row, seed):
    return f"{row.name.replace(' ', '-')}-seed{seed}"


def _fill_in(page, tables):
    """Put the short tables between the marks of a page, if it has them."""
    path = pathlib.Path(page)
    text = path.read_text() if page and path.exists() else ""
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if begin and end:
        write_atomically(path, f"{before}{begin}\n{tables}\n{end}{after}")


def _jobs(name, values):
    table = TABLES[name]
    for seed in map(int, values.seeds or table.seeds):
        for row in table.rows:
            label = _label(row, seed)
            folder = pathlib.Path(values.runs_dir) / name / label
            kept = pathlib.Path(values.measured_dir) / name / f"{label}.json"
            yield label, [*row.flags, f"--seed={seed}", f"--run_dir={folder}"], folder, kept, row


def _slots(jobs):
    """Share the cores among the jobs: a list of core sets, taken and given back by the runs."""
    cores = sorted(os.sched_getaffinity(0))
    each = max(len(cores) // jobs, 1)
    return [set(cores[i * each % len(cores) :][:each]) for i in range(jobs)]


def _run(job, slots):
    label, arguments, folder, kept, row = job
    if not kept.exists():
        cores = slots.pop()
        try:
            _train(label, arguments, cores)
        finally:
            slots.append(cores)
        summary = read_json(folder / "summary.json")
        write_atomically(kept, json.dumps({"row": row.name} | summary, indent=1) + "\n")
    summary = read_json(kept)
    return (
        f"{label}: {summary['modes_covered']}/{summary['modes_total']} modes, "
        f"quality {summary['high_quality']:.2%}, reverse KL {summary['reverse_kl']:+.3f}"
    )


def _train(label, arguments, cores):
    command = [sys.executable, "-m", "keras_iidgan.train", *arguments, "--noexport"]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise UsageError(f"{label} failed: {reason}")


def _page(measured, folder):
    return f"{render(measured)}\n{printed_tables.section()}\n{speed_table.sections(folder)}"


def _measured(folder):
    found = {}
    for path in sorted(folder.glob("*/*.json")):
        summary = read_json(path)
        found.setdefault(path.parent.name, {}).setdefault(summary["row"], []).append(summary)
    return found


if __name__ == "__main__":
    cli.run(main, flags.define_compare)
