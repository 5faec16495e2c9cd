"""HTTP requests, from right to hostile, each with the answers that it may get."""

import dataclasses

import fuzz_bodies
import fuzz_files

# What an answer below /v1 may be. 499 is for a body that doesn't come in time.
API = frozenset({200, 400, 404, 499, 501, 503, 504})
# What the HTTP library answers where it can't read a request; `None` is a closed connection.
BROKEN = API | {None, 405, 411, 413, 414, 431, 505}

_PATHS = (
    b"/", b"/v1", b"/v1/", b"/v1/models", b"/v1/models/", b"/v1/models/toy/", b"//v1/models/toy",
    b"/v1//models/toy", b"/V1/MODELS/toy", b"/v1/models/%74oy", b"/v1/models/toy%2f..%2fgan",
    b"/v1/models/../../etc/passwd", b"/v1/models/..%2f..%2fetc%2fpasswd", b"/v1/models/toy%00",
    b"/v1/models/toy/versions/7", b"/v1/models/toy/versions/99999999999999999999999",
    b"/v1/models/toy/versions/" + b"9" * 5000, b"/v1/models/toy/versions/-1", b"/v1/models/%ff%fe",
    b"/v1/models/toy/versions/007/metadata", b"/v1/models/toy/labels/%0d%0aX:%20y",
    b"/v1/models/toy/metadata", b"/v1/models/toy?x=1", b"/v1/models/toy:predict?x=1",
    b"/v1/models/toy:PREDICT", b"/v1/models/toy:predict/", b"/v1/models/toy:",
    b"/v1/models/:predict",
    b"/v1/models/" + b"a" * 60_000, b"/v1/models/" + b"%41" * 5000, b"/v1/models/%",
    b"/v1/models/%z",
    b"/ui/", b"/ui/../serve.py", b"/ui/..%2fserve.py", b"/ui/%2e%2e/rest.py", b"/ui/style.css",
    b"/ui//etc/passwd", b"/ui/models.json", b"/ui/index.html", b"/ui/style.css%00", b"/ui/app.js?x",
    b"/monitoring/prometheus/metrics", b"/monitoring/prometheus/metrics?x", b"/favicon.ico", b"*",
    b"http://h/v1/models/toy", b"/v1/models/toy#x", b"/v1/models/\xc3\xa9", b"/\xff", b"", b"//",
    b"/v1/models/toy/versions/\xd9\xa3", b"/v1/models/toy\\..\\gan", b"/v1/models/toy;a=b",
)  # fmt: skip
_METHODS = b"GET POST PUT DELETE PATCH HEAD OPTIONS TRACE CONNECT get BREW".split()
_HEADERS = (
    b"Content-Type: text/plain", b"Accept-Encoding: gzip", b"Origin: http://a.example",
    b"Origin: \xff", b"Expect: 100-continue", b"Upgrade: websocket\r\nConnection: Upgrade",
    b"Upgrade: h2c", b"Connection: close", b"Connection: keep-alive", b"X: " + b"y" * 4000,
    b"Authorization: Bearer \xff\xfe", b"Authorization: Basic", b"Range: bytes=0-", b"X:",
    b"If-None-Match: *", b"Content-Encoding: br", b"X-Forwarded-For: 1.1.1.1", b"Te: trailers",
)  # fmt: skip
_BAD_HEADERS = (
    b"Content-Length: -1", b"Content-Length: abc", b"Content-Length: 1\r\nContent-Length: 2",
    b"Content-Length: " + b"9" * 5000, b"Content-Length: 99999999999999999", b"Content-Length: +1",
    b"Transfer-Encoding: gzip", b"Transfer-Encoding: chunked, chunked", b"no colon", b": empty",
    b"a b: c", b"X: a\rb", b"X: a\0b", b" X: folded", b"X\xff: y", b"X: " + b"y" * 200_000,
    b"\r\n".join(b"X%d: y" % i for i in range(5000)), b"Host: a\r\nHost: b", b"Content-Length:",
)  # fmt: skip


@dataclasses.dataclass
class Case:
    """A request as it goes over the wire.

    Attributes:
        kind: What it tries.
        pieces: The bytes, sent one after the other.
        statuses: What it may be answered with.
        pause: Seconds between the pieces.
        hangs_up: Whether the client goes away without an answer.
        answers: How many answers there are at most.
    """

    kind: str
    pieces: list
    statuses: frozenset = API
    pause: float = 0.0
    hangs_up: bool = False
    answers: int = 1


def head(method, path, *lines):
    return b"\r\n".join([method + b" " + path + b" HTTP/1.1", b"Host: h", *lines, b"", b""])


def post(path, body, *lines):
    return head(b"POST", path, b"Content-Length: %d" % len(body), *lines) + body


def make(rng, signatures, limit):
    """Make a case; `signatures` is `{model: {name: {alias: (dtype, shape)}}}`."""
    model = rng.choice(list(signatures))
    verb = rng.choice([b"predict"] * 6 + [b"classify", b"regress"])
    path = b"/v1/models/%s:%s" % (model.encode(), verb)
    body = fuzz_bodies.body(rng, signatures[model])
    choice = rng.random()
    for bound, maker in (
        (0.60, _plain), (0.72, _path), (0.80, _headers), (0.86, _chunked), (0.90, _gzip),
        (0.93, _half), (0.95, _pipelined), (0.97, _garbage), (0.972, _slow), (0.975, _huge),
    ):  # fmt: skip
        if choice < bound:
            return maker(rng, path, body, limit)
    return _get(rng, path, body, limit)


def _plain(rng, path, body, limit):
    return Case("body", [post(path, body)])


def _get(rng, path, body, limit):
    found = rng.choice([b"/v1/models/toy", b"/v1/models/gan/metadata", b"/v1/models/faces"])
    return Case("get", [head(b"GET", found)], frozenset({200}))


def _path(rng, path, body, limit):
    chosen = rng.choice(_PATHS)
    if rng.random() < 0.3:
        chosen = fuzz_files.mutate(rng, chosen)
    method = rng.choice(_METHODS)
    lines = [b"Content-Length: %d" % len(body)] if rng.random() < 0.3 else []
    return Case("path", [head(method, chosen, *lines) + (body if lines else b"")], BROKEN | {304})


def _headers(rng, path, body, limit):
    if rng.random() < 0.5:
        lines = rng.choices(_HEADERS, k=rng.randrange(1, 5))
        return Case("header", [post(path, body, *lines)], API | {None})
    lines = [rng.choice(_BAD_HEADERS)]
    version = rng.choice([b"1.1", b"1.0", b"0.9", b"2.0", b"9.9", b""])
    start = b"POST " + path + b" HTTP/" + version + b"\r\n"
    return Case("bad header", [start + b"\r\n".join([*lines, b"", b""]) + body], BROKEN)


def _chunked(rng, path, body, limit):
    start = head(b"POST", path, b"Transfer-Encoding: chunked")
    text, at = b"", 0
    while at < len(body):
        size = rng.randrange(1, 2000)
        piece = body[at : at + size]
        lie = rng.choice(
            [b"%x" % len(piece)] * 30 + [b"0", b"-1", b"z", b"f" * 20, b"1", b"10;x=y"]
        )
        text += lie + b"\r\n" + piece + b"\r\n"
        at += size
    return Case(
        "chunked", [start + text + rng.choice([b"0\r\n\r\n"] * 9 + [b""])], BROKEN, answers=9
    )


def _gzip(rng, path, body, limit):
    packed = fuzz_files.compressed(rng, body)
    return Case("gzip", [post(path, packed, b"Content-Encoding: gzip")])


def _half(rng, path, body, limit):
    text = post(path, body + b" " * 100)
    return Case("half", [text[: rng.randrange(len(text))]], hangs_up=True)


def _pipelined(rng, path, body, limit):
    text = b"".join(post(path, body) for _ in range(rng.randrange(2, 5)))
    return Case("pipelined", [text + rng.choice([b"", b"garbage\r\n\r\n"])], BROKEN, answers=9)


def _garbage(rng, path, body, limit):
    text = rng.choice(
        [
            rng.randbytes(200),
            b"\x16\x03\x01\x02\x00",
            b"\r\n" * 50,
            b"GET /\r\n\r\n",
            body,
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            fuzz_files.mutate(rng, post(path, body)),
        ]
    )
    return Case("garbage", [text + b"\r\n\r\n"], BROKEN, answers=9)


def _slow(rng, path, body, limit):
    text = post(path, body)
    size = max(1, len(text) // 8)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    return Case("slow", pieces, pause=0.02)


def _huge(rng, path, body, limit):
    return Case("huge", [post(path, fuzz_bodies.huge(rng, limit))], API)
