"""TensorFlow Serving's model configuration: which models a server has, of which versions.

The file is a `ModelServerConfig` in protobuf's text format, whose message is in
tensorflow-serving-api.
"""

import pathlib
import re

from keras_iidgan.serving import text_config
from keras_iidgan.serving.errors import StatusError, invalid
from keras_iidgan.serving.registry.policy import ModelConfig, Policy

_PLATFORM = "tensorflow"


def read(path, check=None):
    """Read a configuration file.

    Args:
        path: The file's path.
        check: Function of the list of models that raises `StatusError`; what the server demands of
            it besides.

    Returns:
        List of `ModelConfig`.

    Raises:
        ValueError: The file can't be read or breaks a rule; one line that begins with the path and
            the number of the line in it.
        ImportError: tensorflow-serving-api is missing.
    """
    from tensorflow_serving.config import model_server_config_pb2

    message, text = text_config.read(path, model_server_config_pb2.ModelServerConfig())
    try:
        configs = from_message(message)
        if check:
            check(configs)
    except StatusError as error:
        raise ValueError(f"{path}:{_line(text, error.message)}: {error.message}") from None
    return configs


def from_message(message):
    """Check a configuration and take what counts of it.

    Args:
        message: A `ModelServerConfig`.

    Returns:
        List of `ModelConfig`.

    Raises:
        StatusError: It breaks a rule; with TensorFlow Serving's message where that has the rule.
    """
    if message.WhichOneof("config") == "custom_model_config":
        raise invalid("Expected a model_config_list; got a custom_model_config")
    names = set()
    for config in message.model_config_list.config:
        if not config.name:
            raise invalid("Expected every model to have a name; got name=")
        if config.name in names:
            raise invalid(f"Illegal to list model {config.name} multiple times in config list")
        names.add(config.name)
    return [_model(config) for config in message.model_config_list.config]


def _model(config):
    _check_platform(config)
    if not pathlib.PurePath(config.base_path).is_absolute():
        raise invalid(
            f"Expected model {config.name} to have an absolute path;"
            f" got base_path()={config.base_path}"
        )
    return ModelConfig(
        config.name,
        config.base_path,
        _policy(config.model_version_policy),
        dict(config.version_labels),
    )


def _check_platform(config):
    """Refuse other platforms; none at all is taken for the only one that there is."""
    if config.model_type and config.model_platform:
        raise invalid(
            "Illegal setting both ModelServerConfig::model_type (deprecated) and"
            f" ModelServerConfig::model_platform, model name is {config.name}"
        )
    is_other = config.model_type and config.model_type != 1
    platform = "other" if is_other else config.model_platform or _PLATFORM
    if platform != _PLATFORM:
        message = f"PlatformConfigMap has no entry for platform {platform}, only {_PLATFORM}"
        raise StatusError("FAILED_PRECONDITION", f"{message}; model name is {config.name}")


def _policy(message):
    kind = message.WhichOneof("policy_choice") or "latest"
    versions = frozenset(message.specific.versions)
    return Policy(kind, message.latest.num_versions, versions)


def _line(text, message):
    """Find the line that a message is about: the last one that has a value which it quotes.

    A message is parsed without its places in the text, and a rule is broken by the later of two.
    """
    words = set(re.split(r"[\s=,;]+", message)) - {""}
    for number, line in reversed(list(enumerate(text.splitlines(), start=1))):
        if words & set(re.findall(r"""["']([^"']+)["']""", line)):
            return number
    return 1
