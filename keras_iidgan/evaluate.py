"""Measure a saved run again, with other samples, metrics or another protocol.

python -m keras_iidgan.evaluate --run=runs/00000-iidgan-ring --eval_seed=7
python -m keras_iidgan.evaluate --run=runs/00001-iidgan-mnist --metrics=modes,kl,fid,inception_score
"""

import functools
import sys

from keras_iidgan import cli, flags
from keras_iidgan.cli import UsageError


def main(values):
    """Measure, print, and add `evaluation-<seed>.json` to the run folder."""
    _check(values)
    from keras_iidgan import features, figures, saved_run
    from keras_iidgan.files import to_json, write_atomically

    run = saved_run.load(values.run)
    if values.least_confidence is not None and run.data.kind != "images":
        raise UsageError(f"--least_confidence is of images; {run.data.name} has {run.data.kind}")
    found = figures.measure(
        run.model,
        run.data,
        samples=values.eval_samples or run.config.eval_samples or figures.default_samples(run.data),
        seed=values.eval_seed,
        threshold=values.mode_threshold or run.config.mode_threshold,
        names=values.metrics or None,
        least_confidence=values.least_confidence,
        make_extractor=functools.partial(
            features.make, values.features, run.data, inception_path=values.inception_path
        ),
    )
    step = int(run.model.step.numpy())
    path = run.path / f"evaluation-{values.eval_seed}.json"
    write_atomically(path, to_json({"step": step} | found, indent=1))
    for line in _left_out(found):
        print(line, file=sys.stderr)
    print(f"step {step:,}: {figures.one_line(found)}\nwritten to {path}")
    return 0


def _left_out(found):
    """Return a line for each reason for which metrics couldn't be had."""
    reasons = {}
    for name, reason in found.get("left_out", {}).items():
        reasons.setdefault(reason, []).append(name)
    return [f"{', '.join(names)}: left out: {reason}" for reason, names in reasons.items()]


def _check(values):
    from keras_iidgan import evaluation, features

    for name in ("eval_samples", "mode_threshold"):
        if values[name].value < 0:
            raise UsageError(f"--{name} must be at least 0; got {values[name].value}")
    if not 0 <= values.eval_seed < 2**32:
        raise UsageError(f"--eval_seed must be in [0, {2**32}); got {values.eval_seed}")
    for name in values.metrics:
        if name not in evaluation.METRICS:
            known = ", ".join(evaluation.METRICS)
            raise UsageError(f"--metrics must be some of {known}; got {name!r}")
    if values.least_confidence is not None and not 0 <= values.least_confidence <= 1:
        raise UsageError(f"--least_confidence must be in [0, 1]; got {values.least_confidence}")
    try:
        features.check_name(values.features)
    except ValueError as error:
        raise UsageError(f"--{error}") from None


if __name__ == "__main__":
    cli.run(main, flags.define_evaluate)
