"""What every contender trains: the ring of the README's first command, read from its flag file."""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))


def config():
    """Return the `RunConfig` of configs/iidgan_ring.flags, without noise on what D sees."""
    from absl import flags as absl_flags

    from keras_iidgan import cli, flags
    from keras_iidgan.run_config import run_config

    values = absl_flags.FlagValues()
    flags.define_train(values)
    flagfile = ROOT / "configs" / "iidgan_ring.flags"
    given = [*cli.expand_flagfiles([f"--flagfile={flagfile}"]), "--hparam=instance_noise=0"]
    values(["benchmark", *given])
    return run_config(values)
