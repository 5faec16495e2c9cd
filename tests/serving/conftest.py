import http.client

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
    from keras_iidgan.serving.loading.engine import SavedModel

    return SavedModel(toy_folder / "007")


@pytest.fixture(scope="session")
def gan(gan_folder):
    from keras_iidgan.serving.loading.engine import SavedModel

    return SavedModel(gan_folder / "3")


@pytest.fixture(scope="session")
def port(toy, gan):
    """The port of a real server with both models; label "stable" is version 7 of "toy"."""
    import toys

    from keras_iidgan.serving.registry.models import Models
    from keras_iidgan.serving.rest.app import RestApp

    models = Models(labels={"toy": {"stable": 7}})
    models.add("toy", toy)
    models.add("gan", gan)
    with toys.serve(RestApp(models)) as port:
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


@pytest.fixture
def tokens(tmp_path):
    """The tokens of a file with the one token "secret"."""
    from keras_iidgan.serving.auth import Tokens

    (tmp_path / "tokens").write_text("secret\n")
    return Tokens(tmp_path / "tokens")


@pytest.fixture(scope="session")
def digits(tmp_path_factory):
    """A conditional model of 6x6 images of one channel, and its export as a servable."""
    from keras_iidgan import export, methods
    from keras_iidgan.serving.loading.engine import SavedModel

    model = methods.create("iid_cgan", data_shape=(6, 6, 1), latent_dim=2, num_classes=3)
    with pytest.MonkeyPatch.context() as patch:
        # The check loads the export in another process; the engine below is check enough.
        patch.setattr(export, "_check", lambda *_: None)
        version = export.export(model, tmp_path_factory.mktemp("export") / "digits", refine_steps=3)
    return model, SavedModel(version)


@pytest.fixture(scope="session")
def urls(digits, gan):
    """URLs by scheme of a real server with models "digits" and "gan"."""
    import rpc_toys
    import toys

    from keras_iidgan.serving.registry.models import Models
    from keras_iidgan.serving.rest.app import RestApp

    models = Models()
    models.add("digits", digits[1])
    models.add("gan", gan)
    with rpc_toys.serve(models) as stubs, toys.serve(RestApp(models)) as port:
        yield {"http": f"http://127.0.0.1:{port}", "grpc": f"grpc://{stubs.address}"}


@pytest.fixture
def ask(capsys, monkeypatch):
    """Function (arguments of the client's command line) to (exit code, output, errors)."""
    from keras_iidgan import cli, client_command, flags

    monkeypatch.setenv("GRPC_VERBOSITY", "NONE")  # Which the command sets for its own process.

    def ask(*arguments):
        argv = client_command.with_points(["client", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            cli.run(client_command.main, flags.define_client, argv, takes_arguments=True)
        return (caught.value.code or 0, *capsys.readouterr())

    return ask


@pytest.fixture(scope="session")
def page_models(tmp_path_factory, toy):
    """A registry of the GANs of `page_toys`, "digits" and "ring", and of "toy", which is none."""
    import page_toys

    models = page_toys.registry(tmp_path_factory.mktemp("models"))
    models.add("toy", toy)
    return models


@pytest.fixture(scope="session")
def page_url(page_models):
    """The address of the page of a real server with them."""
    import page_toys

    with page_toys.serve(page_models) as url:
        yield url


@pytest.fixture(scope="session")
def window(tmp_path_factory):
    """A `browser.Browser`."""
    import browser

    with browser.browser(tmp_path_factory.mktemp("profile")) as window:
        yield window


@pytest.fixture
def page(window, page_url):
    """The page of "digits" in the browser; logs nothing and asks nothing of another server."""
    import page_steps

    window.open("about:blank")
    window.log("browser")
    window.requests()
    window.open(page_url)
    page_steps.choose(window, "digits")
    yield window
    assert window.log("browser") == []
    sent = [each for each in window.requests() if not each.startswith("data:")]
    assert sent and all(each.startswith(page_url) for each in sent)
