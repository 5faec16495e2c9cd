"""What the collapse monitor costs: its share of the training time, within one run.

python tests/benchmarks/monitor_cost.py --dataset=ring --method=iidgan --steps=20000

takes every flag of `keras_iidgan.train`; nothing is exported. It prints the time of the looks, that of
the training without them, and their ratio, which --monitor_budget is to bound but for one look.
"""

import tempfile

from keras_iidgan import cli, flags
from keras_iidgan.run_config import run_config


def main(values):
    """Train with the monitor, and print what it took."""
    from keras_iidgan import run_callbacks, session, train
    from keras_iidgan.callbacks import CollapseMonitor

    run = session.prepare(run_config(values))
    with tempfile.TemporaryDirectory() as folder:
        values.run_dir = folder
        with session.opened(run) as opened:
            listed = run_callbacks.run_callbacks(run, opened)
            (monitor,) = (c for c in listed if isinstance(c, CollapseMonitor))
            train.fit(run, listed, 0)
            looks = len((opened.path / "monitor.jsonl").read_text().splitlines())
    spacing = monitor.spacing
    print(
        f"{looks} looks of {spacing.own / looks:.3f} s each in {spacing.training:.1f} s of training"
    )
    print(f"ratio {spacing.share:.4f}, budget {spacing.budget}")


def define(values):
    """Define the flags of `train`, with the monitor on."""
    flags.define_train(values)
    values["monitor_every"].using_default_value = False
    values["monitor_every"].value = 100


if __name__ == "__main__":
    cli.run(main, define)
