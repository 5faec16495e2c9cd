"""Requests that are too large, too slow or never whole: refused in time, and nobody else waits."""

import contextlib
import http.client
import json
import socket
import threading
import time

import pytest
import toys

from keras_iidgan.serving.monitoring import Registry
from keras_iidgan.serving.registry.models import Models, Signature, TensorSpec
from keras_iidgan.serving.rest import connections
from keras_iidgan.serving.rest.app import RestApp
from keras_iidgan.serving.rest.limits import Limits

HEAD = b"POST /v1/models/slow:predict HTTP/1.1\r\nHost: h\r\n"
BODY = b'{"instances":[1]}'
LENGTH = b"Content-Length: %d\r\n\r\n"


class Slow:
    """A servable that answers when its gate is open."""

    version = 1
    signatures = {  # noqa: RUF012
        "serving_default": Signature({"x": TensorSpec("int64", None)}, {}),
    }

    def __init__(self):
        self.gate = threading.Event()
        self.runs = 0

    def run(self, name, inputs):
        self.runs += 1
        assert self.gate.wait(30)
        return {"y": inputs["x"]}


@contextlib.contextmanager
def server(head_timeout=60, threads=None, opened=True, **limits):
    """A server of a slow model; yields its port, the model, and the metrics."""
    models, slow, metrics = Models(), Slow(), Registry()
    models.add("slow", slow)
    if opened:
        slow.gate.set()
    app = RestApp(models, threads=threads, limits=Limits(**limits), metrics=metrics)
    with toys.serve(app, http=connections.protocol(head_timeout)) as port:
        try:
            yield port, slow, metrics
        finally:
            slow.gate.set()


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def answer(connection):
    """Read an answer from a socket; returns the status and the JSON value."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    return response.status, json.loads(response.read())


def predict(port, body=BODY):
    with connect(port) as connection:
        connection.sendall(HEAD + LENGTH % len(body) + body)
        return answer(connection)


TOO_LARGE = (400, {"error": "Expecting a body of at most 1000 bytes"})


@pytest.mark.parametrize(
    "text",
    [
        LENGTH % 1001 + b"0" * 1001,
        LENGTH % 10**15,  # which never comes
        b"Transfer-Encoding: chunked\r\n\r\n" + 11 * (b"64\r\n" + b"0" * 100 + b"\r\n"),
    ],
)
def test_a_large_body_is_refused_before_its_end(text):
    with server(max_body_bytes=1000) as (port, slow, metrics):
        with connect(port) as connection:
            connection.sendall(HEAD + text)
            assert answer(connection) == TOO_LARGE
        assert predict(port, BODY + b" " * (1000 - len(BODY))) == (200, {"predictions": [1]})
        assert slow.runs == 1
        assert 'model_name="slow",status="INVALID_ARGUMENT"} 1' in metrics.page()


def test_after_a_large_body_the_connection_goes_on():
    with server(max_body_bytes=1000) as (port, *_), connect(port) as connection:
        connection.sendall(HEAD + LENGTH % 300_000)
        assert answer(connection) == TOO_LARGE
        connection.sendall(b"0" * 300_000 + HEAD + LENGTH % len(BODY) + BODY)
        assert answer(connection) == (200, {"predictions": [1]})


def test_an_endless_body_is_cut_off(monkeypatch):
    monkeypatch.setattr(connections, "_LINGER", 0.2)
    with server(max_body_bytes=1000) as (port, *_), connect(port) as connection:
        connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        with pytest.raises((ConnectionError, BrokenPipeError)):
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline:
                connection.sendall(b"1000\r\n" + b"0" * 0x1000 + b"\r\n")


def test_too_many_rows():
    with server(max_rows=3) as (port, slow, _):
        assert predict(port, b'{"instances":[1,2,3]}')[0] == 200
        want = (400, {"error": "Expecting at most 3 rows but got: 4"})
        assert predict(port, b'{"instances":[1,2,3,4]}') == want
        assert predict(port, b'{"inputs":[1,2,3,4]}') == want
        assert predict(port, b'{"inputs":1}') == (200, {"outputs": 1})
        assert slow.runs == 2


def test_an_answer_in_time_while_the_graph_runs():
    with server(threads=1, opened=False, rest_api_timeout_in_ms=100) as (port, slow, metrics):
        late = (504, {"error": "Timed out waiting for notification"})
        assert predict(port) == late
        assert predict(port) == late  # It waited for the thread, and is dropped from the line.
        assert slow.runs == 1
        slow.gate.set()
        answers = [late]
        while answers[-1] == late and len(answers) < 100:
            answers.append(predict(port))
        assert answers[-1] == (200, {"predictions": [1]})
        assert 'status="OK"} 1\n' in metrics.page()
        assert f'status="DEADLINE_EXCEEDED"}} {len(answers)}\n' in metrics.page()


@pytest.mark.parametrize("text", [LENGTH % 100 + b"{", b"Transfer-Encoding: chunked\r\n\r\n2\r\n{"])
def test_half_a_body(text):
    with server(read_timeout_in_ms=100) as (port, *_):
        with connect(port) as connection:
            connection.sendall(HEAD + text)
            status, _ = answer(connection)
        assert status == 499
        assert predict(port)[0] == 200


@pytest.mark.parametrize("text", [b"", HEAD[:10], HEAD])
def test_half_a_head(text):
    with server(head_timeout=0.1) as (port, *_):
        with connect(port) as connection:
            connection.sendall(text)
            assert connection.recv(1) == b""
        assert predict(port)[0] == 200


def test_slow_heads_dont_win_time():
    with server(head_timeout=0.3) as (port, *_), connect(port) as connection:
        deadline = time.monotonic() + 30
        with contextlib.suppress(ConnectionError):
            while time.monotonic() < deadline:
                connection.sendall(b"P")
                connection.settimeout(0.05)
                with contextlib.suppress(TimeoutError):
                    if connection.recv(1) == b"":
                        break
        assert time.monotonic() < deadline


def test_many_requests_on_one_connection_outlive_the_deadline_of_a_head():
    with server(head_timeout=0.2) as (port, *_), connect(port) as connection:
        for _ in range(5):
            connection.sendall(HEAD + LENGTH % len(BODY) + BODY)
            assert answer(connection) == (200, {"predictions": [1]})
            time.sleep(0.1)


def test_many_silent_connections_stop_nobody():
    with server() as (port, *_), contextlib.ExitStack() as stack:
        for number in range(400):
            connection = stack.enter_context(connect(port))
            connection.sendall((b"", HEAD, HEAD + LENGTH % 100)[number % 3])
        assert predict(port) == (200, {"predictions": [1]})


@pytest.mark.parametrize("name", ["max_body_bytes", "max_lists", "max_rows", "max_waiting"])
def test_limits_are_positive(name):
    with pytest.raises(ValueError, match=f"{name} must be at least 1; got 0"):
        Limits(**{name: 0})
