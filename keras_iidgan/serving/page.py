"""The web page of the embedded server: static files, and the list of models that they ask for.

TensorFlow Serving has no page and no list of its models, so both live outside of `/v1`. The page's
script calls the REST interface like any other client.
"""

import asyncio
import hashlib
import importlib.resources
import pathlib

import orjson

from keras_iidgan.serving import page_models

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
_SAFE = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]
_MODELS = b"/ui/models.json"


def _files():
    """Read the page's files: `{path: (headers, bytes)}`."""
    folder = importlib.resources.files("keras_iidgan.serving") / "ui"
    files = {}
    for file in folder.iterdir():
        suffix = pathlib.PurePath(file.name).suffix
        if suffix in _TYPES:
            files[f"/ui/{file.name}".encode()] = _with_headers(file.read_bytes(), _TYPES[suffix])
    files[b"/"] = files.pop(b"/ui/index.html")
    return files


def _with_headers(body, content_type):
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'.encode()
    # A browser asks each time whether its copy is still right, so that an update shows at once.
    caching = [(b"etag", tag), (b"cache-control", b"no-cache")]
    return [(b"content-type", content_type.encode()), *caching, *_SAFE], body


class Page:
    """ASGI middleware that answers for the page, at `/` and below `/ui/`.

    The files are held in memory: the path of a request is looked up among theirs and reaches no
    file system.

    Args:
        application: The ASGI application behind it, which answers everything else.
        models: The `Models` that the page lists.

    Attributes:
        public: The paths that tell nothing of the models, and need no token.
    """

    def __init__(self, application, models):
        self._application = application
        self._models = models
        self._files = _files()
        self.public = tuple(path.decode() for path in self._files)

    async def __call__(self, scope, receive, send):
        """Answer one HTTP request for the page, or pass it on."""
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            if scope["raw_path"] in self._files:
                return await self._file(scope, send)
            if scope["raw_path"] == _MODELS:
                return await self._list(send)
        await self._application(scope, receive, send)

    async def _file(self, scope, send):
        headers, body = self._files[scope["raw_path"]]
        known = dict(scope["headers"]).get(b"if-none-match", b"")
        if dict(headers)[b"etag"] in known:
            return await _send(send, 304, headers, b"")
        await _send(send, 200, [*headers, _length(body)], body)

    async def _list(self, send):
        # In a thread, as whoever ends the last use of a version has to close it.
        models = await asyncio.to_thread(page_models.describe, self._models)
        body = orjson.dumps({"models": models})
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store"), *_SAFE]
        await _send(send, 200, [*headers, _length(body)], body)


def _length(body):
    return b"content-length", str(len(body)).encode()


async def _send(send, status, headers, body):
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
