"""Serve a model over REST and gRPC, as TensorFlow Serving would.

    python -m keras_iidgan.serve --model=saved_models/iidgan_ring --rest_api_port=8501 --port=8500

The folder holds `<integer>/saved_model.pb`; the highest integer is served. SIGINT and SIGTERM end
the server with exit code 0. Where there is nothing to serve, one line says why; exit code 2.
"""

import gc
import logging
import os
import pathlib
import signal
import socket
import sys
import threading

import uvicorn

from keras_iidgan import cli, flags, transport
from keras_iidgan.cli import UsageError
from keras_iidgan.serving import auth, curl, versions
from keras_iidgan.serving.ending import Ending
from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.models import Models
from keras_iidgan.serving.page import Page
from keras_iidgan.serving.rest import RestApp

_GRACE = 10  # seconds, at the end, for the requests that are being worked on


def main(values):
    """Load the model that the flags name and serve it until a signal comes.

    Args:
        values: Parsed flags, see `keras_iidgan.flags.define_serve`.

    Raises:
        UsageError: The model cannot be loaded, or the address not be listened on.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    version, path = _find(values.model)
    name = values.model_name or pathlib.Path(values.model).resolve().name
    tokens, credentials, rpc_credentials = transport.security(values)
    with _bind(values.host, values.rest_api_port) as listener:
        rpc, rpc_line = transport.bind_rpc(values, tokens, rpc_credentials)
        servable = _load(path)
        listener.listen(128)  # Whoever reads the lines below may call at once.
        url = _url(listener, name, "https" if credentials else "http")
        models = Models()
        models.add(name, servable)
        if rpc:
            as_content = values.enable_serialization_as_tensor_content
            rpc.start(models, as_content=as_content)
        print(f"Serving {name}, version {version}, from {path}")
        print(f"Signatures: {', '.join(sorted(curl.public(servable.signatures)))}")
        print(f"URL: {url}")
        print("Try:", *transport.examples(values, url, servable.signatures), sep="\n  ")
        print(rpc_line)
        if values.ui:
            print(f"Page: {_base(listener, 'https' if credentials else 'http')}/")
        print("Ctrl+C ends it.", flush=True)
        application = _application(RestApp(models), models, values.ui, tokens)
        _run(application, listener, transport.ssl_options(values), rpc)


def _application(rest, models, ui, tokens):
    """Put around the REST interface what TensorFlow Serving does not have."""
    application, public = rest, ()
    if ui:
        application = Page(rest, models)
        public = application.public
    if tokens:
        application = auth.BearerAuth(application, tokens, public)
    return Ending(application)


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


def _load(path):
    """Load a version; TensorFlow is imported here, when all that needs no TensorFlow is right."""
    cli.import_tensorflow()
    from keras_iidgan.serving import engine

    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    try:
        servable = engine.SavedModel(path)
    except StatusError as error:
        raise UsageError(
            f"--model must hold a SavedModel that can be served; got {path}: {error.message}"
        ) from None
    # TensorFlow is a million objects. Out of the garbage collector's sight, they are not gone
    # through again for every large body: 64 images take a sixth of the time.
    gc.freeze()
    return servable


def _url(listener, name, scheme):
    return f"{_base(listener, scheme)}/v1/models/{name}"


def _base(listener, scheme):
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, host)
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


class _Server(uvicorn.Server):
    """Ends gRPC when it ends itself, so that both have the same time for what they work on."""

    rpc = None
    rpc_over = None

    async def shutdown(self, sockets=None):
        """End, after the signal and before the last answers are given."""
        if self.rpc:
            self.rpc_over = self.rpc.stop(_GRACE)
        await super().shutdown(sockets)


def _run(application, listener, options, rpc):
    config = uvicorn.Config(
        application,
        lifespan="off",
        http="h11",  # What the tests run, though uvicorn would prefer httptools where it is there.
        ws="none",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=_GRACE,
        **options,
    )
    server = _Server(config)
    server.rpc = rpc

    def end(*_):
        server.should_exit = True

    # Until uvicorn takes the signals over, and again when it hands them back.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    server.run(sockets=[listener])
    if rpc:
        over = server.rpc_over or rpc.stop(_GRACE)
        over.wait(0 if server.force_exit else _GRACE)
        rpc.stop(0).wait()


def command(values):
    """Run `main`, and end the process soon after it, whatever models are doing.

    Args:
        values: Parsed flags.
    """
    main(values)
    # A model cannot be interrupted, and Python would wait for the threads that still run one.
    timer = threading.Timer(1.0, os._exit, [0])
    timer.daemon = True
    timer.start()


if __name__ == "__main__":
    cli.run(command, flags.define_serve)
