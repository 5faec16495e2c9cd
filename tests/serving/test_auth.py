"""Bearer tokens over REST and gRPC, and the file that they are in."""

import http.client
import json
import logging
import os

import grpc
import numpy as np
import pytest

from keras_iidgan.serving import auth

WORDS = [b"correct-horse", b"battery/staple+1=="]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "tokens"
    path.write_bytes(b"\n".join(WORDS) + b"\n\n")
    return path


@pytest.mark.parametrize(
    ("header", "allowed"),
    [
        (b"Bearer correct-horse", True),
        (b"bearer  battery/staple+1== ", True),
        (b"Bearer correct-hors", False),
        (b"Bearer correct-horse2", False),
        (b"Bearer correct-horse battery/staple+1==", False),
        (b"Bearer", False),
        (b"Bearer ", False),
        (b"Basic correct-horse", False),
        (b"correct-horse", False),
        (b"Bearer \xff\xfe", False),
        ("Bearer pässwörd".encode(), False),
        (b"", False),
        (None, False),
    ],
)
def test_headers(path, header, allowed):
    assert auth.Tokens(path).allow(header) is allowed


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "which is empty"),
        (b"\n \n", "which is empty"),
        (b"good\nnot good\n", "whose line 2 is none"),
        ("schlüssel".encode(), "whose line 1 is none"),
        (b"\xff\xfe\0", "whose line 1 is none"),
        (None, "No such file or directory"),
    ],
)
def test_files_that_hold_no_tokens(path, content, reason):
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(ValueError, match=f"auth_token_file must name .*; got {path}.*{reason}"):
        auth.Tokens(path)


def test_the_file_is_read_again_and_a_bad_one_changes_nothing(path, tmp_path, caplog):
    tokens = auth.Tokens(path)
    fresh = tmp_path / "fresh"
    fresh.write_text("another")
    os.replace(fresh, path)
    assert tokens.allow(b"Bearer another")
    assert not tokens.allow(b"Bearer correct-horse")
    with caplog.at_level(logging.WARNING):
        path.write_text("")
        assert tokens.allow(b"Bearer another")
        path.unlink()
        assert tokens.allow(b"Bearer another")
    assert "which is empty" in caplog.text and "No such file" in caplog.text
    assert "another" not in caplog.text
    path.write_text("at-last")
    assert tokens.allow(b"Bearer at-last")


@pytest.fixture(scope="module")
def models(gan):
    from keras_iidgan.serving.registry.models import Models

    models = Models()
    models.add("gan", gan)
    return models


@pytest.fixture
def ask(models, path):
    """Function (method, path, headers={}, body=None) to (status, headers, body)."""
    import toys

    from keras_iidgan.serving.rest.app import RestApp

    with toys.serve(auth.BearerAuth(RestApp(models), auth.Tokens(path))) as port:

        def ask(method, path, headers=(), body=None):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.putrequest(method, path)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            for name, value in headers:
                connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            answer = response.status, response.headers, response.read()
            connection.close()
            return answer

        yield ask


RIGHT = ("Authorization", b"Bearer correct-horse")
WRONG = ("Authorization", b"Bearer wrong")


@pytest.mark.parametrize(
    "headers", [[], [WRONG], [RIGHT, WRONG], [("Authorization", b"Bearer \xe9")]]
)
def test_rest_without_a_token(ask, headers):
    for path in ("/v1/models/gan", "/V1/models/gan/metadata", "/v1", "//v1/x", "/monitoring/any"):
        status, found, body = ask("GET", path, headers)
        assert (status, found["WWW-Authenticate"]) == (401, "Bearer")
        assert found["Content-Type"] == "application/json"
        assert json.loads(body) == {"error": "a valid bearer token is required"}


def test_rest_with_a_token_and_where_none_is_needed(ask):
    assert ask("GET", "/v1/models/gan", [RIGHT])[0] == 200
    assert ask("OPTIONS", "/v1/models/gan:predict", [("Origin", "http://a.example")])[0] == 200
    assert ask("GET", "/")[0] == 404  # Of the application, which may have a page there.


def test_a_large_body_without_a_token_is_answered(ask):
    assert ask("POST", "/v1/models/gan:predict", body=b"a" * (8 << 20))[0] == 401


SEED = {"seed": np.array([1])}


def test_grpc(models, path):
    import rpc_toys
    from grpc_health.v1 import health_pb2
    from tensorflow_serving.apis import get_model_status_pb2

    with rpc_toys.serve(models, tokens=auth.Tokens(path)) as stubs:
        for value in ("Bearer correct-horse", "bearer battery/staple+1=="):
            found = stubs.predict(SEED, "sample", metadata=[("authorization", value)])
            assert found["z"].tolist() == [[1, 10]]
        right, wrong = ("authorization", "Bearer correct-horse"), ("authorization", "Bearer wrong")
        for metadata in ((), [wrong], [right, wrong], [("authorization-bin", b"\xff")]):
            with pytest.raises(grpc.RpcError) as caught:
                stubs.predict(SEED, "sample", metadata=metadata)
            assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
            assert caught.value.details() == "a valid bearer token is required"
        with pytest.raises(grpc.RpcError) as caught:
            stubs.model.GetModelStatus(get_model_status_pb2.GetModelStatusRequest())
        assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
        assert stubs.health.Check(health_pb2.HealthCheckRequest()).status == 1
