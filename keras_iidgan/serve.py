"""Serve models over REST and gRPC, as TensorFlow Serving would.

    python -m keras_iidgan.serve --model=saved_models/iidgan_ring --rest_api_port=8501 --port=8500
    python -m keras_iidgan.serve --model_config_file=models.config

The folder of a model holds `<integer>/saved_model.pb`; the highest integer is served, and a higher
one that appears takes its place. SIGINT and SIGTERM end the server with exit code 0. Where there is
nothing to serve, one line says why; exit code 2.
"""

import contextlib
import os
import signal
import sys
import threading

from keras_iidgan import cli, flags, http_server, serve_models, serve_options, transport
from keras_iidgan.serving import auth, curl
from keras_iidgan.serving.page import Page
from keras_iidgan.serving.registry import versions
from keras_iidgan.serving.registry.config_file import ConfigFile
from keras_iidgan.serving.registry.models import Models
from keras_iidgan.serving.registry.polling import Poller
from keras_iidgan.serving.rest.app import RestApp
from keras_iidgan.serving.rest.ending import Ending


def main(values):
    """Load the models that the flags name and serve them until a signal comes.

    Args:
        values: Parsed flags, see `keras_iidgan.flags.define_serve`.

    Raises:
        UsageError: A model cannot be loaded, or the address not be listened on.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    options = serve_options.read(values)
    models = Models()
    manager = serve_models.manager(values, models, options.wrap)
    configs = serve_models.configs(values, manager)
    tokens, credentials, rpc_credentials = transport.security(values)
    with http_server.bind(values.host, values.rest_api_port) as listener:
        rpc, rpc_line = transport.bind_rpc(values, tokens, rpc_credentials, options.rpc["limits"])
        serve_models.load(values, manager, configs)
        listener.listen(128)  # Whoever reads the lines below may call at once.
        if rpc:
            as_content = values.enable_serialization_as_tensor_content
            reload = transport.guarded(values, manager.reload)
            rpc.start(models, reload=reload, as_content=as_content, **options.rpc)
        base = http_server.base_url(listener, "https" if credentials else "http")
        for config in configs:
            _introduce(config, models, http_server.url(base, config.name), values)
        print(rpc_line)
        if values.ui:
            print(f"Page: {base}/")
        print("Ctrl+C ends it.", flush=True)
        application = _application(RestApp(models, **options.rest), models, values, tokens)
        serve_options.prepare_process()
        more = transport.ssl_options(values) | options.uvicorn
        with _polling(values, manager):
            http_server.run(application, listener, more, rpc)


def _introduce(config, models, url, values):
    """Say what is served of a model, and how to call it."""
    folders = versions.scan(config.base_path)
    for version in sorted(models.available(config.name), reverse=True):
        print(f"Serving {config.name}, version {version}, from {folders.get(version)}")
    with models.lookup(config.name) as servable:
        print(f"Signatures: {', '.join(sorted(curl.public(servable.signatures)))}")
        print(f"URL: {url}")
        print("Try:", *transport.examples(values, url, servable.signatures), sep="\n  ")


def _application(rest, models, values, tokens):
    """Put around the REST interface what TensorFlow Serving does not have."""
    application, public = rest, ()
    if values.ui:
        application = Page(rest, models)
        public = application.public
    if tokens:
        application = auth.BearerAuth(
            application, tokens, public, values.rest_api_enable_cors_support
        )
    return Ending(application)


@contextlib.contextmanager
def _polling(values, manager):
    """Look for new versions, and into the configuration file, while the server runs."""
    file = ConfigFile(values.model_config_file, manager)
    again = values.model_config_file_poll_wait_seconds if values.model_config_file else 0
    with (
        Poller(manager.poll, values.file_system_poll_wait_seconds, "versions"),
        Poller(file.poll, again, "configuration"),
    ):
        yield


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
