"""What the collapse monitor costs: its share of the training time, within one run.

python tests/benchmarks/monitor_cost.py --dataset=ring --method=iidgan --steps=20000

takes every flag of `keras_iidgan.train`; nothing is exported. It prints the time of the looks, that
of the training without them, and their ratio, which --monitor_budget bounds, but for one look.
"""

import dataclasses
import tempfile

from keras_iidgan import cli, flags
from keras_iidgan.run_config import run_config


def main(values):
    """Train with the monitor, and print what it took."""
    from keras_iidgan import session
    from keras_iidgan.run_monitor import RECORDS

    with tempfile.TemporaryDirectory() as folder:
        config = dataclasses.replace(run_config(values), run_dir=folder)
        run = session.prepare(config)
        with session.opened(run) as opened:
            spacing = _train(run, opened)
            records = opened.path / RECORDS
            looks = len(records.read_text().splitlines()) if records.exists() else 0
    print(f"{looks} looks in {spacing.own:.3f} s beside {spacing.training:.1f} s of training")
    print(f"ratio {spacing.share:.4f}; budget {spacing.budget}")


def _train(run, opened):
    from keras_iidgan import run_callbacks, train
    from keras_iidgan.callbacks import CollapseMonitor

    listed = run_callbacks.run_callbacks(run, opened)
    (monitor,) = (c for c in listed if isinstance(c, CollapseMonitor))
    train.fit(run, listed, 0)
    return monitor.spacing


def define(values):
    """Define the flags of `train`, with the monitor on."""
    flags.define_train(values)
    values.set_default("monitor_every", 100)


if __name__ == "__main__":
    cli.run(main, define)
