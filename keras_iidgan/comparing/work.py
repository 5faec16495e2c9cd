"""One run of a comparison, in a process of its own: train it, and measure it at the end.

`compare` starts it; the flags are those of `train` and two more.
"""

import os
import pathlib

from keras_iidgan import cli, evaluate, flags, train
from keras_iidgan.comparing.records import DIVERGED
from keras_iidgan.files import to_json, write_atomically


def main(values):
    """Train, evaluate, or write down that the run diverged; returns the exit code."""
    if values.cores and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(core) for core in values.cores})  # Before threads are made.
    folder = pathlib.Path(values.run_dir)
    try:
        code = train.main(values)
    except train.Diverged as error:
        write_atomically(folder / DIVERGED, to_json({"diverged": str(error)}))
        print(f"diverged: {error}")
        return 0
    if code or not values.evaluate or not (folder / "summary.json").exists():
        return code
    return evaluate.main(_evaluate_values(folder, values.evaluate))


def _evaluate_values(folder, arguments):
    from absl import flags as absl_flags

    values = absl_flags.FlagValues()
    flags.define_evaluate(values)
    values(["evaluate", f"--run={folder}", *arguments])
    return values


if __name__ == "__main__":
    cli.run(main, flags.define_work)
