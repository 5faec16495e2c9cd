"""What the server's flags say of batching, limits and metrics."""

import dataclasses
import resource
import sys
import typing

from keras_iidgan.cli import UsageError
from keras_iidgan.serving import monitoring_config
from keras_iidgan.serving.batching import choice as batching_choice
from keras_iidgan.serving.monitoring import Registry
from keras_iidgan.serving.rest import connections
from keras_iidgan.serving.rest.limits import Limits


class Options(typing.NamedTuple):
    """What the flags say.

    Attributes:
        wrap: Function (servable, its folder) to what is served in its place.
        rest: Arguments of `RestApp` by name.
        rpc: Arguments of `RpcServer.start` by name: the same limits and metrics.
        uvicorn: Options of uvicorn by name.
    """

    wrap: typing.Callable
    rest: dict
    rpc: dict
    uvicorn: dict


def read(values):
    """Read the flags, and the files that they name, before anything slow is done.

    Args:
        values: Parsed flags of the server.

    Returns:
        `Options`.

    Raises:
        UsageError: A flag or a file is wrong.
    """
    names = [field.name for field in dataclasses.fields(Limits)]
    try:
        wrap = batching_choice.choose(
            values.enable_batching,
            values.batching_parameters_file,
            values.enable_per_model_batching_parameters,
        )
        limits = Limits(**{name: getattr(values, name) for name in names})
    except ValueError as error:
        raise UsageError(f"--{error}") from None
    rpc = {"limits": limits, "metrics": Registry()}
    rest = rpc | {
        "cors": values.rest_api_enable_cors_support,
        "takes_tokens": bool(values.auth_token_file),
        "threads": _threads(values.rest_api_num_threads),
        "metrics_path": _metrics_path(values.monitoring_config_file),
    }
    uvicorn = {
        "http": connections.protocol(limits.read_timeout_in_ms / 1000),
        "timeout_keep_alive": 60,  # seconds
    }
    return Options(wrap, rest, rpc, uvicorn)


def prepare_process():
    """Set what the whole process has, once all is loaded."""
    # A thread that comes back from a graph waits this long for one that reads another request.
    sys.setswitchinterval(0.0005)  # seconds, a tenth of Python's own
    # Connections that do nothing are many before they end; each is a file.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _threads(count):
    if count is not None and count < 1:
        raise UsageError(f"--rest_api_num_threads must be at least 1; got {count}")
    return count


def _metrics_path(file):
    try:
        return monitoring_config.read(file) if file else None
    except ValueError as error:
        raise UsageError(
            f"--monitoring_config_file must be a file of what is monitored; got {error}"
        ) from None
