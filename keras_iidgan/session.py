"""From a `RunConfig` to what training needs: data, strategy, model, batches and a run folder."""

import contextlib
import dataclasses
import math
import re
from collections.abc import Callable
from typing import Any

from keras_iidgan import cli, methods, networks, optimizer_flag
from keras_iidgan import data as datasets
from keras_iidgan.cli import UsageError
from keras_iidgan.run_config import schedule_points
from keras_iidgan.rundir import open_run

# Arguments of data sets and methods that are flags of the same name.
_FLAGS = "hparam architecture latent_dim batch_size ema std data_dir image_size flip".split()
# Steps per call: XLA loops over small networks gain from many, other forms little.
_STEPS_PER_CALL = {True: 200, False: 10}


@dataclasses.dataclass(frozen=True)
class Run:
    """A prepared training.

    Attributes:
        config: the `RunConfig`.
        data: the `Data`.
        model: the compiled `Method`.
        batches: function from a first step to the dataset of batches from there.
        is_chief: whether this process writes files.
    """

    config: Any
    data: Any
    model: Any
    batches: Callable
    is_chief: bool


def prepare(config, data=None):
    """Load the data, and build and compile the model.

    Args:
        config: a `RunConfig`.
        data: a `Data` to train on; None loads the one that the configuration names.

    Raises:
        UsageError: for an unknown name, or a value that data set, method or machine refuse.
    """
    check_method(config)
    if data is None:
        _check_named("dataset", config.dataset, datasets.names())
    cli.import_tensorflow()
    import keras

    from keras_iidgan.training import pipeline, strategy

    distribution = strategy.make(config.distribution)  # First: it must find TensorFlow unused.
    data = load_data(config) if data is None else data
    _check_flip(config, data)
    if config.mixed_precision != "none":
        keras.config.set_dtype_policy(config.mixed_precision)
    strategy.check_batch_size(config.batch_size, distribution)
    if not strategy.is_chief(distribution) and not config.run_dir:
        raise UsageError("--distribution=multi_worker needs a --run_dir that every worker can read")
    with distribution.scope() if distribution else contextlib.nullcontext():
        model = build_model(config, data)
        _compile(model, config)
    _check_batch(config, data, model.pack)

    def batches(first_step):
        return pipeline.batches(
            data.train,
            config.batch_size * model.pack,
            per_step=model.batches_per_step,
            labels=data.labels if model.is_conditional else None,
            flip=config.flip,
            seed=config.seed,
            first_step=first_step,
            strategy=distribution,
        )

    return Run(config, data, model, batches, strategy.is_chief(distribution))


def check_method(config):
    """Raise UsageError, which names the known ones, for an unknown method."""
    _check_named("method", config.method, methods.names())


def _check_named(flag, value, known):
    if value not in known:
        raise UsageError(f"--{flag} must be one of {', '.join(known)}; got {value!r}")


def _check_flip(config, data):
    if config.flip and data.kind != "images":
        raise UsageError(f"--flip must be false for {config.dataset}, which isn't images; got true")


def load_data(config):
    """Load a run's data set.

    Raises:
        UsageError: for a preset or folder that it doesn't know.
    """
    try:
        return datasets.load(
            config.dataset,
            seed=config.seed,
            std=config.std,
            size=config.train_size or None,
            data_dir=config.data_dir,
            image_size=config.image_size or None,
        )
    except ValueError as error:
        raise _naming_flag(error, config, f"--dataset={config.dataset}") from None


def _check_batch(config, data, pack):
    most = len(data.train) // pack
    if config.batch_size > most:
        packs = f", for packs of {pack}" if pack > 1 else ""
        raise UsageError(
            f"--batch_size must be at most {most}, the size of {config.dataset}{packs}; "
            f"got {config.batch_size}"
        )


def build_model(config, data):
    """Build a run's model, uncompiled, its initial weights a function of the seed.

    Raises:
        UsageError: for a hyperparameter, architecture or size that is refused.
    """
    import keras
    import tensorflow as tf

    if methods.get(config.method).is_conditional and data.num_classes < 2:
        raise UsageError(
            f"--method={config.method} needs data of two classes or more; {config.dataset} has "
            f"{data.num_classes or 'no labels'}"
        )
    keras.utils.set_random_seed(config.seed)
    try:
        model = methods.create(
            config.method,
            data_shape=data.shape,
            latent_dim=config.latent_dim or networks.latent_dim(config.architecture, data.shape),
            architecture=config.architecture,
            ema=config.ema,
            num_classes=data.num_classes,
            seed=config.seed,
            **config.hparam,
        )
        model.check_data(data.train)
        model.floors(config.batch_size)
    except (ValueError, TypeError) as error:
        raise _naming_flag(error, config, f"--method={config.method}") from None
    except (MemoryError, tf.errors.ResourceExhaustedError):
        raise UsageError(
            f"--latent_dim and --architecture must make networks that fit into memory; "
            f"got {config.latent_dim} and {config.architecture}"
        ) from None
    return model


def _naming_flag(error, config, otherwise):
    """Turn an error whose message begins with its argument into one that begins with the flag."""
    argument = re.match(r"\w*", str(error))[0]
    if argument in _FLAGS:
        return UsageError(f"--{error}")
    if argument == "size":
        return UsageError(f"--train_{error}")
    if argument in methods.hparams(config.method):
        return UsageError(f"--hparam {error}")
    return UsageError(f"{otherwise}: {error}")


def _compile(model, config):
    from keras_iidgan.training import schedules

    def schedule(factor):
        name, points = schedule_points(config)
        points = [(step, rate * factor) for step, rate in points or ()]
        return schedules.named(name, points, otherwise=config.learning_rate * factor)

    repeats = {turn.player: turn.repeats for turn in model.turns}
    optimizer = optimizer_flag.make(config, schedule, repeats)
    jit = {"auto": "auto", "true": True, "false": False}[config.jit_compile]
    model.compile(optimizer, jit_compile=jit)
    most = steps_per_call(model)
    common = math.gcd(config.eval_every, config.steps)
    chosen = max(k for k in range(1, most + 1) if common % k == 0)
    model.steps_per_execution = config.steps_per_execution or chosen


def steps_per_call(model):
    """Return how many steps of a compiled model go into one call, where they divide an epoch."""
    return _STEPS_PER_CALL[bool(model.jit_compile)]


@contextlib.contextmanager
def opened(run):
    """Open the run's folder for writing, and let go of it at the end."""
    folder = open_run(run.config)
    try:
        yield folder
    finally:
        folder.close()
