"""From the flags of `compare` to comparisons: which runs, with which configuration, and where."""

import dataclasses
import pathlib
from typing import Any

from keras_iidgan import cli, flags
from keras_iidgan.cli import UsageError
from keras_iidgan.comparing import adhoc, presets
from keras_iidgan.comparing.tables import Row, Table
from keras_iidgan.run_config import run_config

CONFIGS = pathlib.Path("configs")
QUICK_SEEDS, QUICK_SHARE = 2, 10


@dataclasses.dataclass(frozen=True)
class Run:
    """One run.

    Attributes:
        row: the `Row` that it belongs to.
        config: its `RunConfig`, with its own run folder.
        figures: `pathlib.Path` of the file that its figures are kept in.
        evaluate: as of `Table`.
    """

    row: Row
    config: Any
    figures: pathlib.Path
    evaluate: tuple[str, ...] = ()

    @property
    def folder(self):
        """The run folder, a `pathlib.Path`."""
        return pathlib.Path(self.config.run_dir)

    @property
    def label(self):
        """What the run is called."""
        return self.row.label(self.config.seed)


@dataclasses.dataclass(frozen=True)
class Comparison:
    """One table to be made.

    Attributes:
        name: its name.
        table: the `Table`, with the rows and seeds that were asked for.
        runs: its `Run`s.
        folder: `pathlib.Path` that gets tables, pictures and run folders.
        figures: `pathlib.Path` of the folder of kept figures.
        is_kept: whether it is a preset as it stands, whose figures RESULTS.md shows.
        notes: sentences for the caption.
    """

    name: str
    table: Table
    runs: tuple[Run, ...]
    folder: pathlib.Path
    figures: pathlib.Path
    is_kept: bool
    notes: tuple[str, ...]


def comparisons(values):
    """Return the `Comparison`s that the flags ask for, everything resolved.

    Raises:
        UsageError: for flags that don't go together, and for a configuration that isn't valid.
    """
    chosen = [presets.aliases().get(name, name) for name in values.preset]
    if chosen and values.dataset:
        raise UsageError("--dataset goes with --methods; a --preset has its own")
    if not chosen and not values.methods:
        if values.dataset or values.quick or given_flags(values):
            raise UsageError("--methods must name the methods to compare, or --preset a table")
        return []
    if not chosen:
        name = values.dataset or "ring"
        folder = pathlib.Path(values.out or f"runs/compare/{name}")
        return [_resolved(name, adhoc.table(values.methods, name), folder, values, False)]
    made = []
    for name in chosen:
        try:
            table = presets.get(name)
        except ValueError as error:
            raise UsageError(f"--{error}") from None
        out = pathlib.Path(values.out or "runs/compare")
        folder = out if values.out and len(chosen) == 1 else out / name
        made.append(_resolved(name, adhoc.chosen(table, values.methods), folder, values, True))
    return made


def given_flags(values):
    """Return the flags of `train` that were given to all runs, as `{name: value}`."""
    return {name: values[name].value for name in flags.passed_on() if values[name].present}


def _resolved(name, table, folder, values, is_preset):
    given = given_flags(values)
    seeds = adhoc.seeds(values.seeds) or table.seeds
    if values.quick and not values.seeds:
        seeds = table.seeds[:QUICK_SEEDS]
    as_it_stands = is_preset and not given and not values.quick
    figures = pathlib.Path(values.measured_dir) / name if as_it_stands else folder / "figures"
    adhoc.check_names(name if is_preset else "", table)
    runs = []
    for seed in seeds:
        for row in table.rows:
            label = row.label(seed)
            config = _config(row, seed, given, values.quick, folder / "runs" / label)
            runs.append(Run(row, config, figures / f"{label}.json", table.evaluate))
    table = dataclasses.replace(table, seeds=tuple(seeds))
    notes = tuple(_notes(given, values.quick, runs))
    return Comparison(name, table, tuple(runs), folder, figures, as_it_stands, notes)


def _config(row, seed, given, quick, folder):
    own = adhoc.own_flags(given, row.method)
    try:
        config = parsed([*row_flags(row), *own, f"--seed={seed}", f"--run_dir={folder}"])
        if quick and "steps" not in given:
            every = max(config.eval_every // QUICK_SHARE, 1)
            steps = max(config.steps // QUICK_SHARE, 1)
            config = parsed([*config.flag_lines(), f"--run_dir={folder}"], steps, every)
    except UsageError as error:
        raise UsageError(f"{row.key}: {error}") from None
    return dataclasses.replace(config, export=False)


def row_flags(row, configs=None):
    """Return the flags of a row: those of its method's flag file, or of its data set's.

    A data set's file serves all methods; of its hyperparameters a method gets those it has.

    Args:
        row: a `Row` of a known method.
        configs: folder of the flag files.
    """
    configs = CONFIGS if configs is None else configs
    own, shared = (configs / f"{p}{row.setting}.flags" for p in (f"{row.method}_", ""))
    if own.exists():
        return [*cli.expand_flagfiles([f"--flagfile={own}"]), *row.flags]
    base = [f"--dataset={row.setting}"]
    if shared.exists():
        base = cli.expand_flagfiles([f"--flagfile={shared}"])
        base = [flag for flag in base if adhoc.concerns(flag, row.method)]
    return [*base, f"--method={row.method}", *row.flags]


def parsed(arguments, steps=None, every=None):
    """Return the `RunConfig` of flags of `train`, with other steps if they are given.

    Raises:
        UsageError: for a flag or a value that isn't valid.
    """
    from absl import flags as absl_flags

    values = absl_flags.FlagValues()
    flags.define_train(values)
    if steps:
        arguments = [*arguments, f"--steps={steps}", f"--eval_every={every}"]
    try:
        values(["train", *arguments])
    except absl_flags.Error as error:
        raise UsageError(" ".join(str(error).split())) from None
    return run_config(values)


def _notes(given, quick, runs):
    if quick:
        steps = sorted({run.config.steps for run in runs})
        yield (
            f"**Quick**: {', '.join(f'{n:,}' for n in steps)} steps and few seeds, to see that all "
            "runs; not the table's figures."
        )
    if given:
        flat = [f"--{k}={v}" for k in given for v in (given[k] if k == "hparam" else [given[k]])]
        yield f"With `{' '.join(flat)}`."
