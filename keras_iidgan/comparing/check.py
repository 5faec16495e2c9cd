"""What refuses a comparison before anything runs: every configuration is prepared once."""

import contextlib
import dataclasses

from keras_iidgan import cli, rundir, session
from keras_iidgan.cli import UsageError
from keras_iidgan.comparing import records


def check_folders(runs):
    """Refuse run folders and figures of another configuration.

    Args:
        runs: of a comparison whose figures are in its own folder.

    Raises:
        UsageError: names the row and what differs.
    """
    for run in runs:
        try:
            rundir.check_same(run.folder, run.config, other="--out")
            records.check_same(run)
        except UsageError as error:
            raise UsageError(f"{run.row.key}: {error}") from None


def check(runs):
    """Prepare every configuration that differs by more than a seed, as `train --dry_run` does.

    Args:
        runs: of comparisons.

    Raises:
        UsageError: for what `train` would refuse; names the row.
    """
    cli.import_tensorflow()
    import keras
    import tensorflow as tf

    with contextlib.suppress(RuntimeError):  # In use already, as in a notebook.
        # The runs are to have the accelerators, and their memory.
        tf.config.set_visible_devices([], "GPU")
    policy, seen = keras.config.dtype_policy(), set()
    for run in runs:
        try:
            if (key := _key(run.config)) not in seen:
                seen.add(key)
                session.prepare(dataclasses.replace(run.config, distribution="none"))
        except UsageError as error:
            raise UsageError(f"{run.row.key}: {error}") from None
        finally:
            keras.config.set_dtype_policy(policy)
            keras.utils.clear_session()


def _key(config):
    """What the refusals of a configuration depend on."""
    apart = {"seed", "steps", "eval_every", "lr_schedule", "learning_rate"}
    return tuple((k, str(v)) for k, v in config.computation.items() if k not in apart)
