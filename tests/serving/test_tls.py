"""TLS over REST and gRPC, with certificates made here, and files that are none."""

import http.client
import ssl
import subprocess

import grpc
import numpy as np
import pytest

from keras_iidgan.serving import tls


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    import certificates

    return certificates.Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    import certificates

    return certificates.Authority(tmp_path_factory.mktemp("stranger"))


@pytest.fixture(scope="module")
def server_files(authority):
    return authority.sign("server")


@pytest.fixture(scope="module")
def client_files(authority):
    return authority.sign("client")


@pytest.fixture(scope="module")
def models(gan):
    from keras_iidgan.serving.registry.models import Models

    models = Models()
    models.add("gan", gan)
    return models


SEED = {"seed": np.array([1])}


def refused(address, *arguments):
    import rpc_toys

    with rpc_toys.channel(address, *arguments) as channel, pytest.raises(grpc.RpcError) as caught:
        rpc_toys.Stubs(channel).predict(SEED, "sample")
    return caught.value.code() is grpc.StatusCode.UNAVAILABLE


def test_grpc(models, authority, stranger, server_files):
    import rpc_toys

    key, certificate = server_files
    root = authority.certificate.read_bytes()
    with rpc_toys.serve(models, tls.read(certificate, key), root) as stubs:
        assert stubs.predict(SEED, "sample")["z"].tolist() == [[1, 10]]
        assert refused(stubs.address)
        assert refused(stubs.address, stranger.certificate.read_bytes())


def test_grpc_with_certificates_of_clients(models, authority, server_files, client_files):
    import rpc_toys

    key, certificate = server_files
    credentials = tls.read(certificate, key, authority.certificate)
    root = authority.certificate.read_bytes()
    client = tuple(path.read_bytes() for path in client_files)
    with rpc_toys.serve(models, credentials, root, client) as stubs:
        assert stubs.predict(SEED, "sample")["z"].tolist() == [[1, 10]]
        assert refused(stubs.address, root)


def get(port, context):
    connection = http.client.HTTPSConnection("localhost", port, timeout=60, context=context)
    try:
        connection.request("GET", "/v1/models/gan")
        return connection.getresponse().status
    finally:
        connection.close()


def test_rest(models, authority, server_files, client_files):
    import toys

    from keras_iidgan.serving.rest.app import RestApp

    key, certificate = server_files
    options = {"ssl_keyfile": str(key), "ssl_certfile": str(certificate)}
    context = ssl.create_default_context(cafile=authority.certificate)
    with toys.serve(RestApp(models), **options) as port:
        assert get(port, context) == 200
        with pytest.raises(ssl.SSLCertVerificationError):
            get(port, ssl.create_default_context())
    options |= {"ssl_ca_certs": str(authority.certificate), "ssl_cert_reqs": ssl.CERT_REQUIRED}
    with toys.serve(RestApp(models), **options) as port:
        with pytest.raises((ssl.SSLError, ConnectionError, http.client.RemoteDisconnected)):
            get(port, context)
        context.load_cert_chain(client_files[1], client_files[0])
        assert get(port, context) == 200


def test_the_configuration_of_the_reference_server(tmp_path, authority, server_files):
    key, certificate = (path.read_text() for path in server_files)
    path = tmp_path / "ssl.config"

    def write(**fields):
        lines = [f"{name}: {value}" for name, value in fields.items()]
        path.write_text("\n".join(lines))

    def quoted(text):
        return '"' + text.replace("\n", "\\n") + '"'

    pair = {"server_key": quoted(key), "server_cert": quoted(certificate)}
    write(**pair)
    assert tls.read_config(path) == tls.Credentials(certificate.encode(), key.encode())
    root = authority.certificate.read_text()
    write(**pair, custom_ca=quoted(root), client_verify="true")
    assert tls.read_config(path).client_ca == root.encode()
    write(**pair, custom_ca=quoted(root))
    assert tls.read_config(path).client_ca is None
    for fields, reason in [
        ({"server_key": quoted(key)}, "which lacks one"),
        ({**pair, "client_verify": "true"}, "whose client_verify needs custom_ca"),
        ({"server": 1}, "no field named"),
        ({**pair, "server_key": quoted("nothing")}, f"got {path}: "),
    ]:
        write(**fields)
        with pytest.raises(ValueError, match=f"ssl_config_file must .*{reason}"):
            tls.read_config(path)


@pytest.fixture(scope="module")
def odd_files(tmp_path_factory, authority, server_files):
    folder = tmp_path_factory.mktemp("odd")
    (folder / "text").write_text("no PEM at all")
    secret = ["-aes128", "-passout", "pass:secret", "-out", str(folder / "locked")]
    command = ["openssl", "ec", "-in", str(server_files[0]), *secret]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def test_files_that_will_not_do(authority, server_files, client_files, odd_files):
    key, certificate = server_files
    both = "ssl_certfile and ssl_keyfile must be a certificate and its key"
    for files, reason in [
        ((certificate, None), "ssl_keyfile must name a PEM file where TLS is wanted; got none"),
        ((None, key), "ssl_certfile must name a PEM file where TLS is wanted; got none"),
        ((None, None, certificate), "ssl_certfile must name a PEM file"),
        ((odd_files / "none", key), f"ssl_certfile must .*; got {odd_files}/none: No such file"),
        ((certificate, odd_files), f"ssl_keyfile must .*; got {odd_files}: Is a directory"),
        ((certificate, client_files[0]), f"{both}.*: key values mismatch"),
        ((certificate, odd_files / "text"), both),
        ((odd_files / "text", key), both),
        ((certificate, odd_files / "locked"), both),
        ((certificate, key, odd_files / "text"), "ssl_client_ca_file must hold certificates"),
    ]:
        with pytest.raises(ValueError, match=reason):
            tls.read(*files)
    assert tls.read(None, None) is None
    assert "PRIVATE KEY" not in repr(tls.read(certificate, key))
