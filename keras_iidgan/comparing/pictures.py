"""The pictures of a comparison: figures over steps, and what each method generates.

They are drawn from the run folders, so runs whose folders aren't here are in none. Where a picture
shows one run of each method it is that of the first seed.
"""

import json
import re

from keras_iidgan import plots
from keras_iidgan.comparing import records
from keras_iidgan.comparing.cells import known

_PANELS = 4
_IMAGES = 10
_POINTS = 2000  # Real points that are drawn.


def draw(comparison):
    """Draw a comparison; returns the paths of its pictures."""
    drawn = []
    for block in comparison.table.blocks:
        runs = [run for run in comparison.runs if run.row.block == block]
        histories = {row: list(own.values()) for row, own in _histories(runs).items()}
        if not histories:
            continue
        for name, figure in _figures(comparison, runs, histories, block):
            stem = re.sub("[^A-Za-z0-9._-]+", "-", f"{block} {name}").strip("-")
            drawn.append(comparison.folder / f"{stem}.png")
            plots.save(figure, drawn[-1])
    figure = _histogram(comparison)
    if figure:
        drawn.append(comparison.folder / "histogram.png")
        plots.save(figure, drawn[-1])
    return drawn


def _histogram(comparison):
    """The distribution of a figure over all rows of each block, if the table has one."""
    table = comparison.table
    found = records.read(comparison.figures, table)
    values = {block: [] for block in table.blocks if table.histogram}
    for row in table.rows if table.histogram else ():
        values[row.block] += known(found.get(row.key, []), table.histogram)
    if not any(values.values()):
        return None
    (heading,) = (c.heading for c in table.columns if c.key == table.histogram)
    return plots.shares_figure(values, heading, title=table.title)


def _figures(comparison, runs, histories, block):
    """Yield the name and the figure of each picture of a block."""
    table = comparison.table
    title = f"{table.title}, {block}" if block else table.title
    panels = _panels(table, histories)
    if panels:
        yield "curves", plots.comparison_curves(histories, panels, title=title)
    shown = _shown(runs, comparison.name)
    if not shown:
        return
    title = f"{title}, seed {shown[0].config.seed}"
    snapshots = {run.row.name: _snapshots(run) for run in shown}
    snapshots = {name: seen for name, seen in snapshots.items() if seen}
    if snapshots:
        yield from _points(snapshots, shown[0].config, title)
    else:
        yield from _samples(shown, title)


def _points(snapshots, config, title):
    from keras_iidgan import session

    data = session.load_data(config)
    real = data.train[:_POINTS]
    options = {"num_modes": data.num_modes, "title": title}
    last = {name: seen[-1] for name, seen in snapshots.items()}
    yield "latent", plots.methods_figure(last, real, **options)
    samples = {name: seen.x_fake for name, seen in last.items()}
    yield "densities", plots.densities_figure(samples, data.train[:20_000], title=title)
    alike = _at_common_steps(snapshots)
    if alike:
        yield "progress", plots.compare_figure(alike, real, **options)


def _samples(shown, title):
    """Samples of each finished run, drawn from its saved weights: rows of images, or points."""
    from keras_iidgan import point_pictures, saved_run

    rows, data = {}, None
    for run in shown:
        if (run.folder / "summary.json").exists():
            loaded = saved_run.load(run.folder)
            data = loaded.data
            count = _IMAGES if data.kind == "images" else point_pictures.DENSE
            rows[run.row.name] = loaded.model.sample(count, seed=0)
    if not rows:
        return
    if data.kind == "images":
        yield "samples", plots.image_rows_figure(rows, title=title)
    elif figure := point_pictures.draw_samples(rows, data, title=title):
        yield "samples", figure


def _histories(runs):
    """Return what the runs measured over their steps, `{row: {seed: list of dicts}}`."""
    found = {}
    for run in runs:
        path = run.folder / "metrics.jsonl"
        if path.exists():
            lines = [json.loads(line) for line in path.read_text().splitlines()]
            found.setdefault(run.row.name, {})[run.config.seed] = lines
    return found


def _panels(table, histories):
    """Choose the columns that have a history, each with the figure of a perfect sampler."""
    measured = [row for own in histories.values() for run in own for row in run]
    panels = []
    for column in table.columns:
        known = [row for row in measured if row.get(column.key) is not None]
        if known and column.key != "steps":
            perfect = known[0].get(column.best)
            if column.key == "modes_covered":
                perfect = known[0].get("modes_total")
            panels.append((column.key, column.heading, perfect))
    return panels[:_PANELS]


def _shown(runs, name):
    """The runs of one seed: the first, and of IID-GAN's Fig. 5 that of the poorest start."""
    seeds = list(dict.fromkeys(run.config.seed for run in runs if run.folder.exists()))
    if not seeds:
        return []
    seed = seeds[0]
    if name == "iid_gan_fig5":
        seed = min(seeds, key=lambda s: _first_modes([r for r in runs if r.config.seed == s]))
    return [run for run in runs if run.config.seed == seed and run.folder.exists()]


def _first_modes(runs):
    found = [own for row in _histories(runs).values() for own in row.values() if own]
    return min((own[0].get("modes_covered", 0) for own in found), default=float("inf"))


def _snapshots(run):
    from keras_iidgan import callbacks

    return callbacks.kept_snapshots(run.folder / "pictures")


def _at_common_steps(snapshots):
    """Leave the steps that all have; a run that ended before the first of them is left out."""
    most = max(len(seen) for seen in snapshots.values())
    whole = {name: seen for name, seen in snapshots.items() if 2 * len(seen) >= most}
    common = set.intersection(*({s.step for s in seen} for seen in whole.values()))
    return {n: [s for s in seen if s.step in common] for n, seen in whole.items()} if common else {}


def keep_progress(comparison):
    """Draw the runs of the picture that RESULTS.md shows of a table, beside the kept figures."""
    runs = _shown(list(comparison.runs), comparison.name)
    snapshots = {run.row.name: _snapshots(run) for run in runs}
    snapshots = {name: seen for name, seen in snapshots.items() if seen}
    if not snapshots or not records.read(comparison.figures, comparison.table):
        return
    from keras_iidgan import session

    data = session.load_data(runs[0].config)
    figure = plots.compare_figure(
        _at_common_steps(snapshots), data.train[:_POINTS], num_modes=data.num_modes
    )
    plots.save(figure, comparison.figures.with_suffix(".png"))
