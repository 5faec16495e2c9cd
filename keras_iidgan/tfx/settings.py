"""What a pipeline says of a training: `custom_config`, resolved to a `RunConfig`."""

import dataclasses

from keras_iidgan import cli, session
from keras_iidgan import data as datasets
from keras_iidgan.cli import UsageError
from keras_iidgan.run_config import RunConfig, run_config

KEYS = ("flagfile", "arguments", "flags", "shape", "model_name")
EXAMPLES = "examples"  # The name of data that are no data set of this package.
_ELSEWHERE = ("ai_platform_", "vertex_")  # Keys that TFX's own executors read.
_PLACES = ("run_dir", "runs_dir", "export_dir", "export", "resume", "dry_run", "data_dir")


@dataclasses.dataclass(frozen=True)
class Settings:
    """The settings of one training in a pipeline.

    Attributes:
        config: the `RunConfig`; its `dataset` is `EXAMPLES` where none was named.
        shape: of one sample, or None where the examples tell.
        model_name: the name that the model will be served under.
    """

    config: RunConfig
    shape: tuple[int, ...] | None
    model_name: str


def read(custom_config, *, run_dir, steps=None):
    """Resolve the settings of a training.

    Args:
        custom_config: a dict or None. `flagfile` is the path of a flag file; `arguments` a list of
            arguments of a command line; `flags` a dict, flag -> value, where `hparam` is a dict of
            its own; the later of the three wins. `shape` is a list, the shape of a sample, which
            raw bytes and images given as floats need; `model_name` a string.
        run_dir: where the run is kept.
        steps: training steps, which win over both; None or 0 leaves them.

    Raises:
        UsageError: for an unknown key, flag, method or data set, or a value that is refused.
    """
    given = dict(custom_config or {})
    unknown = [k for k in given if k not in KEYS and not k.startswith(_ELSEWHERE)]
    if unknown:
        raise UsageError(f"custom_config must have of {', '.join(KEYS)}; got {unknown[0]!r}")
    values = _parse(given, run_dir, steps)
    config = run_config(values)
    session.check_method(config)
    if not values["dataset"].present:
        config = dataclasses.replace(config, dataset=EXAMPLES)
    elif config.dataset not in datasets.names():
        known = ", ".join(datasets.names())
        raise UsageError(f"--dataset must be one of {known}, or left out; got {config.dataset!r}")
    return Settings(config, _shape(given.get("shape")), str(given.get("model_name", "model")))


def _parse(given, run_dir, steps):
    """Parse the flags of both places as a command line would."""
    from absl import flags as absl_flags

    from keras_iidgan import flags

    arguments = [f"--flagfile={given['flagfile']}"] if given.get("flagfile") else []
    arguments = cli.expand_flagfiles([*arguments, *given.get("arguments", ())])
    arguments += _as_arguments(given.get("flags") or {})
    values = absl_flags.FlagValues()
    flags.define_train(values)
    last = [f"--run_dir={run_dir}", "--noexport"] + ([f"--steps={steps}"] if steps else [])
    try:
        values(["custom_config", *arguments, *last])
    except absl_flags.Error as error:
        raise UsageError(f"custom_config: {' '.join(str(error).split())}") from None
    return values


def _as_arguments(flags):
    if not isinstance(flags, dict):
        raise UsageError(f"custom_config: flags must be a dict, flag -> value; got {flags!r}")
    for name, value in flags.items():
        if name in _PLACES:
            raise UsageError(f"custom_config: the pipeline itself sets {name}; got {value!r}")
        if name == "hparam":
            pairs = value.items() if isinstance(value, dict) else (v.split("=", 1) for v in value)
            yield from (f"--hparam={key}={each}" for key, each in pairs)
        elif value is not None:
            yield f"--{name}={value}"


def _shape(given):
    if given is None:
        return None
    is_list = isinstance(given, (list, tuple)) and given
    if not is_list or not all(isinstance(n, int) and n > 0 for n in given):
        raise UsageError(f"custom_config: shape must be a list of sizes above 0; got {given!r}")
    return tuple(given)
