"""The callbacks of a run: what is measured, drawn, saved and logged, and when."""

import functools

import keras
import tensorflow as tf

from keras_iidgan import callbacks, evaluation, run_monitor
from keras_iidgan.training import checkpoints

_EVALUATION_SEED = 1
_SHOWN = ("modes_covered", "high_quality", "reverse_kl")


def run_callbacks(run, folder):
    """Return the callbacks of a training, in the order in which they have to act.

    Args:
        run: a `session.Run`, its model at the step where training goes on.
        folder: its `RunDir`.
    """
    config, model = run.config, run.model
    clock = callbacks.Clock(checkpoints.seconds(folder.checkpoints, int(model.step.numpy())))
    writer = tf.summary.create_file_writer(str(folder.path / "tensorboard"))
    curves = callbacks.Curves(writer, [turn.player for turn in model.turns])

    def record(found):
        found = found | {"seconds": clock.seconds}
        folder.append_metrics(found)
        curves.write(found)

    def due(step):
        return step % config.eval_every == 0 or step >= config.steps

    def save(epoch, logs):
        writer.flush()
        checkpoints.save(model, folder.checkpoints, seconds=clock.seconds)

    monitor = run_monitor.make(run, folder, curves.write)
    return [
        callbacks.StopOnNonFinite(),
        clock,
        callbacks.Evaluate(
            _measure(run),
            shown=_SHOWN,
            record=record,
            constants={f"{k}_floor": v for k, v in model.floors(config.batch_size).items()},
            due=due,
        ),
        callbacks.Pictures(
            run.data,
            folder.pictures,
            summary_writer=writer,
            title=f"{config.method} on {config.dataset}",
            due=due,
        ),
        # After `Evaluate`, whose record is of what a seed determines.
        *([monitor] if monitor else []),
        keras.callbacks.LambdaCallback(on_epoch_end=save),
    ]


def _measure(run):
    return functools.partial(
        evaluation.measure,
        data=run.data,
        samples=run.config.eval_samples or evaluation.default_samples(run.data),
        seed=_EVALUATION_SEED,
        threshold=run.config.mode_threshold,
    )
