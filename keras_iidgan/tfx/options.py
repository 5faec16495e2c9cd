"""The flags of a pipeline, checked: what its parts are made from."""

import dataclasses
import pathlib

from keras_iidgan import cli
from keras_iidgan.cli import UsageError
from keras_iidgan.tfx import settings, thresholds

RUNNERS = ("local", "kubeflow")
VALIDATORS = ("none", "docker", "kubernetes")


@dataclasses.dataclass(frozen=True)
class Options:
    """What a pipeline is made of; attributes are the flags of `define_tfx_pipeline`.

    `flags` holds the training's flags, flag file and all, as the list of arguments that they are:
    a compiled pipeline runs on other machines.
    """

    examples: str | None
    train_pattern: str
    eval_pattern: str
    dataset: str
    data_dir: str | None
    flags: tuple[str, ...]
    serving_dir: str
    pipeline_root: str
    pipeline_name: str
    metadata: str
    steps: int
    thresholds: str
    eval_samples: int
    figures: tuple[str, ...]
    transform: str | None
    tfma: bool
    infra_validator: str
    cache: bool
    runner: str
    out: str
    image: str | None
    beam: tuple[str, ...]

    @property
    def model_name(self):
        """The name that versions in `serving_dir` are served under."""
        return pathlib.PurePath(self.serving_dir).name


def read(values):
    """Check parsed flags.

    Args:
        values: parsed `FlagValues` of `define_tfx_pipeline`.

    Returns:
        `Options`.

    Raises:
        UsageError: for one that is missing, unknown, or names what isn't there.
    """
    for name in ("config", "serving_dir", "pipeline_root"):
        if not values[name].value:
            raise UsageError(f"--{name} must be given")
    _one_of("runner", values.runner, RUNNERS)
    _one_of("infra_validator", values.infra_validator, VALIDATORS)
    thresholds.parse(values.thresholds)
    is_local = values.runner == "local"
    if is_local and values.examples and not pathlib.Path(values.examples).is_dir():
        raise UsageError(f"--examples must be a folder of TFRecords; got {values.examples!r}")
    if values.transform and not pathlib.Path(values.transform).is_file():
        raise UsageError(f"--transform must be a Python file; got {values.transform!r}")
    if not is_local and not values.image:
        raise UsageError("--runner=kubeflow needs --image, a container with this package")
    return _options(values, is_local)


def _options(values, is_local):
    given = {field.name: values[field.name].value for field in _plain_fields()}
    flags = tuple(cli.expand_flagfiles([f"--flagfile={values.config}"]))
    settings.read({"arguments": flags}, run_dir="run")  # Now, and not after the data steps.
    if is_local:
        for name in ("examples", "serving_dir", "pipeline_root"):
            given[name] = given[name] and str(pathlib.Path(given[name]).absolute())
    metadata = given["metadata"] or f"{given['pipeline_root']}/metadata.sqlite"
    lists = {name: tuple(given[name]) for name in ("figures", "beam")}
    return Options(**{**given, **lists, "flags": flags, "metadata": metadata})


def _plain_fields():
    return [field for field in dataclasses.fields(Options) if field.name != "flags"]


def _one_of(flag, value, known):
    if value not in known:
        raise UsageError(f"--{flag} must be one of {', '.join(known)}; got {value!r}")
