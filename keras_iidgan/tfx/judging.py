"""Measure an exported model on a pipeline's examples, and hold it against thresholds."""

import dataclasses
import pathlib
from typing import Any

from keras_iidgan import evaluation
from keras_iidgan.cli import UsageError
from keras_iidgan.files import read_json, to_json, write_atomically
from keras_iidgan.run_config import RunConfig, completed
from keras_iidgan.tfx import samples
from keras_iidgan.tfx.settings import Settings

# The questions about F(x) that ask whether codes are an IID sample of N(0, I). That of their
# order isn't among them: the order of examples is what Beam made of it, not the model.
_IID = ("gaussian", "shape", "dimensions")


@dataclasses.dataclass(frozen=True)
class Judgement:
    """What was found of a model.

    Attributes:
        figures: flat dict of what thresholds may name: those of `evaluation.measure`, the effect of
            every finding, `coverage`, the share of the real data that the model reaches, and
            `iid_departures`, how many findings say that F(x) isn't an IID sample of N(0, I).
        outcomes: threshold, as text -> what came of it, in words.
        is_blessed: whether all of them are met.
        page: the report as an HTML document.
    """

    figures: dict
    outcomes: dict
    is_blessed: bool
    page: str


def judge(model_dir, run_dir, train, test, rules, *, count=0, seed=1, figures=(), **source):
    """Measure the model that would be pushed.

    Args:
        model_dir: folder with its `saved_model.pb`.
        run_dir: folder of the run that made it.
        train: globs of the training examples.
        test: globs of the examples that codes and samples are compared with.
        rules: list of `thresholds.Threshold`.
        count: samples to draw; 0 is the run's number.
        seed: of the samples.
        figures: more of `evaluation.names()` to measure, such as `fid`.
        source: `schema` and `accessor`, as of `reading.read`.

    Returns:
        A `Judgement`.

    Raises:
        UsageError: if there is no such model or run, or the examples can't be read.
    """
    unknown = sorted(set(figures) - set(evaluation.names()))
    if unknown:
        known = ", ".join(evaluation.names())
        raise UsageError(f"figures must be of {known}; got {unknown[0]!r}")
    run = load(model_dir, run_dir, train, test, **source)
    from keras_iidgan.reporting import measuring, page

    wanted = tuple(dict.fromkeys((*evaluation.DEFAULT, *figures)))
    report = measuring.measure(run, samples=count, seed=seed, wanted=wanted)
    found = all_figures(report)
    outcomes = {f"threshold {rule}": rule.outcome(found) for rule in rules}
    shown = dataclasses.replace(report, protocol={**outcomes, **report.protocol})
    return Judgement(found, outcomes, all(rule.is_met(found) for rule in rules), page(shown))


@dataclasses.dataclass(frozen=True)
class _Run:
    """What a report is made from; see `saved_run.SavedRun`."""

    path: pathlib.Path
    config: RunConfig
    data: Any
    model: Any


def load(model_dir, run_dir, train, test, **source):
    """Put an exported model, its run and a pipeline's examples together.

    Raises:
        UsageError: if there is no such model or run, or the examples can't be read.
    """
    from keras_iidgan.tfx.exported import ExportedModel

    run_dir = pathlib.Path(run_dir)
    stored = completed(read_json(run_dir / "config.json"))
    places = {"runs_dir": str(run_dir.parent), "run_dir": str(run_dir), "export_dir": model_dir}
    config = RunConfig(**stored, **places)
    shape = read_json(run_dir / "shape.json")
    settings = Settings(config, tuple(shape), "model")
    data = samples.load(settings, train, test, **source)
    return _Run(run_dir, config, data, ExportedModel(model_dir, data, config.steps))


def all_figures(report):
    """Return a flat dict of everything that thresholds may name.

    Args:
        report: a `reporting.Report`.
    """
    found = {k: v for k, v in report.figures.items() if isinstance(v, int | float)}
    found |= report.findings.figures()
    found["coverage"] = report.verdict.coverage
    codes = [finding for finding in report.findings if finding.group in _IID]
    if codes:
        found["iid_departures"] = sum(finding.matters for finding in codes)
    return found


def write(found, folder, page, figures):
    """Write the page and the figures into a folder.

    Args:
        found: a `Judgement`.
        folder: where to; made if it is missing.
        page: name of the HTML file.
        figures: name of the JSON file.
    """
    said = {"is_blessed": found.is_blessed, "outcomes": found.outcomes, "figures": found.figures}
    write_atomically(pathlib.Path(folder) / page, found.page)
    write_atomically(pathlib.Path(folder) / figures, to_json(said, indent=1))


def write_blessing(found, folder):
    """Leave the empty file by which other tools than Pusher see a blessing.

    Args:
        found: a `Judgement`.
        folder: the blessing's own.
    """
    name = "BLESSED" if found.is_blessed else "NOT_BLESSED"
    write_atomically(pathlib.Path(folder) / name, "")
