"""What refuses a comparison before anything runs: every configuration is built once."""

from keras_iidgan import cli, rundir, session
from keras_iidgan.cli import UsageError


def check(runs):
    """Load the data and build the networks of every configuration that differs by more than a seed.

    Args:
        runs: of a comparison.

    Raises:
        UsageError: for what `train` would refuse, and for a run folder that holds another run;
            names the row.
    """
    cli.import_tensorflow()
    import keras
    import tensorflow as tf

    # The runs are to have the accelerators, and their memory.
    tf.config.set_visible_devices([], "GPU")
    seen = set()
    for run in runs:
        try:
            rundir.check_same(run.folder, run.config, other="--out")
            if (key := _key(run.config)) in seen:
                continue
            seen.add(key)
            session.check_names(run.config)
            session.build_model(run.config, session.load_data(run.config))
        except UsageError as error:
            raise UsageError(f"{run.row.key}: {error}") from None
        keras.utils.clear_session()


def _key(config):
    """What the refusals of a configuration depend on."""
    apart = {"seed", "steps", "eval_every", "lr_schedule", "learning_rate"}
    return tuple((k, str(v)) for k, v in config.computation.items() if k not in apart)
