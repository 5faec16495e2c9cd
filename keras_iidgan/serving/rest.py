"""The REST interface of TensorFlow Serving as an ASGI application.

It moves bytes: paths go to `routes`, bodies to `codec`, tensors to a servable of `Models`.
"""

import asyncio
import concurrent.futures
import contextlib
import functools
import logging
import os
import zlib

import orjson

from keras_iidgan.serving import codec, routes
from keras_iidgan.serving.errors import StatusError, invalid
from keras_iidgan.serving.models import find_signature

_log = logging.getLogger(__name__)

INFLATED_LIMIT = 100 << 20  # bytes, as in the reference server
BODY_LIMIT = 1 << 30  # bytes; the reference server has none

_JSON = [(b"content-type", b"application/json")]
_HTML = [(b"content-type", b"text/html")]
_CORS = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"POST, GET"),
    (b"access-control-allow-headers", b"Content-Type"),
]


class RestApp:
    """ASGI application over a registry of models.

    Args:
        models: A `Models`.
        cors: Whether answers permit pages of other origins to read them.
        threads: Number of requests that are worked on at once; the rest waits in line.
    """

    def __init__(self, models, cors=False, threads=None):
        self._models = models
        self._extra_headers = _CORS if cors else []
        self._threads = concurrent.futures.ThreadPoolExecutor(
            threads or 4 * (os.cpu_count() or 1), thread_name_prefix="rest"
        )

    async def __call__(self, scope, receive, send):
        """Answer one HTTP request, as ASGI has it."""
        if scope["type"] != "http":
            return
        query = b"?" + scope["query_string"] if scope["query_string"] else b""
        path = (scope["raw_path"] + query).decode("latin-1")
        if not routes.is_api(path):
            return await _send(send, 404, b"<html><body>404 Not Found</body></html>", _HTML)
        headers = dict(scope["headers"])
        if scope["method"] == "OPTIONS":
            allowed = headers.get(b"origin", b"").startswith((b"http://", b"https://"))
            return await _send(send, 200 if allowed else 400, b"", self._extra_headers)
        try:
            body = await _read(receive)
        except StatusError as error:
            answer = error.http_status, _error_body(error)
        else:
            if body is None:  # The client has gone.
                return
            work = functools.partial(
                self.answer, scope["method"], path, body, headers.get(b"content-encoding", b"")
            )
            answer = await asyncio.get_running_loop().run_in_executor(self._threads, work)
        await _send(send, *answer, _JSON + self._extra_headers)

    def answer(self, method, path, body=b"", encoding=b""):
        """Work out the answer to a request; blocks while the model runs.

        Args:
            method: The HTTP method in capitals.
            path: The path with the query string, percent-encoded.
            body: The bytes of the body.
            encoding: The Content-Encoding.

        Returns:
            The HTTP status and the JSON text as `bytes`. It never raises: whatever fails becomes
            an answer.
        """
        try:
            route = routes.parse(method, path)
            if b"gzip" in encoding:
                body = inflate(body)
            return 200, getattr(self, f"_{route.action}")(route, body)
        except StatusError as error:
            return error.http_status, _error_body(error)
        except Exception as error:
            _log.exception("%s %s failed", method, path)
            error = StatusError("INTERNAL", f"{type(error).__name__}: {error}")
            return error.http_status, _error_body(error)

    def _predict(self, route, body):
        with contextlib.ExitStack() as held:
            servable = None

            def input_types(name):
                nonlocal servable
                servable = self._models.lookup(route.model, route.version, route.label)
                held.enter_context(servable)
                _, signature = find_signature(servable, name)
                return {alias: spec.dtype for alias, spec in signature.inputs.items()}

            request = codec.parse_predict(body, input_types)
            outputs = servable.run(request.signature_name, request.inputs)
        return codec.format_predict(outputs, request.row)

    def _classify(self, route, body):
        self._models.lookup(route.model, route.version, route.label)
        raise StatusError("UNIMPLEMENTED", f"{route.action} is not served here; use predict")

    _regress = _classify

    def _status(self, route, body):
        # A label is accepted and ignored, unknown ones too.
        states = self._models.status(route.model, route.version)
        return orjson.dumps({"model_version_status": [_state(status) for status in states]})

    def _metadata(self, route, body):
        with self._models.lookup(route.model, route.version, route.label) as servable:
            name = {"name": route.model, "signature_name": "", "version": str(servable.version)}
            signatures = {"signature_def": {"signature_def": servable.metadata()}}
        return orjson.dumps({"model_spec": name, "metadata": signatures})


def inflate(body, limit=INFLATED_LIMIT):
    """Undo gzip.

    Args:
        body: Compressed bytes.
        limit: Largest size of the result, in bytes.

    Returns:
        The bytes; none where the body is not gzip, is cut short or is larger than the limit.
    """
    inflater = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        plain = inflater.decompress(body, limit + 1)
    except zlib.error:
        return b""
    return plain if inflater.eof and len(plain) <= limit else b""


def _state(status):
    error = {"error_code": status.error_code, "error_message": status.error_message}
    return {"version": str(status.version), "state": status.state, "status": error}


def _error_body(error):
    # A message may echo what was sent, lone surrogates included, which JSON cannot hold.
    message = error.message.encode("utf-8", "replace").decode()
    return orjson.dumps({"error": message})


async def _read(receive):
    pieces, size = [], 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            return None
        pieces.append(event.get("body", b""))
        size += len(pieces[-1])
        if size > BODY_LIMIT:
            raise invalid(f"Expecting a body of at most {BODY_LIMIT} bytes")
        if not event.get("more_body"):
            return b"".join(pieces)


async def _send(send, status, body, headers):
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
