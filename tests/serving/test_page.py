"""The page's files over HTTP: which paths there are, what guards them, what the list says."""

import configparser
import http.client
import importlib.resources
import json
import pathlib
import re

import pytest
import toys

import keras_iidgan
from keras_iidgan.serving.auth import BearerAuth, Tokens
from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.page import Page
from keras_iidgan.serving.page_models import describe
from keras_iidgan.serving.registry.models import Models, Signature, TensorSpec
from keras_iidgan.serving.rest.app import RestApp

FOLDER = importlib.resources.files("keras_iidgan.serving") / "ui"


class Servable:
    """What the page reads of a servable; its signatures are {name: (inputs, outputs)}."""

    def __init__(self, version, **signatures):
        self.version = version
        self.signatures = {
            name: Signature(
                *({alias: TensorSpec(*spec) for alias, spec in side.items()} for side in s)
            )
            for name, s in signatures.items()
        }


Z, X = ("float32", (None, 5)), ("float32", (None, 8, 8))
LABEL, PROBABILITY = ("int64", (None,)), ("float32", (None, 10))


def registry():
    models = Models()
    gan = {"serving_default": ({"z": Z}, {"x": X}), "__saved_model_init_op": ({}, {})}
    models.add("digits", Servable(2, **gan))
    told = {
        "serving_default": ({"z": Z, "label": LABEL}, {"x": X}),
        "invert": ({"x": X}, {"z": Z, "label": LABEL, "probability": PROBABILITY}),
    }
    models.add("digits", Servable(12, **told))
    models.add("a b/c", Servable(7, serving_default=({"x": X}, {"y": X})))
    models.fail("broken", 1, StatusError("INTERNAL", "no such file"))
    return models


@pytest.fixture(scope="module")
def port():
    models = registry()
    with toys.serve(Page(RestApp(models), models)) as port:
        yield port


def call(port, path, method="GET", headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.putrequest(method, path)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def test_every_file_is_served_as_it_is(port):
    names = {file.name for file in FOLDER.iterdir()}
    assert {"index.html", "style.css", "app.js"} <= names
    for name in names:
        path = "/" if name == "index.html" else f"/ui/{name}"
        status, headers, body = call(port, path)
        assert (status, body) == (200, (FOLDER / name).read_bytes()), name
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        kinds = {"html": "text/html", "css": "text/css", "js": "text/javascript"}
        kind = kinds.get(name.rpartition(".")[2], "image/svg+xml")
        assert headers["Content-Type"].split(";")[0] == kind


def test_a_file_that_a_browser_has_is_not_sent_again(port):
    _, headers, body = call(port, "/ui/app.js")
    known = {"If-None-Match": headers["ETag"]}
    status, again, nothing = call(port, "/ui/app.js", headers=known)
    assert (status, again["ETag"], nothing) == (304, headers["ETag"], b"")
    assert call(port, "/ui/app.js", headers={"If-None-Match": '"older"'})[2] == body
    status, headers, nothing = call(port, "/", "HEAD")
    assert (status, nothing) == (200, b"")
    assert int(headers["Content-Length"]) == len((FOLDER / "index.html").read_bytes())


@pytest.mark.parametrize(
    "path",
    [
        "/ui/../page.py",
        "/ui/%2e%2e/page.py",
        "/ui/..%2fpage.py",
        "/ui//etc/passwd",
        "/ui/index.html",
        "/ui/",
        "/ui",
        "/ui/app.js/",
        "/ui/app.js%00",
        "//",
        "/index.html",
        "/favicon.ico",
    ],
)
def test_there_are_no_other_paths(port, path):
    status, _, body = call(port, path)
    assert (status, body) == (404, b"<html><body>404 Not Found</body></html>")


def test_the_page_is_only_read(port):
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert call(port, "/", method)[0] == 404


def test_the_rest_interface_is_as_without_the_page(port):
    models = registry()
    with toys.serve(RestApp(models)) as bare:
        assert call(bare, "/")[::2] == (404, b"<html><body>404 Not Found</body></html>")
        for path in ("/v1/models/digits", "/v1/models", "/v1/ui/app.js", "/v1/models/broken"):
            assert call(port, path)[::2] == call(bare, path)[::2]


def test_the_list_of_models(port):
    status, headers, body = call(port, "/ui/models.json")
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    other, digits = json.loads(body)["models"]
    assert (other["name"], digits["name"]) == ("a b/c", "digits")
    assert (other["versions"][0]["data_shape"], other["versions"][0]["latent_dim"]) == (None, None)
    newest, oldest = digits["versions"]
    assert newest == {
        "version": "12",
        "signatures": {
            "invert": {"inputs": ["x"], "outputs": ["label", "probability", "z"]},
            "serving_default": {"inputs": ["label", "z"], "outputs": ["x"]},
        },
        "data_shape": [8, 8],
        "latent_dim": 5,
        "conditional": True,
        "classes": 10,
    }
    assert (oldest["version"], list(oldest["signatures"])) == ("2", ["serving_default"])
    assert (oldest["conditional"], oldest["classes"]) == (False, None)


def test_a_version_that_goes_while_it_is_described_is_left_out():
    models = registry()
    lookup = models.lookup

    def gone(name, version):
        if version == 12:
            raise StatusError("NOT_FOUND", "gone")
        return lookup(name, version)

    models.lookup = gone
    assert [each["version"] for each in describe(models)[1]["versions"]] == ["2"]


def test_with_tokens_the_page_is_public_and_the_list_is_not(tmp_path):
    (tmp_path / "tokens").write_text("secret\n")
    models = registry()
    page = Page(RestApp(models), models)
    with toys.serve(BearerAuth(page, Tokens(tmp_path / "tokens"), page.public)) as port:
        assert call(port, "/")[0] == call(port, "/ui/app.js")[0] == 200
        for path in ("/ui/models.json", "/v1/models/digits"):
            assert call(port, path)[0] == 401
            assert call(port, path, headers={"Authorization": "Bearer secret"})[0] == 200


def test_the_files_are_installed():
    config = configparser.ConfigParser()
    root = pathlib.Path(keras_iidgan.__file__).parent.parent
    config.read(root / "setup.cfg")
    patterns = config["options.package_data"]["keras_iidgan.serving"].split()
    serving = root / "keras_iidgan" / "serving"
    found = {file.name for pattern in patterns for file in serving.glob(pattern)}
    assert found == {file.name for file in FOLDER.iterdir()}


def test_the_files_ask_nothing_of_other_servers_and_have_no_script_inside():
    for file in FOLDER.iterdir():
        text = file.read_text().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|(?<!:)//[a-z]+\.[a-z]", text), file.name
    html = (FOLDER / "index.html").read_text()
    assert not re.search(r"<script[^>]*>[^<]|\bon[a-z]+=|\bstyle=|<style", html)


def test_what_scripts_import_and_pages_name_is_there():
    names = {file.name for file in FOLDER.iterdir()}
    for file in FOLDER.iterdir():
        text = file.read_text()
        wanted = re.findall(r'from "\./([^"]+)"', text) + re.findall(r'="ui/([^"]+)"', text)
        assert set(wanted) <= names, file.name
