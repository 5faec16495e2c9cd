"""The training flags, resolved and checked: a frozen `RunConfig`."""

import dataclasses

from keras_iidgan.cli import UsageError

SCHEDULES = ("constant", "cosine", "exponential")
DISTRIBUTIONS = ("auto", "none", "mirrored", "multi_worker")
PRECISIONS = ("none", "mixed_float16", "mixed_bfloat16")
JIT = ("auto", "true", "false")

# Flags that say where and how a run is carried out, not what it computes; a resumed run may
# change them.
_PLACES = frozenset({"runs_dir", "run_dir", "export_dir", "export", "resume", "dry_run"})


@dataclasses.dataclass(frozen=True)
class RunConfig:
    """The training flags, resolved: what a run computes and where it is kept.

    Attributes are the flags of the same names; `hparam` is a dict of parsed values.
    """

    method: str
    dataset: str
    std: str | None
    data_dir: str | None
    latent_dim: int
    architecture: str
    steps: int
    batch_size: int
    eval_every: int
    eval_samples: int
    mode_threshold: int
    learning_rate: float
    beta_1: float
    beta_2: float
    lr_schedule: str
    ema: float
    seed: int
    mixed_precision: str
    distribution: str
    jit_compile: str
    steps_per_execution: int
    runs_dir: str
    run_dir: str | None
    export_dir: str
    hparam: dict
    export: bool = True
    resume: bool | None = None
    dry_run: bool = False

    @property
    def computation(self):
        """The part of the configuration that the trained weights depend on, as a dict."""
        return {k: v for k, v in dataclasses.asdict(self).items() if k not in _PLACES}

    def flag_lines(self):
        """Return the lines of a flag file that sets this configuration."""
        lines = [
            f"--{k}={v}" for k, v in self.computation.items() if k != "hparam" and v is not None
        ]
        return lines + [f"--hparam={k}={v}" for k, v in self.hparam.items()]


def run_config(values):
    """Resolve parsed training flags.

    Args:
        values: parsed `FlagValues` of `define_train`.

    Returns:
        A `RunConfig`.

    Raises:
        UsageError: for a value out of range or an unknown name; names flag, rule and value.
    """
    given = {field.name: values[field.name].value for field in dataclasses.fields(RunConfig)}
    given["hparam"] = dict(_parse_hparam(item) for item in given["hparam"])
    given["export_dir"] = given["export_dir"] or "saved_models/{method}_{dataset}".format(**given)
    given["eval_every"] = min(given["eval_every"], given["steps"])
    config = RunConfig(**given)
    _check(config)
    return config


def _parse_hparam(item):
    name, equals, text = item.partition("=")
    if not (name and equals):
        raise UsageError(f"--hparam must be name=value; got {item!r}")
    for parse in (int, float):
        try:
            return name, parse(text)
        except ValueError:
            pass
    return name, {"true": True, "false": False}.get(text.lower(), text)


def schedule_parts(lr_schedule, learning_rate):
    """Split `--lr_schedule` into its name and final rate.

    Raises:
        UsageError: for an unknown schedule or a rate that isn't one.
    """
    name, _, text = lr_schedule.partition(":")
    _one_of("lr_schedule", name, SCHEDULES)
    default = {"constant": learning_rate, "cosine": 0.0, "exponential": learning_rate / 1000}[name]
    try:
        final = float(text) if text else default
    except ValueError:
        final = -1.0
    if not 0 <= final <= learning_rate or (name == "exponential" and final == 0):
        raise UsageError(
            f"--lr_schedule={name}:RATE needs a final rate in 0..{learning_rate:g}; got {text!r}"
        )
    return name, final


def _one_of(flag, value, known):
    if value not in known:
        raise UsageError(f"--{flag} must be one of {', '.join(known)}; got {value!r}")


def _check(config):
    _one_of("distribution", config.distribution, DISTRIBUTIONS)
    _one_of("mixed_precision", config.mixed_precision, PRECISIONS)
    _one_of("jit_compile", config.jit_compile, JIT)
    schedule_parts(config.lr_schedule, config.learning_rate)
    for name in ("steps", "batch_size", "eval_every", "mode_threshold"):
        _in_range(config, name, 1)
    for name in ("latent_dim", "eval_samples", "steps_per_execution", "seed"):
        _in_range(config, name, 0)
    for name in ("beta_1", "beta_2", "ema"):
        _in_range(config, name, 0, 1)
    if not 0 < config.learning_rate < float("inf"):
        raise UsageError(f"--learning_rate must be above 0; got {config.learning_rate}")
    per_call = config.steps_per_execution
    if per_call and (config.eval_every % per_call or config.steps % per_call):
        raise UsageError(
            f"--steps_per_execution must divide --eval_every={config.eval_every} and "
            f"--steps={config.steps}; got {per_call}"
        )


def _in_range(config, name, least, below=None):
    value = getattr(config, name)
    if value < least or (below is not None and not value < below):
        rule = f"at least {least}" if below is None else f"in [{least}, {below})"
        raise UsageError(f"--{name} must be {rule}; got {value}")
