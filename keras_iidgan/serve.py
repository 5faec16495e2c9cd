"""Serve a model over REST, as TensorFlow Serving would.

    python -m keras_iidgan.serve --model=saved_models/iidgan_ring --rest_api_port=8501

The folder holds `<integer>/saved_model.pb`; the highest integer is served. SIGINT and SIGTERM end
the server with exit code 0. Where there is nothing to serve, one line says why; exit code 2.
"""

import gc
import logging
import pathlib
import resource
import signal
import socket
import sys

import uvicorn

from keras_iidgan import cli, flags, serve_options
from keras_iidgan.cli import UsageError
from keras_iidgan.serving import connections, curl, versions
from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.models import Models
from keras_iidgan.serving.rest import RestApp


def main(values):
    """Load the model that the flags name and serve it until a signal comes.

    Args:
        values: Parsed flags, those of `flags.define_serve`.

    Raises:
        UsageError: The model cannot be loaded, or the address not be listened on.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    options = serve_options.read(values)
    version, path = _find(values.model)
    name = values.model_name or pathlib.Path(values.model).resolve().name
    with _bind(values.host, values.rest_api_port) as listener:
        servable = _load(path, options.wrap)
        listener.listen(128)  # Whoever reads the lines below may call at once.
        url = _url(listener, name)
        print(f"Serving {name}, version {version}, from {path}")
        print(f"Signatures: {', '.join(sorted(curl.public(servable.signatures)))}")
        print(f"URL: {url}")
        print("Try:", *curl.examples(url, servable.signatures), sep="\n  ")
        print("Ctrl+C ends it.", flush=True)
        models = Models()
        models.add(name, servable)
        _run(RestApp(models, **options.rest), listener, options.limits)


def _find(base):
    if not base:
        raise UsageError("--model must name a folder that holds <integer>/saved_model.pb; got none")
    try:
        return versions.latest(base)
    except (ValueError, OSError) as error:
        raise UsageError(f"--{error}" if isinstance(error, ValueError) else str(error)) from None


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


def _load(path, wrap):
    """Load a version; TensorFlow is imported here, when all that needs no TensorFlow is right."""
    cli.import_tensorflow()
    from keras_iidgan.serving import engine

    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    try:
        servable = wrap(engine.SavedModel(path), path)
    except StatusError as error:
        raise UsageError(
            f"--model must hold a SavedModel that can be served; got {path}: {error.message}"
        ) from None
    # TensorFlow is a million objects. Out of the garbage collector's sight, they are not gone
    # through again for every large body: 64 images take a sixth of the time.
    gc.freeze()
    return servable


def _url(listener, name):
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, host)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/v1/models/{name}"


def _run(application, listener, limits):
    # A thread that comes back from a graph waits this long for one that reads another request.
    sys.setswitchinterval(0.0005)  # seconds, a tenth of Python's own
    # Connections that do nothing are many before they end; each is a file.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    config = uvicorn.Config(
        application,
        lifespan="off",
        http=connections.protocol(limits.read_timeout_in_ms / 1000),
        timeout_keep_alive=60,  # seconds
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
