"""Measure a saved run again, with other samples or another protocol.

python -m keras_iidgan.evaluate --run=runs/00000-iidgan-ring --eval_seed=7
"""

from keras_iidgan import cli, flags
from keras_iidgan.cli import UsageError


def main(values):
    """Measure, print, and add `evaluation-<seed>.json` to the run folder."""
    _check(values)
    from keras_iidgan import figures, saved_run
    from keras_iidgan.files import to_json, write_atomically

    run = saved_run.load(values.run)
    found = figures.measure(
        run.model,
        run.data,
        samples=values.eval_samples or run.config.eval_samples or figures.default_samples(run.data),
        seed=values.eval_seed,
        threshold=values.mode_threshold or run.config.mode_threshold,
    )
    step = int(run.model.step.numpy())
    path = run.path / f"evaluation-{values.eval_seed}.json"
    write_atomically(path, to_json({"step": step} | found, indent=1))
    print(f"step {step:,}: {figures.one_line(found)}\nwritten to {path}")
    return 0


def _check(values):
    for name in ("eval_samples", "mode_threshold"):
        if values[name].value < 0:
            raise UsageError(f"--{name} must be at least 0; got {values[name].value}")
    if not 0 <= values.eval_seed < 2**32:
        raise UsageError(f"--eval_seed must be in [0, {2**32}); got {values.eval_seed}")


if __name__ == "__main__":
    cli.run(main, flags.define_evaluate)
