"""Serve models over REST, as TensorFlow Serving would.

    python -m keras_iidgan.serve --model=saved_models/iidgan_ring --rest_api_port=8501
    python -m keras_iidgan.serve --model_config_file=models.config

The folder of a model holds `<integer>/saved_model.pb`; the highest integer is served, and a higher
one that appears takes its place. SIGINT and SIGTERM end the server with exit code 0. Where there is
nothing to serve, one line says why; exit code 2.
"""

import functools
import gc
import logging
import pathlib
import signal
import socket
import sys

import uvicorn

from keras_iidgan import cli, flags
from keras_iidgan.cli import UsageError
from keras_iidgan.serving import curl, model_config, versions
from keras_iidgan.serving.config_file import ConfigFile
from keras_iidgan.serving.errors import StatusError, invalid
from keras_iidgan.serving.manager import Manager, Options
from keras_iidgan.serving.models import Models
from keras_iidgan.serving.policy import ModelConfig
from keras_iidgan.serving.polling import Poller
from keras_iidgan.serving.rest import RestApp


def main(values):
    """Load the models that the flags name and serve them until a signal comes.

    Args:
        values: Parsed flags, see `flags.define_serve`.

    Raises:
        UsageError: A model cannot be loaded, or the address not be listened on.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    models = Models()
    manager = Manager(models, functools.partial(_load, values), _options(values))
    configs = _configs(values, manager)
    with _bind(values.host, values.rest_api_port) as listener:
        _configure(values, manager, configs)
        listener.listen(128)  # Whoever reads the lines below may call at once.
        for config in configs:
            _introduce(config, models, listener)
        print("Ctrl+C ends it.", flush=True)
        file = ConfigFile(values.model_config_file, manager)
        again = values.model_config_file_poll_wait_seconds if values.model_config_file else 0
        with (
            Poller(manager.poll, values.file_system_poll_wait_seconds, "versions"),
            Poller(file.poll, again, "configuration"),
        ):
            _run(RestApp(models), listener)


def _options(values):
    return Options(
        values.max_num_load_retries,
        values.load_retry_interval_micros,
        values.allow_version_labels_for_unavailable_models,
    )


def _configs(values, manager):
    """Return what the flags say is to be served, once all that needs no TensorFlow is right."""
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


def _bind(host, port):
    """Take the address before the model is loaded, which is the slow part."""
    if not 0 <= port < 65536:
        raise UsageError(f"--rest_api_port must be from 0 to 65535; got {port}")
    listener = None
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        if listener:
            listener.close()
        raise UsageError(
            f"--host and --rest_api_port must be an address that is free;"
            f" got {host} and {port}: {error.strerror}"
        ) from None
    return listener


def _load(values, path):
    from keras_iidgan.serving import loader

    return loader.load(path, values.enable_model_warmup, values.num_request_iterations_for_warmup)


def _configure(values, manager, configs):
    """Load the models; TensorFlow is imported here, when all that needs no TensorFlow is right."""
    cli.import_tensorflow()
    from keras_iidgan.serving import loader  # noqa: F401

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


def _introduce(config, models, listener):
    """Say what is served of a model, and how to call it."""
    url = _url(listener, config.name)
    folders = versions.scan(config.base_path)
    for version in sorted(models.available(config.name), reverse=True):
        print(f"Serving {config.name}, version {version}, from {folders.get(version)}")
    with models.lookup(config.name) as servable:
        print(f"Signatures: {', '.join(sorted(curl.public(servable.signatures)))}")
        print(f"URL: {url}")
        print("Try:", *curl.examples(url, servable.signatures), sep="\n  ")


def _url(listener, name):
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, host)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/v1/models/{name}"


def _run(application, listener):
    config = uvicorn.Config(
        application,
        lifespan="off",
        http="h11",  # What the tests run, though uvicorn would prefer httptools where it is there.
        ws="none",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=10,
    )
    server = uvicorn.Server(config)

    def end(*_):
        server.should_exit = True

    # Until uvicorn takes the signals over, and again when it hands them back.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    server.run(sockets=[listener])


if __name__ == "__main__":
    cli.run(main, flags.define_serve)
