"""Tokens and TLS over both transports, and addresses."""

import contextlib
import ssl
import subprocess
import sys

import pytest

from keras_iidgan.serving import Client, ServingError, auth
from keras_iidgan.serving.client import Retries, address

ONCE = Retries(count=0)


@pytest.fixture(scope="module")
def secured(gan, tmp_path_factory):
    """URLs of servers with TLS and a token, and the folder with its files."""
    import certificates
    import rpc_toys
    import toys

    from keras_iidgan.serving import tls
    from keras_iidgan.serving.registry.models import Models
    from keras_iidgan.serving.rest.app import RestApp

    folder = tmp_path_factory.mktemp("secured")
    authority = certificates.Authority(folder)
    key, certificate = authority.sign("server")
    (folder / "tokens").write_text("secret\nother\n")
    tokens = auth.Tokens(folder / "tokens")
    models = Models()
    models.add("gan", gan)
    credentials = tls.read(str(certificate), str(key), None)
    application = auth.BearerAuth(RestApp(models), tokens)
    files = {"ssl_certfile": str(certificate), "ssl_keyfile": str(key)}
    root = authority.certificate.read_bytes()
    with contextlib.ExitStack() as stack:
        stubs = stack.enter_context(
            rpc_toys.serve(models, credentials=credentials, root=root, tokens=tokens)
        )
        port = stack.enter_context(toys.serve(application, **files))
        yield {"https": f"https://localhost:{port}", "grpcs": f"grpcs://{stubs.address}"}, folder


@pytest.mark.parametrize("scheme", ["https", "grpcs"])
def test_a_token_over_tls(secured, scheme):
    urls, folder = secured
    common = {"url": urls[scheme], "model": "gan", "ca_file": folder / "ca.crt", "retries": ONCE}
    for token in ({"token": "other"}, {"token_file": folder / "tokens"}):
        with Client(**common, **token) as client:
            assert client.invert([[1, 1]]).tolist() == [[0, 0]]
    for token in ({}, {"token": "wrong"}):
        with Client(**common, **token) as client:
            with pytest.raises(ServingError, match="401: a valid bearer token") as caught:
                client.status()
            assert caught.value.status == 401


@pytest.mark.parametrize("scheme", ["https", "grpcs"])
def test_a_certificate_that_nobody_trusts(secured, scheme):
    with Client(secured[0][scheme], "gan", token="secret", retries=ONCE) as client:
        with pytest.raises(ServingError, match=rf"{scheme}://.*") as caught:
            client.status()
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_the_command_has_one_line_for_a_certificate_that_nobody_trusts(secured):
    urls, folder = secured
    command = [sys.executable, "-m", "keras_iidgan.serving.client", "status", "--model=gan"]
    command += [f"--url={urls['grpcs']}", f"--token_file={folder / 'tokens'}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(f"error: 503: {urls['grpcs']}: ")
    command += [f"--ca_file={folder / 'ca.crt'}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("3  state AVAILABLE")


def test_mistakes_with_tokens_and_certificates(tmp_path):
    empty, wide = tmp_path / "empty", tmp_path / "wide"
    empty.write_text("\n")
    wide.write_text("two words\n")
    common = {"url": "https://h", "model": "m"}
    for arguments, message in (
        ({"token": "a\r\nb"}, "token: expected letters.*, got something else"),
        ({"token": ""}, "token: expected letters"),
        ({"token_file": empty}, f"token_file: expected letters.* got something else in {empty}"),
        ({"token_file": wide}, f"token_file: expected letters.* in {wide}"),
        ({"token_file": tmp_path / "no"}, "token_file: expected a file, got .*no: No such file"),
        ({"token": "a", "token_file": wide}, "token_file: expected none beside token, got both"),
        ({"ca_file": tmp_path / "no"}, "ca_file: expected certificates, got .*no: No such file"),
        ({"ca_file": wide}, "ca_file: expected certificates, got .*wide: "),
        ({"url": "http://h", "ca_file": wide}, "ca_file: expected an https or grpcs url with it"),
        ({"timeout": 0}, "timeout: expected a number above 0, got 0"),
        ({"chunk": 0}, "chunk: expected at least 1, got 0"),
    ):
        with pytest.raises(ValueError, match=message) as caught:
            Client(**common | arguments)
        assert "two words" not in str(caught.value)


def test_addresses_of_grpc():
    assert address.parse("grpc://h:1", "m").host == "h:1"
    assert address.parse("grpcs://h", "m").host == "h:8500"
    assert address.parse("grpc://[::1]:1/v1/models/a%20b").model == "a b"
    assert address.parse("grpc://user@h:1", "m").url == "grpc://h:1"
    with pytest.raises(ValueError, match="url: expected no path with gRPC"):
        address.parse("grpc://h:1/prefix", "m")
    for url in ("http://h:port", "http://h?a=1", "http://h#a", "http://[h"):
        with pytest.raises(ValueError, match="url: expected http://host:port"):
            address.parse(url, "m")


def test_without_grpcio_the_client_says_what_is_missing(monkeypatch):
    from keras_iidgan.serving.client import model

    monkeypatch.setattr(model.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match=r"url: grpc:// needs the package grpcio .*\[serving\]"):
        Client("grpc://h:1", model="m")
    assert Client("http://h:1", model="m").url == "http://h:1/v1/models/m"


def test_the_system_is_trusted_by_default():
    context = Client("https://h", model="m")._transport._context
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
