"""HTTP connections of which one that is silent, slow or endless keeps nothing from the others."""

import math

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

# Seconds for a client to see that its body was refused before the end, and to stop.
_LINGER = 5
_LONG = 64 << 10  # bytes


def protocol(timeout):
    """Make the class of connections: uvicorn's, with a deadline where that waits endlessly.

    Args:
        timeout: Seconds that a connection may take for the head of a request, and a client to take
            more of an answer that doesn't fit the connection's buffer.

    Returns:
        The class, for `uvicorn.Config(http=...)`.
    """

    class Connection(H11Protocol):
        _deadline = _stalled = None

        def connection_made(self, transport):
            super().connection_made(_Joining(transport, self.loop))
            self._close_in(timeout)

        def data_received(self, data):
            super().data_received(data)
            if self.conn.their_state is h11.IDLE:
                if self._deadline is None:
                    self._close_in(timeout)
            elif self.conn.our_state is not h11.DONE:
                self._stay_open()

        def on_response_complete(self):
            # What else comes of a body is thrown away. To close at once would lose the answer.
            if self.conn.their_state is h11.SEND_BODY:
                self._close_in(_LINGER)
            super().on_response_complete()

        def pause_writing(self):
            self._expect_less_than(math.inf)
            super().pause_writing()

        def resume_writing(self):
            self._stop_watching()
            super().resume_writing()

        def connection_lost(self, exc):
            self._stay_open()
            self._stop_watching()
            super().connection_lost(exc)

        def _close_in(self, seconds):
            self._stay_open()
            self._deadline = self.loop.call_later(seconds, self._end)

        def _end(self):
            self.transport.close()
            if self._stalled is None:  # What the client hasn't taken yet must not keep it open.
                self._stalled = self.loop.call_later(_LINGER, self.transport.abort)

        def _expect_less_than(self, size):
            """End the connection unless less is left of an answer, now and after each time."""
            left = self.transport.get_write_buffer_size()
            if left >= size:
                return self.transport.abort()
            self._stalled = self.loop.call_later(timeout, self._expect_less_than, left)

        def _stop_watching(self):
            if self._stalled is not None:
                self._stalled.cancel()
                self._stalled = None

        def _stay_open(self):
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

    return Connection


class _Joining:
    """A transport that sends together what is written in one turn of the event loop.

    uvicorn writes the head of an answer and its body one by one, each a call of the system, and
    wakes the client twice.

    Args:
        transport: The transport, whose other attributes this has too.
        loop: The event loop.
    """

    def __init__(self, transport, loop):
        self._transport, self._loop = transport, loop
        self._parts = []

    def __getattr__(self, name):
        return getattr(self._transport, name)

    def write(self, data):
        """Send bytes soon, or at once if they are so many that to copy them takes longer."""
        if len(data) > _LONG:
            self._flush()
            return self._transport.write(data)
        if not self._parts:
            self._loop.call_soon(self._flush)
        self._parts.append(data)

    def get_write_buffer_size(self):
        """Return the number of bytes that are not sent yet."""
        return self._transport.get_write_buffer_size() + sum(map(len, self._parts))

    def close(self):
        """Close the transport once everything is sent."""
        self._flush()
        self._transport.close()

    def _flush(self):
        if self._parts:
            parts, self._parts = self._parts, []
            self._transport.write(b"".join(parts))
