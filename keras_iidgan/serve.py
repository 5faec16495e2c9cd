"""Serve models over REST, as TensorFlow Serving would.

    python -m keras_iidgan.serve --model=saved_models/iidgan_ring --rest_api_port=8501
    python -m keras_iidgan.serve --model_config_file=models.config

The folder of a model holds `<integer>/saved_model.pb`; the highest integer is served, and a higher
one that appears takes its place. SIGINT and SIGTERM end the server with exit code 0. Where there is
nothing to serve, one line says why; exit code 2.
"""

import signal
import socket
import sys
import urllib.parse

import uvicorn

from keras_iidgan import cli, flags, serve_models
from keras_iidgan.cli import UsageError
from keras_iidgan.serving import curl, versions
from keras_iidgan.serving.config_file import ConfigFile
from keras_iidgan.serving.models import Models
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
    manager = serve_models.manager(values, models)
    configs = serve_models.configs(values, manager)
    with _bind(values.host, values.rest_api_port) as listener:
        serve_models.load(values, manager, configs)
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
    host = f"[{host}]" if ":" in host else host
    return f"http://{host}:{port}/v1/models/{urllib.parse.quote(name, safe='')}"


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
