"""Bearer tokens: who has none of the file's tokens is not answered.

TensorFlow Serving has nothing of the kind; behind a proxy that has, leave it off.
"""

import asyncio
import hmac
import logging
import pathlib
import re
import threading

import orjson

from keras_iidgan.serving.rest import routes
from keras_iidgan.serving.rest.cors import origin_headers

_log = logging.getLogger(__name__)

MESSAGE = "a valid bearer token is required"

_PATIENCE = 5  # seconds for the body of a request that is refused

_TOKEN = re.compile(rb"[A-Za-z0-9._~+/-]+=*")  # RFC 6750, section 2.1
_HEADER = re.compile(rb"bearer +([^ ]+) *", re.IGNORECASE)
_RULE = (
    "auth_token_file must name a file with a token of letters, digits and -._~+/ in each line; got"
)


class Tokens:
    """The tokens of a file, which is read again when it changes.

    A file that becomes unreadable, empty or malformed leaves the tokens before in force.

    Args:
        path: Path of the file.

    Raises:
        ValueError: The file cannot be read, or holds no token, or something else.
    """

    def __init__(self, path):
        self._path = pathlib.Path(path)
        self._lock = threading.Lock()
        self._seen = self._state()
        self._tokens = self._read()

    def allow(self, header):
        """Say whether an Authorization header has one of the tokens.

        Args:
            header: The header's value in bytes, or `None` where there is no such header.

        Returns:
            A `bool`. The time that it takes tells nothing of how much of a token was right.
        """
        found = _HEADER.fullmatch(header or b"")
        sent = found[1] if found else b""
        # A list, not a generator: the comparison goes on after a hit.
        return any([hmac.compare_digest(sent, token) for token in self._current()])

    def _current(self):
        with self._lock:
            state = self._state()
            if state != self._seen:
                self._seen = state
                try:
                    self._tokens = self._read()
                except ValueError as error:
                    _log.warning("the tokens stay as they were: %s", error)
            return self._tokens

    def _state(self):
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self):
        try:
            lines = self._path.read_bytes().split(b"\n")
        except OSError as error:
            raise ValueError(f"{_RULE} {self._path}: {error.strerror}") from None
        tokens = [line.strip() for line in lines if line.strip()]
        if not tokens:
            raise ValueError(f"{_RULE} {self._path}, which is empty")
        for number, line in enumerate(lines, 1):
            if line.strip() and not _TOKEN.fullmatch(line.strip()):
                raise ValueError(f"{_RULE} {self._path}, whose line {number} is none")
        return tokens


class BearerAuth:
    """ASGI middleware that lets requests with a token through.

    Args:
        application: The ASGI application behind it.
        tokens: A `Tokens`.
        public: Paths that need no token. `OPTIONS` on the REST interface never does, as browsers
            send none with it.
        allows_origins: Whether answers permit pages of other origins to read them.
    """

    def __init__(self, application, tokens, public=("/",), allows_origins=False):
        self._application = application
        self._headers = origin_headers(allows_origins, takes_tokens=True)
        self._tokens = tokens
        self._public = frozenset(public)

    async def __call__(self, scope, receive, send):
        """Pass one HTTP request on, or answer 401."""
        if scope["type"] == "http" and not self._passes(scope):
            await self._refuse(receive, send)
        else:
            await self._application(scope, receive, send)

    def _passes(self, scope):
        if scope["path"] in self._public:
            return True
        if scope["method"] == "OPTIONS" and routes.is_api(scope["raw_path"].decode("latin-1")):
            return True
        sent = [value for name, value in scope["headers"] if name == b"authorization"]
        return len(sent) == 1 and self._tokens.allow(sent[0])

    async def _refuse(self, receive, send):
        if not await _is_read(receive):
            return
        body = orjson.dumps({"error": MESSAGE})
        headers = [
            (b"content-type", b"application/json"),
            (b"www-authenticate", b"Bearer"),
            (b"content-length", str(len(body)).encode()),
            *self._headers,
        ]
        await send({"type": "http.response.start", "status": 401, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def _is_read(receive):
    """Take a body and throw it away, for some time; returns whether the client is still there.

    A client that is still sending would see the connection break, and not the answer.
    """
    try:
        async with asyncio.timeout(_PATIENCE):
            while (event := await receive()).get("more_body"):
                pass
    except TimeoutError:
        return True
    return event["type"] != "http.disconnect"
