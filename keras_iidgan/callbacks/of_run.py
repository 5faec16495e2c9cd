"""The callbacks of a run: what is measured, drawn, saved and logged, and when."""

import functools

import keras
import tensorflow as tf

from keras_iidgan import figures
from keras_iidgan.callbacks.curves import Curves
from keras_iidgan.callbacks.evaluation import Clock, Evaluate
from keras_iidgan.callbacks.guards import StopOnNonFinite
from keras_iidgan.callbacks.pictures import Pictures
from keras_iidgan.training import checkpoints

_EVALUATION_SEED = 1
_SHOWN = ("modes_covered", "high_quality", "reverse_kl")


def of_run(run, folder):
    """Return the callbacks of a training, in the order in which they have to act.

    Args:
        run: a `session.Run`, its model at the step where training goes on.
        folder: its `RunDir`.
    """
    config, model = run.config, run.model
    clock = Clock(checkpoints.seconds(folder.checkpoints, int(model.step.numpy())))
    writer = tf.summary.create_file_writer(str(folder.path / "tensorboard"))
    curves = Curves(writer, [turn.player for turn in model.turns])

    def record(found):
        found = found | {"seconds": clock.seconds}
        folder.append_metrics(found)
        curves.write(found)

    def due(step):
        return step % config.eval_every == 0 or step >= config.steps

    def save(epoch, logs):
        writer.flush()
        checkpoints.save(model, folder.checkpoints, seconds=clock.seconds)

    return [
        StopOnNonFinite(),
        clock,
        Evaluate(
            _measure(run),
            shown=_SHOWN,
            record=record,
            constants={f"{k}_floor": v for k, v in model.floors(config.batch_size).items()},
            due=due,
        ),
        Pictures(
            run.data,
            folder.pictures,
            summary_writer=writer,
            title=f"{config.method} on {config.dataset}",
            due=due,
        ),
        keras.callbacks.LambdaCallback(on_epoch_end=save),
    ]


def _measure(run):
    return functools.partial(
        figures.measure,
        data=run.data,
        samples=run.config.eval_samples or figures.default_samples(run.data),
        seed=_EVALUATION_SEED,
        threshold=run.config.mode_threshold,
    )
