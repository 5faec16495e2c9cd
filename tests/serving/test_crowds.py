"""Clients that come in crowds, send nothing, or read nothing: nobody else waits for them."""

import http.client
import json
import socket
import threading
import time

import crowd_toys
import numpy as np
import pytest
import toys

from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.registry.models import Models
from keras_iidgan.serving.rest import connections
from keras_iidgan.serving.rest.admission import SMALL, Admission
from keras_iidgan.serving.rest.app import RestApp
from keras_iidgan.serving.rest.limits import Limits


@pytest.fixture
def filler():
    made = crowd_toys.Filler()
    yield made
    made.gate.set()


@pytest.fixture
def models(filler):
    return crowd_toys.registry(filler)


def test_a_line_that_is_too_long(models, filler):
    limits = Limits(max_waiting=3)
    waiting = []
    with toys.serve(RestApp(models, threads=1, limits=limits)) as port:
        path, body = crowd_toys.predict(0)
        for _ in range(3):
            waiting.append(http.client.HTTPConnection("127.0.0.1", port, timeout=30))
            waiting[-1].request("POST", path.decode(), body)
        found = until(
            lambda: crowd_toys.ask(port, "POST", *crowd_toys.predict_text(1)),
            lambda one: one[0] == 503,
        )
        assert json.loads(found[2]) == {"error": "3 requests are waiting already"}
        filler.gate.set()
        for connection in waiting:
            assert connection.getresponse().read() == b'{"predictions":[[]]}'
            connection.close()
        assert crowd_toys.ask(port, "POST", *crowd_toys.predict_text(1))[0] == 200


def until(function, is_right, seconds=30):
    deadline = time.monotonic() + seconds
    while not is_right(found := function()):
        assert time.monotonic() < deadline, found
        time.sleep(0.01)
    return found


def test_large_bodies_have_threads_of_their_own(models, filler):
    large = b" " * (2 << 20)
    with toys.serve(RestApp(models, threads=1)) as port:
        path, body = crowd_toys.predict(0)
        held = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(3)]
        for connection in held:
            connection.request("POST", path.decode(), body + large)
        assert crowd_toys.ask(port, "POST", *crowd_toys.predict_text(1))[0] == 200
        filler.gate.set()
        for connection in held:
            assert connection.getresponse().status == 200
            connection.close()


def test_bodies_take_so_much_memory_and_no_more():
    admission = Admission(max_waiting=1, max_bytes=10 * SMALL)
    with admission.body() as hold:
        hold(SMALL)
        hold(6 * SMALL)
        hold(7 * SMALL)
        with admission.body() as other:
            other(SMALL)
            with pytest.raises(StatusError, match="UNAVAILABLE"):
                other(4 * SMALL)
        with admission.body() as other:
            other(3 * SMALL)
    with admission.body() as hold:
        hold(10 * SMALL)


def test_a_client_that_reads_nothing_is_let_go(models):
    with (
        toys.serve(RestApp(models), http=connections.protocol(0.2)) as port,
        socket.create_connection(("127.0.0.1", port), 30) as connection,
    ):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        path, body = crowd_toys.predict(300_000)  # 30 MB
        head = b"POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % (path, len(body))
        connection.sendall(head + body)
        deadline = time.monotonic() + 30
        with pytest.raises(ConnectionError):
            while time.monotonic() < deadline:
                connection.sendall(b" ")
                time.sleep(0.05)


def test_a_client_that_reads_slowly_gets_all(models):
    with (
        toys.serve(RestApp(models), http=connections.protocol(0.3)) as port,
        socket.create_connection(("127.0.0.1", port), 30) as connection,
    ):
        path, body = crowd_toys.predict(200_000)  # 20 MB
        head = b"POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % (path, len(body))
        connection.sendall(head + body)
        response = http.client.HTTPResponse(connection)
        response.begin()
        size = 0
        while piece := response.read(2 << 20):
            size += len(piece)
            time.sleep(0.1)
        assert size > 20_000_000


METHODS = ("tensorflow.serving.PredictionService/Predict", "grpc.health.v1.Health/Watch")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("with_tokens", [True, False])
def test_calls_without_a_message_stop_nobody(gan, tokens, method, with_tokens):
    import grpc
    import rpc_toys
    from grpc_health.v1 import health_pb2

    models, over = Models(), threading.Event()
    models.add("gan", gan)
    token = [("authorization", "Bearer secret")]
    tokens = tokens if with_tokens else None
    limits = Limits(read_timeout_in_ms=500)
    with (
        rpc_toys.serve(models, threads=1, tokens=tokens, limits=limits) as stubs,
        grpc.insecure_channel(stubs.address) as channel,
    ):
        begin = channel.stream_unary(f"/{method}", None, None)
        calls = [begin.future(iter(over.wait, True)) for _ in range(10)]
        found = stubs.predict({"seed": np.array([1])}, "sample", metadata=token)
        assert found["z"].tolist() == [[1, 10]]
        assert stubs.health.Check(health_pb2.HealthCheckRequest(), timeout=30).status == 1
        if "Predict" in method:
            assert {call.exception(timeout=30).code().name for call in calls} == {"CANCELLED"}
        over.set()
        for call in calls:
            call.cancel()


def test_health_is_told_while_all_threads_are_busy(gan):
    import rpc_toys
    from grpc_health.v1 import health_pb2

    models, gated = Models(), rpc_toys.Gated(gan)
    models.add("gan", gated)
    with rpc_toys.serve(models, threads=1) as stubs:
        request = rpc_toys.predict_request({"seed": np.array([1])}, "sample")
        running = [stubs.prediction.Predict.future(request, timeout=60) for _ in range(80)]
        assert gated.begun.acquire(timeout=30)
        assert stubs.health.Check(health_pb2.HealthCheckRequest(), timeout=30).status == 1
        assert gated.runs == 1
        gated.gate.set()
        for call in running:
            assert call.result(timeout=30).outputs
