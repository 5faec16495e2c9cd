"""What is tried again and what isn't, by a client whose waits are counted and not waited."""

import contextlib
import http.server
import json
import socket
import threading

import numpy as np
import pytest
from waits import Waits

from keras_iidgan.serving import Client, ServingError
from keras_iidgan.serving.client import Retries

BUSY, WELL, WRONG = (
    (503, {"error": "busy"}),
    (200, {"outputs": [[1.0, 2.0]]}),
    (400, {"error": "no"}),
)


@pytest.fixture
def server():
    """A server that gives the answers in its list one by one; None breaks the connection."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            answer = self.server.answers.pop(0)
            if answer is None:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            status, body = answer
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body) + self.server.missing.pop(0)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.answers, server.missing = [], [0] * 9
        server.url = f"http://127.0.0.1:{server.server_address[1]}/v1/models/m"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_busy_server_is_asked_again_later_and_later(server):
    waits = Waits()
    client = Client(server.url, retries=waits.retries(count=4, longest=0.3))
    server.answers = [BUSY, BUSY, (503, b"<html>of a proxy</html>"), BUSY, WELL]
    assert client.invert([[0, 0]]).tolist() == [[1, 2]]
    np.testing.assert_allclose(waits.waited, [0.1, 0.2, 0.3, 0.3])


def test_a_connection_that_breaks_is_taken_up_again(server):
    waits = Waits()
    client = Client(server.url, retries=waits.retries())
    server.answers, server.missing = [None, WELL, WELL], [5, 0]
    assert client.invert([[0, 0]]).tolist() == [[1, 2]]
    assert len(waits.waited) == 2


def test_the_number_of_retries_and_their_time_are_bounded(server):
    waits = Waits()
    server.answers = [BUSY] * 9
    with pytest.raises(ServingError, match="503: busy"):
        Client(server.url, retries=waits.retries(count=2)).invert([[0, 0]])
    assert len(server.answers) == 6
    waits.waited.clear()
    with pytest.raises(ServingError, match="503: busy"):
        Client(server.url, retries=waits.retries(count=9, seconds=0.75)).invert([[0, 0]])
    np.testing.assert_allclose(waits.waited, [0.1, 0.2, 0.4])
    assert len(server.answers) == 2
    with pytest.raises(ServingError, match="503: busy"):
        Client(server.url, retries=Retries(count=0)).invert([[0, 0]])
    with pytest.raises(ValueError, match="seconds: expected at least 0, got -1"):
        Retries(seconds=-1)


@pytest.mark.parametrize("answer", [WRONG, (500, {"error": "no"}), (504, {"error": "no"})])
def test_other_errors_are_final(server, answer):
    waits = Waits()
    server.answers = [answer, WELL]
    with pytest.raises(ServingError, match="no") as caught:
        Client(server.url, retries=waits.retries()).invert([[0, 0]])
    assert caught.value.status == answer[0]
    assert not waits.waited


def test_a_time_out_is_final():
    waits = Waits()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ServingError, match=f"no answer from http://{host}/v1/models/m: timed"):
            Client(f"http://{host}", "m", timeout=0.05, retries=waits.retries()).status()
        with Client(f"grpc://{host}", "m", timeout=0.05, retries=waits.retries()) as client:
            with pytest.raises(ServingError, match=f"504: grpc://{host}: Deadline Exceeded"):
                client.status()
    assert not waits.waited


def test_an_answer_that_trickles_ends_with_the_time():
    def trickle(listener, enough):
        connection, _ = listener.accept()
        with connection:
            connection.recv(1 << 16)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            while not enough.wait(0.01):
                connection.sendall(b" ")

    enough, waits = threading.Event(), Waits()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=_until_gone(trickle), args=[listener, enough])
        thread.start()
        with pytest.raises(ServingError, match=r"no answer from .*: timed out"):
            Client(url, "m", timeout=0.2, retries=waits.retries()).status()
        enough.set()
        thread.join()
    assert not waits.waited


def _until_gone(function):
    def call(*arguments):
        with contextlib.suppress(ConnectionError):
            function(*arguments)

    return call


def test_jitter_halves_a_wait_at_most():
    waits, drawn = Waits(), []

    def uniform(low, high):
        drawn.append((low, high))
        return low

    retries = Retries(sleep=waits.sleep, clock=lambda: 0, uniform=uniform, count=2)

    def fail():
        raise ServingError("busy", 503, is_temporary=True)

    with pytest.raises(ServingError):
        retries.call(fail)
    assert waits.waited == [0.05, 0.1]
    assert set(drawn) == {(0.5, 1.0)}
