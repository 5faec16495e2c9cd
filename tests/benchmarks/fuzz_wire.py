"""HTTP requests on their way, and what may come back."""

import contextlib
import http.client
import json
import re
import socket
import time

import fuzz_http

# Seconds for an answer that needn't come, as the server may wait for the rest of the request.
_PATIENCE = 0.3

_LEAKS = re.compile(rb'Traceback|File "|site-packages|/tmp/|/home/|\.py\b|0x[0-9a-f]{8,}')


def send(port, case, timeout=60):
    """Send a case; returns a list of (status, headers, body), with status `None` for none."""
    if None in case.statuses:
        timeout = _PATIENCE
    with contextlib.closing(socket.create_connection(("127.0.0.1", port), timeout)) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(ConnectionError):
            for piece in case.pieces:
                client.sendall(piece)
                time.sleep(case.pause)
        if case.hangs_up:
            return []
        return _receive(client, case)


def _receive(client, case):
    method = case.pieces[0].split(b" ", 1)[0].decode("latin-1")
    file = client.makefile("rb")
    found = []
    while len(found) < case.answers:
        response = http.client.HTTPResponse(_Kept(file), method=method)
        try:
            response.begin()
            found.append((response.status, response.headers, response.read()))
        except TimeoutError:
            if None not in case.statuses:
                raise
            break
        except (ConnectionError, http.client.BadStatusLine, http.client.IncompleteRead):
            break
        if response.will_close:
            break
    return found or [(None, {}, b"")]


class _Kept:
    """What `HTTPResponse` wants of a socket, with one buffer for all answers."""

    def __init__(self, file):
        self._file = file

    def makefile(self, *_):
        return self

    def __getattr__(self, name):
        return getattr(self._file, name)

    def close(self):
        """Keep it open for the next answer."""


def problem(case, answers):
    """Say what is wrong with the answers to a case, or return `None`."""
    for status, headers, body in answers:
        if status not in case.statuses:
            return f"status {status}: {body[:200]!r}"
        if _LEAKS.search(body) and headers.get("Content-Type") == "application/json":
            return f"tells of the inside: {body[:400]!r}"
        if status in (None, 304) or case.pieces[0].startswith((b"HEAD", b"OPTIONS")):
            continue
        if headers.get("Content-Type") == "application/json":
            try:
                value = json.loads(body.decode("utf-8", "surrogateescape"))
            except ValueError as error:
                return f"no JSON ({error}): {body[:200]!r}"
            if status != 200 and list(value) != ["error"]:
                return f"no error object: {body[:200]!r}"
    return None


@contextlib.contextmanager
def idle(port, count):
    """Hold connections that are silent, or stop in the middle of a head or a body."""
    half = fuzz_http.post(b"/v1/models/toy:predict", b"x" * 100)[:-50]
    with contextlib.ExitStack() as stack:
        for number in range(count):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", port), 30))
            client.sendall((b"", half[:30], half)[number % 3])
        yield
