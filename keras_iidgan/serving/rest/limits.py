"""What a request may cost, and the body of a request within that."""

import asyncio
import dataclasses
import zlib

from keras_iidgan.serving.errors import StatusError, invalid

INFLATED_LIMIT = 100 << 20  # bytes, as in the reference server


@dataclasses.dataclass(frozen=True)
class Limits:
    """Limits of the server, each with its flag's name.

    Attributes:
        max_body_bytes: Bytes of a body, also of one that gzip inflates.
        max_rows: Rows of each input of a request.
        rest_api_timeout_in_ms: Time for an answer, once the request is there.
        read_timeout_in_ms: Time for the head of a request to come, and again for its body; also
            for a client to take more of an answer.
        max_lists: Lists and objects of a JSON body.
        max_waiting: Requests that are worked on or wait for a thread.

    Raises:
        ValueError: One isn't positive.
    """

    max_body_bytes: int = 32 << 20
    max_rows: int = 10_000
    rest_api_timeout_in_ms: int = 30_000
    read_timeout_in_ms: int = 60_000
    max_lists: int = 1 << 20
    max_waiting: int = 1000

    def __post_init__(self):
        for name, value in vars(self).items():
            if value < 1:
                raise ValueError(f"{name} must be at least 1; got {value}")

    def check_rows(self, inputs):
        """Refuse inputs with too many rows.

        Args:
            inputs: `{alias: array}`.

        Raises:
            StatusError: INVALID_ARGUMENT.
        """
        rows = max((len(array) for array in inputs.values() if array.ndim), default=0)
        if rows > self.max_rows:
            raise invalid(f"Expecting at most {self.max_rows} rows but got: {rows}")

    async def read(self, headers, receive, hold=lambda size: None):
        """Read the body of a request, and no more of it than the limit.

        Args:
            headers: The request's headers by name.
            receive: ASGI's function.
            hold: See `Admission.body`.

        Returns:
            The bytes, or `None` where the client has gone.

        Raises:
            StatusError: INVALID_ARGUMENT for a body that is or will be too large, CANCELLED for
                one that doesn't come; also what `hold` raises.
        """
        # h11 has refused what isn't a number.
        if int(headers.get(b"content-length", 0)) > self.max_body_bytes:
            raise self._too_large()
        try:
            async with asyncio.timeout(self.read_timeout_in_ms / 1000):
                return await self._pieces(receive, hold)
        except TimeoutError:
            raise StatusError("CANCELLED", "Timed out waiting for the request's body") from None

    async def _pieces(self, receive, hold):
        pieces, size = [], 0
        while True:
            event = await receive()
            if event["type"] == "http.disconnect":
                return None
            pieces.append(event.get("body", b""))
            size += len(pieces[-1])
            if size > self.max_body_bytes:
                raise self._too_large()
            hold(size)
            if not event.get("more_body"):
                return b"".join(pieces)

    def _too_large(self):
        return invalid(f"Expecting a body of at most {self.max_body_bytes} bytes")


def inflate(body, limit):
    """Undo gzip.

    Args:
        body: Compressed bytes.
        limit: Largest size of the result, in bytes; or INFLATED_LIMIT if that is less.

    Returns:
        The bytes; none where the body is not gzip, is cut short or is larger than the limit.
    """
    limit = min(limit, INFLATED_LIMIT)
    inflater = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        plain = inflater.decompress(body, limit + 1)
    except zlib.error:
        return b""
    return plain if inflater.eof and len(plain) <= limit else b""
