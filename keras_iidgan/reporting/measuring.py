"""From a saved run to what a report says of it."""

import importlib.metadata
import json
import platform

from keras_iidgan import __version__, evaluation, features
from keras_iidgan.cli import UsageError
from keras_iidgan.diagnose import SAMPLES, diagnose
from keras_iidgan.reporting import pictures
from keras_iidgan.reporting.content import Report

LEAST = 30  # Samples that the diagnoses need.
_LIBRARIES = ("tensorflow", "keras", "numpy", "scipy", "scikit-learn", "matplotlib")


def measure(run, *, samples=0, seed=1, wanted=evaluation.DEFAULT, say=print, draws=True):
    """Measure a saved run in every way that it allows.

    Args:
        run: a `saved_run.SavedRun`.
        samples: N, generated; 0 is the run's own number. The diagnoses, which compare pairs of
            samples, use `diagnose.SAMPLES` of them at most.
        seed: of all that is drawn.
        wanted: of `evaluation.names()`.
        say: called with a line as each part begins.
        draws: whether pictures are needed.

    Returns:
        A `Report`.
    """
    samples = samples or run.config.eval_samples or evaluation.default_samples(run.data)
    say(f"measuring {samples:,} samples")
    extractor, left_out = _extractor(run.data)
    figures = evaluation.measure(
        run.model,
        run.data,
        samples=samples,
        seed=seed,
        threshold=run.config.mode_threshold,
        wanted=wanted,
        extractor=extractor and (lambda: extractor),
    )
    left_out |= figures.pop("unavailable", {})
    compared = min(samples, SAMPLES[run.data.kind])
    say(f"diagnosing {compared:,} samples")
    found = diagnose(run.model, run.data, samples=compared, seed=seed, extractor=extractor)
    left_out |= _left_out(found.notes)
    drawn = {}
    if draws:
        say("drawing pictures")
        drawn = {
            "pictures": pictures.of_model(run, found, seed),
            "lost_pictures": pictures.of_lost(run.data, found),
        }
    step = int(run.model.step.numpy())
    return Report(
        name=run.path.name,
        title=f"{run.config.method} on {run.config.dataset}, step {step:,}",
        verdict=found.verdict,
        findings=found.findings,
        figures=figures,
        groups=found.coverage.groups if found.coverage else (),
        rebuilt_groups=found.reconstruction.groups if found.reconstruction else (),
        records=tuple(_records(run.path)),
        players=tuple(dict.fromkeys(turn.player for turn in run.model.turns)),
        left_out=left_out,
        protocol=_protocol(run, step, seed, figures, found),
        settings=_settings(run.config.computation),
        environment=versions(),
        **drawn,
    )


def _records(folder):
    """Evaluations of a run that may still be going on, so its folder isn't locked for this."""
    path = folder / "metrics.jsonl"
    if not path.exists():
        return []
    try:
        return [json.loads(line) for line in path.read_text().splitlines()]
    except ValueError as error:
        raise UsageError(f"{path} is not valid JSON: {error}") from None


def _extractor(data):
    """The classifier as features where the data have one: pixels say little of what is shown."""
    if data.kind != "images":
        return None, {}
    try:
        return features.load("classifier", data), {}
    except features.Unavailable as error:
        return None, {"distances of features": f"{error}; they are distances of pixels"}


def _left_out(notes):
    """What a diagnosis left out -> why, from its notes "why: what"."""
    parts = (note.partition(": ") for note in notes)
    return {(what or why).removesuffix(" are left out"): why for why, _, what in parts}


def _protocol(run, step, seed, figures, found):
    stated = {
        "run": run.path.name,
        "step": step,
        "seed of the samples": seed,
        "generated samples measured": figures["protocol_samples"],
        "generated samples compared": len(found.generated),
        "test samples compared": len(found.real),
        "distances taken of": found.features,
    }
    said = ("samples", "seed", "std_ratio")
    for key, value in figures.items():
        name = key.removeprefix("protocol_")
        if name != key and name not in said and isinstance(value, int | float | str):
            stated[name.replace("_", " ")] = value
    return stated


def _settings(computation):
    """The settings of a training as `run.flags` has them, but numbers as numbers."""
    hparam = ", ".join(f"{key}={value}" for key, value in computation["hparam"].items())
    found = computation | {"hparam": hparam, "flip": str(computation["flip"])}
    return {key: value for key, value in found.items() if value is not None and value != ""}


def versions():
    """Return the versions of what computes the figures, name -> version."""
    found = {"keras_iidgan": __version__, "python": platform.python_version()}
    return found | {name: importlib.metadata.version(name) for name in _LIBRARIES}
