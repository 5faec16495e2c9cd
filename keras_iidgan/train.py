"""Train a method on a data set, measure it, and export it for serving.

python -m keras_iidgan.train --flagfile=configs/iidgan_ring.flags
"""

import pathlib
import sys

from keras_iidgan import cli, files, flags
from keras_iidgan.cli import UsageError
from keras_iidgan.run_config import run_config


class Diverged(UsageError):
    """A loss or a weight isn't finite: the run can't go on."""


def main(values):
    """Run one training from parsed flags; returns the exit code."""
    config = run_config(values)
    from keras_iidgan import describe, export, session

    run = session.prepare(config)
    if config.dry_run:
        print(describe.describe(run))
        return 0
    if not run.is_chief:
        return _work(run)
    if config.export:
        export.check_writable(config.export_dir)
    with session.opened(run) as folder:
        if folder.is_finished:
            print(f"{folder.path} is finished:\n{(folder.path / 'summary.json').read_text()}")
            return 0
        code = continue_run(run, folder)
        return _finish(run, folder) if code is None else code


def continue_run(run, folder):
    """Fit from the newest checkpoint to the last step.

    Args:
        run: a `session.Run`.
        folder: its `RunDir`.

    Returns:
        None at the last step, an exit code if a signal stopped it before.

    Raises:
        UsageError: if the run diverges, or its folder can't be written.
    """
    import tensorflow as tf

    from keras_iidgan import callbacks, run_callbacks, run_monitor
    from keras_iidgan.training import checkpoints

    start = checkpoints.restore(run.model, folder.checkpoints)
    folder.forget_after(start)
    if start:
        print(f"continuing {folder.path} at step {start:,} of {run.config.steps:,}")
    else:
        print(f"training {run.config.method} on {run.config.dataset} in {folder.path}")
    with callbacks.StopOnSignal() as stop:
        try:
            listed = run_callbacks.run_callbacks(run, folder)
            fit(run, [stop, *listed], start)
        except ArithmeticError as error:  # A loss or a weight that isn't finite.
            raise Diverged(
                f"{error}; {_kept(folder)}. A smaller --learning_rate often helps"
            ) from None
        except (OSError, tf.errors.OpError) as error:
            if not isinstance(error, OSError) and not files.is_of_disk(error):
                raise
            raise UsageError(
                f"the run folder {folder.path} can't be written: {files.reason(error)}; "
                f"{_kept(folder)}"
            ) from None
    if not stop.received:
        return _say_collapsed(run_monitor.stopped(listed), folder)
    step = int(run.model.step.numpy())
    print(f"\nstopped by {stop.received.name} at step {step:,}; the same command continues")
    return 130 if stop.received.name == "SIGINT" else 0


def _say_collapsed(reason, folder):
    """Say that the monitor ended training, and return the exit code; None if it didn't."""
    if not reason:
        return None
    print(
        f"\n{reason}; the best weights are in {folder.path / 'best'}. Without --stop_on_collapse "
        "the same command continues"
    )
    return 1


def _kept(folder):
    """Say where an early end leaves the run."""
    from keras_iidgan.training import checkpoints

    newest = checkpoints.newest(folder.checkpoints)
    return f"the last good checkpoint is {newest}" if newest else "no checkpoint was saved yet"


def _work(run):
    """Train along with the chief of a cluster, which alone writes files; returns the exit code."""
    from keras_iidgan import callbacks
    from keras_iidgan.training import checkpoints

    start = checkpoints.restore(run.model, pathlib.Path(run.config.run_dir) / "checkpoints")
    fit(run, [callbacks.StopOnNonFinite()], start)
    return 0


def fit(run, listed, start):
    """Call Keras' `fit`, an epoch being the steps between two evaluations.

    Args:
        run: a `session.Run`.
        listed: the callbacks.
        start: the steps that were taken before.
    """
    config, every = run.config, run.config.eval_every
    step = start
    while step < config.steps and not getattr(run.model, "stop_training", False):
        # A run that was stopped inside an epoch first completes it; a last one may be short.
        length = min(every - step % every, config.steps - step)
        epochs = 1 if step % every or length < every else (config.steps - step) // every
        first = step // every
        run.model.fit(
            run.batches(step),
            steps_per_epoch=length,
            initial_epoch=first,
            epochs=first + epochs,
            callbacks=listed,
            shuffle=False,
            verbose=1 if sys.stdout.isatty() else 2,
        )
        step += length * epochs


def _finish(run, folder):
    """Export, write the summary, and say how to look at the run and serve it."""
    from keras_iidgan import export

    def publish():
        return export.export(run.model, run.config.export_dir, run.config.refine_steps)

    summary, version = finish(run, folder, publish if run.config.export else None)
    print("\n" + "\n".join(_last_lines(summary, folder, version)))
    return 0


def finish(run, folder, publish=None):
    """Write the trained model, export it, and write the summary, which marks a run as finished.

    Args:
        run: a `session.Run` at its last step.
        folder: its `RunDir`.
        publish: a function without arguments that exports the model and returns where to.

    Returns:
        The summary, a dict, and what `publish` returned.
    """
    with files.aside(folder.path / "model.keras") as path:
        run.model.save(path)
    version = publish() if publish else None
    summary = _summary(run.config, folder.metrics()[-1], version)
    folder.write("summary.json", files.to_json(summary, indent=1))
    return summary, version


def _summary(config, last, version):
    figures = {k: v for k, v in last.items() if k not in ("step", "seconds")}
    return {
        "method": config.method,
        "dataset": config.dataset,
        "steps": config.steps,
        "seed": config.seed,
        "seconds": last["seconds"],
        "steps_per_second": config.steps / max(last["seconds"], 1e-9),
        **figures,
        "export": version and str(version),
    }


def _last_lines(summary, folder, version):
    from keras_iidgan import evaluation

    yield evaluation.one_line(summary)
    yield f"run folder   {folder.path}"
    python = cli.python()
    yield f"pictures     {folder.pictures}"
    yield f"curves       {python} -m tensorboard.main --logdir={folder.path}"
    if version is None:
        return
    yield f"exported     {version}"
    yield (
        f"serve it     {python} -m keras_iidgan.serve --model={version.parent} --rest_api_port=8501"
    )
    yield (
        """sample it    curl -d '{"signature_name":"sample","inputs":{"seed":[1,2,3]}}' """
        f"localhost:8501/v1/models/{version.parent.name}:predict"
    )


if __name__ == "__main__":
    cli.run(main, flags.define_train)
