"""What clients get whose requests are still being worked on when a server's time is over."""

import asyncio

import orjson

_BODY = orjson.dumps({"error": "the server has been shut down"})
_HEADERS = [
    (b"content-type", b"application/json"),
    (b"content-length", str(len(_BODY)).encode()),
    (b"connection", b"close"),
]


class Ending:
    """ASGI middleware that turns the cancellation of a request into status 503.

    Args:
        application: The ASGI application behind it.
    """

    def __init__(self, application):
        self._application = application

    async def __call__(self, scope, receive, send):
        """Pass one request on; answer it if it is cancelled before an answer has begun."""
        begun = False

        async def noting(event):
            nonlocal begun
            begun = True
            await send(event)

        try:
            await self._application(scope, receive, noting)
        except asyncio.CancelledError:
            # Raised further it would be logged with a traceback, and no task waits for this one.
            if scope["type"] == "http" and not begun:
                await send({"type": "http.response.start", "status": 503, "headers": _HEADERS})
                await send({"type": "http.response.body", "body": _BODY})
