"""Requests that go wrong, and models that do: every one is answered, and the server goes on."""

import json
import socket

import pytest

from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.registry.models import Models, Signature, TensorSpec
from keras_iidgan.serving.rest.app import RestApp


def predict(call, body):
    status, headers, answer = call("POST", "/v1/models/toy:predict", body)
    assert headers["Content-Type"] == "application/json"
    return status, json.loads(answer)


def still_serves(call):
    assert predict(call, b'{"instances":[2]}') == (200, {"predictions": [3.0]})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0",
        b"\xff\xfe",
        b'{"signature_name":"\\ud800"}',
        b'{"signature_name":"\xff","instances":[1]}',
        b'{"instances":' + b"[" * 100_000,
        b'{"instances":[' + b'{"a":' * 50_000,
        b'{"instances":[' + b"9" * 100_000 + b"]}",
        b'{"inputs":' + b"[" * 300 + b"1" + b"]" * 300 + b"}",
        b'{"instances":[{"b64":"AA=="}]}',
    ],
)
def test_it_survives(call, body):
    status, answer = predict(call, body)
    assert (status, list(answer)) == (400, ["error"])
    still_serves(call)


def test_it_survives_what_is_not_http(port, call):
    for text in (b"\0\0\0\0\r\n\r\n", b"POST /v1/models/toy:predict HTTP/1.1\r\nContent-Le"):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(text)
    still_serves(call)


class Odd:
    """A servable that fails as its one signature's input says."""

    version = 1
    signatures = {"serving_default": Signature({"x": TensorSpec("string", None)}, {})}  # noqa: RUF012

    def run(self, name, inputs):
        code = inputs["x"][()].decode()
        if code == "crash":
            raise ZeroDivisionError("by zero")
        if code == "empty":
            return {}
        raise StatusError(code, "\udcff")

    def metadata(self):
        raise RuntimeError


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("UNAVAILABLE", (503, "?")),
        ("RESOURCE_EXHAUSTED", (429, "?")),
        ("DEADLINE_EXCEEDED", (504, "?")),
        ("crash", (500, "ZeroDivisionError: by zero")),
        ("empty", (400, "Cannot convert empty tensor map to JSON")),
    ],
)
def test_every_failure_becomes_an_answer(text, answer):
    models = Models()
    models.add("odd", Odd())
    status, body = RestApp(models).answer(
        "POST", "/v1/models/odd:predict", json.dumps({"inputs": text}).encode()
    )
    assert (status, json.loads(body)["error"]) == answer


def test_a_failed_load_is_told():
    models = Models()
    models.fail("m", 4, StatusError("NOT_FOUND", "no file"))
    status, body = RestApp(models).answer("GET", "/v1/models/m")
    error = {"error_code": "NOT_FOUND", "error_message": "no file"}
    state = {"version": "4", "state": "END", "status": error}
    assert (status, json.loads(body)) == (200, {"model_version_status": [state]})
