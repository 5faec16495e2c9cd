import contextlib
import http.client
import socket
import threading

import pytest


@pytest.fixture(scope="session")
def toy_folder(tmp_path_factory):
    """The folder of model "toy", whose version 7 is complete."""
    import toys

    folder = tmp_path_factory.mktemp("models") / "toy"
    toys.save_toy(folder / "007")
    return folder


@pytest.fixture(scope="session")
def gan_folder(tmp_path_factory):
    """The folder of model "gan", with version 3."""
    import toys

    folder = tmp_path_factory.mktemp("models") / "gan"
    toys.save_line_gan(folder / "3")
    return folder


@pytest.fixture(scope="session")
def toy(toy_folder):
    from keras_iidgan.serving.engine import SavedModel

    return SavedModel(toy_folder / "007")


@pytest.fixture(scope="session")
def gan(gan_folder):
    from keras_iidgan.serving.engine import SavedModel

    return SavedModel(gan_folder / "3")


@contextlib.contextmanager
def serve(application):
    """Serve an ASGI application on a free port; yields the port."""
    import uvicorn

    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(application, lifespan="off", http="h11", ws="none", log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@pytest.fixture(scope="session")
def port(toy, gan):
    """The port of a real server with both models; label "stable" is version 7 of "toy"."""
    from keras_iidgan.serving.models import Models
    from keras_iidgan.serving.rest import RestApp

    models = Models(labels={"toy": {"stable": 7}})
    models.add("toy", toy)
    models.add("gan", gan)
    with serve(RestApp(models)) as port:
        yield port


@pytest.fixture(scope="session")
def call(port):
    """Function (method, path, body=None, headers={}) to (status, headers, body)."""

    def call(method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    return call
