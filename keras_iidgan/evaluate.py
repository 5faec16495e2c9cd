"""Measure a saved run again, with other samples or another protocol.

python -m keras_iidgan.evaluate --run=runs/00000-iidgan-ring --eval_seed=7
"""

import json

from keras_iidgan import cli, flags


def main(values):
    """Measure, print, and add `evaluation-<seed>.json` to the run folder."""
    from keras_iidgan import figures, saved_run
    from keras_iidgan.files import write_atomically

    run = saved_run.load(values.run)
    found = figures.measure(
        run.model,
        run.data,
        samples=values.eval_samples or run.config.eval_samples or figures.default_samples(run.data),
        seed=values.eval_seed,
        threshold=values.mode_threshold,
    )
    step = int(run.model.step.numpy())
    path = run.path / f"evaluation-{values.eval_seed}.json"
    write_atomically(path, json.dumps({"step": step} | found, indent=1))
    print(f"step {step:,}: {figures.one_line(found)}\nwritten to {path}")
    return 0


if __name__ == "__main__":
    cli.run(main, flags.define_evaluate)
