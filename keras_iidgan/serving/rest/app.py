"""The REST interface of TensorFlow Serving as an ASGI application.

It moves bytes: paths go to `routes`, bodies to `codec`, tensors to a servable of `Models`.
"""

import contextlib
import functools
import logging
import time

import orjson

from keras_iidgan.serving import codec, one_shot
from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.monitoring import Registry
from keras_iidgan.serving.registry.models import find_signature
from keras_iidgan.serving.rest import routes
from keras_iidgan.serving.rest.cors import origin_headers
from keras_iidgan.serving.rest.limits import Limits, inflate
from keras_iidgan.serving.rest.together import Together
from keras_iidgan.serving.rest.workers import Workers
from keras_iidgan.serving.running import Runner

_log = logging.getLogger(__name__)

_JSON = [(b"content-type", b"application/json")]
_HTML = [(b"content-type", b"text/html")]
_TEXT = [(b"content-type", b"text/plain")]


class RestApp:
    """ASGI application over a registry of models.

    Args:
        models: A `Models`.
        cors: Whether answers permit pages of other origins to read them.
        threads: Number of requests that are worked on at once; the rest waits in line.
        limits: A `Limits`.
        metrics: The `Registry` that counts the requests.
        metrics_path: The path of Prometheus' page; `None` for no such page.
        takes_tokens: Whether a page of another origin may send a token.
    """

    def __init__(
        self,
        models,
        cors=False,
        threads=None,
        limits=None,
        metrics=None,
        metrics_path=None,
        takes_tokens=False,
    ):
        self._models = models
        self._limits = limits or Limits()
        self._metrics = metrics or Registry()
        self._metrics_path = metrics_path
        self._runner = Runner(self._limits, self._metrics)
        self._extra_headers = origin_headers(cors, takes_tokens)
        self._workers = Workers(self._limits, threads)
        self._together = Together(models, self._workers, self._limits, self._metrics)

    async def __call__(self, scope, receive, send):
        """Answer one HTTP request, as ASGI has it."""
        if scope["type"] != "http":
            return
        query = b"?" + scope["query_string"] if scope["query_string"] else b""
        path = (scope["raw_path"] + query).decode("latin-1")
        is_metrics = scope["raw_path"].decode("latin-1") == self._metrics_path
        # To answer CONNECT with 200 would be to say that a tunnel is open.
        if is_metrics and scope["method"] != "CONNECT":
            return await _send(send, *self._page(path), _TEXT)
        if not routes.is_api(path):
            return await _send(send, 404, b"<html><body>404 Not Found</body></html>", _HTML)
        headers = dict(scope["headers"])
        if scope["method"] == "OPTIONS":
            allowed = headers.get(b"origin", b"").startswith((b"http://", b"https://"))
            code = "OK" if allowed else "FAILED_PRECONDITION"
            self._metrics.observe("", "", "REST", code, 0)
            return await _send(send, 200 if allowed else 400, b"", self._extra_headers)
        try:
            answer = await self._respond(scope["method"], path, headers, receive)
        except StatusError as error:
            self._metrics.observe(_model(scope["method"], path), "", "REST", error.code, 0)
            answer = error.http_status, _error_body(error)
        if answer:
            await _send(send, *answer, _JSON + self._extra_headers)

    async def _respond(self, method, path, headers, receive):
        """Read a request and have it worked on; returns `None` where the client has gone."""
        encoding = headers.get(b"content-encoding", b"")
        work = functools.partial(self._work, method, path, encoding)
        with self._workers.admission.body() as hold:
            body = await self._limits.read(headers, receive, hold)
            if body is None:
                return None
            started = time.perf_counter()
            quick = None if encoding else await self._together.predict(method, path, body)
            if quick:
                status, text, code, name, api = 200, quick[1], "OK", quick[0], "predict"
            else:
                found = await self._workers.run(work, body, b"gzip" in encoding)
                status, text, code, name, api = found
        self._metrics.observe(name, api, "REST", code, time.perf_counter() - started)
        return status, text

    def _page(self, path):
        if path == self._metrics_path:
            return 200, self._metrics.page().encode()
        return 400, f"Unexpected path: {path}. Should be {self._metrics_path}".encode()

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
        return self._work(method, path, encoding, body)[:2]

    def _work(self, method, path, encoding, body):
        """Work out an answer; also its code, and the names of model and call for the metrics."""
        name = api = ""
        try:
            route = routes.parse(method, path)
            # The reference server has no name for a GET.
            name, api = route.model, route.action if method == "POST" else ""
            if b"gzip" in encoding:
                body = inflate(body, self._limits.max_body_bytes)
            return 200, getattr(self, f"_{route.action}")(route, body), "OK", name, api
        except StatusError as failure:
            error = failure
        except Exception as failure:
            _log.exception("%s %s failed", method, path)
            error = StatusError("INTERNAL", f"{type(failure).__name__}: {failure}")
        return error.http_status, _error_body(error), error.code, name, api

    def _predict(self, route, body):
        with contextlib.ExitStack() as held:
            servable = None

            def input_types(name):
                nonlocal servable
                servable = self._models.lookup(route.model, route.version, route.label)
                held.enter_context(servable)
                _, signature = find_signature(servable, name)
                return {alias: spec.dtype for alias, spec in signature.inputs.items()}

            request = codec.parse_predict(body, input_types, self._limits.max_lists)
            run = self._runner.run
            outputs = run(route.model, servable, request.signature_name, request.inputs)
        return codec.format_predict(outputs, request.row)

    def _classify(self, route, body):
        name = codec.parse_examples(body, self._limits.max_lists)
        servable = self._models.lookup(route.model, route.version, route.label)
        one_shot.check(servable, name, route.action)
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


def _state(status):
    error = {"error_code": status.error_code, "error_message": status.error_message}
    return {"version": str(status.version), "state": status.state, "status": error}


def _error_body(error):
    # A message may echo what was sent, lone surrogates included, which JSON cannot hold.
    message = error.message.encode("utf-8", "replace").decode()
    return orjson.dumps({"error": message})


def _model(method, path):
    """Return the name of the model that a request is for; empty where it has none."""
    try:
        return routes.parse(method, path).model
    except StatusError:
        return ""


async def _send(send, status, body, headers):
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
