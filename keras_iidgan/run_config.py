"""The training flags, resolved and checked: a frozen `RunConfig`."""

import dataclasses
import itertools

from keras_iidgan import optimizer_flag
from keras_iidgan.cli import UsageError

SCHEDULES = ("constant", "cosine", "exponential")
DISTRIBUTIONS = ("auto", "none", "mirrored", "multi_worker")
PRECISIONS = ("none", "mixed_float16", "mixed_bfloat16")
JIT = ("auto", "true", "false")

# Flags that say where and how a run is carried out, not what it computes; a resumed run may
# change them.
_PLACES = frozenset(
    {
        "runs_dir",
        "run_dir",
        "export_dir",
        "export",
        "refine_steps",
        "resume",
        "dry_run",
        "monitor_every",
        "monitor_budget",
        "stop_on_collapse",
    }
)


@dataclasses.dataclass(frozen=True)
class RunConfig:
    """The training flags, resolved: what a run computes and where it is kept.

    Attributes are the flags of the same names; `hparam` is a dict of parsed values.
    """

    method: str
    dataset: str
    std: str | None
    data_dir: str | None
    image_size: int
    train_size: int
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
    # Flags that came later have defaults: a run from before did what these say.
    flip: bool = False
    optimizer: str = "adam"
    export: bool = True
    refine_steps: int = 50
    monitor_every: int = 0
    monitor_budget: float = 0.02
    stop_on_collapse: int = 0
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
    given["export_dir"] = given["export_dir"] or default_export_dir(**given)
    given["eval_every"] = min(given["eval_every"], given["steps"])
    config = RunConfig(**given)
    _check(config)
    return config


def completed(stored):
    """Return a stored computation with the flags that came after it, at their defaults."""
    later = {
        field.name: field.default
        for field in dataclasses.fields(RunConfig)
        if field.default is not dataclasses.MISSING and field.name not in _PLACES
    }
    return later | stored


def default_export_dir(*, method, dataset, **_):
    """Return where a run's versions go unless it is told."""
    return f"saved_models/{method}_{dataset}"


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


def schedule_points(config):
    """Resolve `--lr_schedule` to its name and the points that it goes through.

    Args:
        config: a `RunConfig`.

    Returns:
        The schedule's name and a list of `(step, rate)`, from step 0 to the last one.

    Raises:
        UsageError: for an unknown schedule, or points that aren't rates in falling order.
    """
    name, _, text = config.lr_schedule.partition(":")
    _one_of("lr_schedule", name, SCHEDULES)
    rate = config.learning_rate
    default = {"constant": rate, "cosine": 0.0, "exponential": rate / 1000}[name]
    points = [(0.0, rate), *(_point(part) for part in text.split(",") if part)]
    if points[-1][0] != 1:
        points.append((1.0, default))
    falling = all(a[0] < b[0] and a[1] >= b[1] for a, b in itertools.pairwise(points))
    positive = points[-1][1] > 0 or name == "cosine"
    fits = {"constant": not text, "cosine": len(points) == 2, "exponential": True}[name]
    if not (falling and positive and fits):
        raise UsageError(
            f"--lr_schedule must be constant, cosine:RATE or exponential:RATE@SHARE,...,RATE with "
            f"rates that fall from --learning_rate={rate:g}; got {config.lr_schedule!r}"
        )
    return name, [(share * config.steps, rate) for share, rate in points]


def _point(part):
    """Read RATE@SHARE, the rate at a share of the run, or RATE for its end."""
    rate, at, share = part.partition("@")
    try:
        point = (float(share) if at else 1.0, float(rate))
    except ValueError:
        point = (0.0, 0.0)
    if not (0 < point[0] <= 1 and 0 <= point[1] < float("inf")):
        raise UsageError(f"--lr_schedule: a point must be RATE or RATE@SHARE; got {part!r}")
    return point


def _one_of(flag, value, known):
    if value not in known:
        raise UsageError(f"--{flag} must be one of {', '.join(known)}; got {value!r}")


def _check(config):
    _one_of("distribution", config.distribution, DISTRIBUTIONS)
    _one_of("mixed_precision", config.mixed_precision, PRECISIONS)
    _one_of("jit_compile", config.jit_compile, JIT)
    for name in ("steps", "batch_size", "eval_every", "mode_threshold"):
        _in_range(config, name, 1)
    for name in ("image_size", "train_size", "latent_dim", "eval_samples", "refine_steps"):
        _in_range(config, name, 0)
    _in_range(config, "steps_per_execution", 0)
    _in_range(config, "seed", 0, 2**32)
    for name in ("beta_1", "beta_2", "ema"):
        _in_range(config, name, 0, 1)
    if not 0 < config.learning_rate < float("inf"):
        raise UsageError(f"--learning_rate must be above 0; got {config.learning_rate}")
    _check_monitor(config)
    schedule_points(config)
    optimizer_flag.parse(config.optimizer)
    per_call = config.steps_per_execution
    if per_call and (config.eval_every % per_call or config.steps % per_call):
        raise UsageError(
            f"--steps_per_execution must divide --eval_every={config.eval_every} and "
            f"--steps={config.steps}; got {per_call}"
        )


def _check_monitor(config):
    for name in ("monitor_every", "stop_on_collapse"):
        _in_range(config, name, 0)
    _in_range(config, "monitor_budget", 0, 1)
    if config.stop_on_collapse and not config.monitor_every:
        raise UsageError(
            f"--stop_on_collapse must be 0 without --monitor_every; got {config.stop_on_collapse}"
        )
    if config.stop_on_collapse and config.distribution == "multi_worker":
        raise UsageError(
            "--stop_on_collapse must be 0 with --distribution=multi_worker, where the others would "
            f"wait; got {config.stop_on_collapse}"
        )


def _in_range(config, name, least, below=None):
    value = getattr(config, name)
    if value < least or (below is not None and not value < below):
        rule = f"at least {least}" if below is None else f"in [{least}, {below})"
        raise UsageError(f"--{name} must be {rule}; got {value}")
