"""Measure a saved run again, with other samples or another protocol.

    python -m keras_iidgan.evaluate --run=runs/00000-iidgan-ring --eval_seed=7
    python -m keras_iidgan.evaluate --run=FOLDER --metrics=modes,kl,fid,inception_score

What can't be had, such as Inception's features without a network, is said, and the rest measured.
"""

import sys

from keras_iidgan import cli, flags
from keras_iidgan.cli import UsageError


def main(values):
    """Measure, print, and add `evaluation-<seed>.json` (or `-best-<seed>`) to the run folder."""
    _check(values)
    from keras_iidgan import evaluation, features, saved_run
    from keras_iidgan.files import to_json, write_atomically

    _check_names(values, evaluation.names(), features)
    run = saved_run.load(values.run, values.checkpoint)
    samples = values.eval_samples or run.config.eval_samples
    found = evaluation.measure(
        run.model,
        run.data,
        samples=samples or evaluation.default_samples(run.data),
        seed=values.eval_seed,
        threshold=values.mode_threshold or run.config.mode_threshold,
        wanted=tuple(values.metrics) or evaluation.DEFAULT,
        extractor=lambda: features.load(
            values.features, run.data, inception_path=values.inception_path
        ),
        least_confidence=values.least_confidence,
    )
    for name, reason in found.get("unavailable", {}).items():
        print(f"left out {name}: {reason}", file=sys.stderr)
    step = int(run.model.step.numpy())
    which = "best-" if values.checkpoint == "best" else ""
    path = run.path / f"evaluation-{which}{values.eval_seed}.json"
    write_atomically(path, to_json(_kept(path, {"step": step} | found), indent=1))
    print(f"step {step:,}: {evaluation.one_line(found)}\nwritten to {path}")
    return 0


def _kept(path, found):
    """Add figures that an earlier call measured of the same samples by the same protocol."""
    from keras_iidgan.files import read_json

    try:
        before = read_json(path)
    except UsageError:  # There is none, or a broken one.
        return found
    stated = [key for key in before if key == "step" or key.startswith("protocol_")]
    if any(before[key] != found.get(key, before[key]) for key in stated):
        return found
    reasons = before.pop("unavailable", {}) | found.get("unavailable", {})
    merged = before | found
    reasons = {name: reason for name, reason in reasons.items() if name not in found}
    return merged | ({"unavailable": reasons} if reasons else {})


def _check_names(values, known, features):
    for name in values.metrics:
        if name not in known:
            raise UsageError(f"--metrics must be of {', '.join(known)}; got {name!r}")
    try:
        features.check_name(values.features)
    except ValueError as error:
        raise UsageError(f"--{error}") from None


def _check(values):
    for name in ("eval_samples", "mode_threshold"):
        if values[name].value < 0:
            raise UsageError(f"--{name} must be at least 0; got {values[name].value}")
    if values.least_confidence is not None and not 0 <= values.least_confidence <= 1:
        raise UsageError(f"--least_confidence must be in [0, 1]; got {values.least_confidence}")
    if not 0 <= values.eval_seed < 2**32:
        raise UsageError(f"--eval_seed must be in [0, {2**32}); got {values.eval_seed}")


if __name__ == "__main__":
    cli.run(main, flags.define_evaluate)
