"""What the server's flags say of models: which ones, which versions, and how they are loaded."""

import functools
import gc
import logging
import pathlib

from keras_iidgan import cli
from keras_iidgan.cli import UsageError
from keras_iidgan.serving.errors import StatusError, invalid
from keras_iidgan.serving.registry import model_config, versions
from keras_iidgan.serving.registry.attempt import Options
from keras_iidgan.serving.registry.manager import Manager
from keras_iidgan.serving.registry.policy import ModelConfig


def manager(values, models, wrap=None):
    """Make the manager of a registry.

    Args:
        values: Parsed flags, see `flags.define_serve`.
        models: The `Models`.
        wrap: As for `loader.load`.

    Returns:
        A `Manager`, which has nothing to serve yet.
    """
    options = Options(
        values.max_num_load_retries,
        values.load_retry_interval_micros,
        values.allow_version_labels_for_unavailable_models,
    )
    return Manager(models, functools.partial(_load, values, wrap), options)


def configs(values, manager):
    """Find out what is to be served; all is checked that can be without TensorFlow.

    Args:
        values: Parsed flags.
        manager: The `Manager`.

    Returns:
        List of `ModelConfig`.

    Raises:
        UsageError: A flag, or the configuration file that it names, breaks a rule.
    """
    if not values.model_config_file:
        name = values.model_name or pathlib.Path(values.model or "").resolve().name
        return [ModelConfig(name, _find(values.model))]
    for flag in ("model", "model_name"):
        if getattr(values, flag):
            raise UsageError(
                f"--{flag} can't stand beside --model_config_file, which names the models;"
                f" got {getattr(values, flag)}"
            )
    try:
        return model_config.read(values.model_config_file, functools.partial(_check, manager))
    except ImportError:
        raise UsageError(
            "--model_config_file needs tensorflow-serving-api: pip install 'keras-iidgan[serving]';"
            f" got {values.model_config_file}"
        ) from None
    except ValueError as error:
        raise UsageError(f"--model_config_file must list models to serve; got {error}") from None


def _find(base):
    if not base:
        raise UsageError("--model must name a folder that holds <integer>/saved_model.pb; got none")
    try:
        versions.latest(base)
    except (ValueError, OSError) as error:
        raise UsageError(f"--{error}" if isinstance(error, ValueError) else str(error)) from None
    return base


def _check(manager, configs):
    """Refuse a file of which it is clear before the start that a model can't be served."""
    if not configs:
        raise invalid("Expected a model_config_list with a config; got none")
    manager.check_labels(configs)
    for config in configs:
        try:
            found = versions.find(config.base_path)
        except (ValueError, OSError) as error:
            raise invalid(f"base_path of {config.name} : {error}") from None
        if not config.policy.choose(found):
            raise invalid(
                f"No versions of servable {config.name} found under base path {config.base_path},"
                f" which the model_version_policy asks for"
            )


def _load(values, wrap, path):
    from keras_iidgan.serving.loading import loader

    iterations = values.num_request_iterations_for_warmup
    return loader.load(path, values.enable_model_warmup, iterations, wrap)


def load(values, manager, configs):
    """Import TensorFlow and load the models.

    Args:
        values: Parsed flags.
        manager: The `Manager`.
        configs: List of `ModelConfig`.

    Raises:
        UsageError: A model has no version that can be served.
    """
    cli.import_tensorflow()
    from keras_iidgan.serving.loading import loader  # noqa: F401

    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    # TensorFlow is a million objects. Out of the garbage collector's sight, they are not gone
    # through again for every large body: 64 images take a sixth of the time. What a model is made
    # of comes later and can be freed.
    gc.freeze()
    try:
        manager.configure(configs)
    except StatusError as error:
        if values.model_config_file:
            raise UsageError(
                "--model_config_file must list models that can be served; got"
                f" {values.model_config_file}: {error.message}"
            ) from None
        version, path = versions.latest(values.model)
        reason = manager.errors(configs[0].name).get(version, error).message
        raise UsageError(
            f"--model must hold a SavedModel that can be served; got {path}: {reason}"
        ) from None
