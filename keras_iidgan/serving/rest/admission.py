"""How many requests wait at once, and how many bytes of theirs the server holds.

Threads are bounded, and so is the time that a client waits for one; without a bound on the line as
well, a crowd that sends faster than the models run would fill the memory.
"""

import contextlib

from keras_iidgan.serving.errors import StatusError

# Smaller bodies are always let in, so that nobody is shut out by others' large ones.
SMALL = 64 << 10  # bytes


class Admission:
    """Counts what is there. All of it happens in the thread of the event loop.

    Args:
        max_waiting: Requests that are worked on or wait for a thread.
        max_bytes: Bytes of the bodies that are held at once, small ones left out.
    """

    def __init__(self, max_waiting, max_bytes):
        self._max_waiting, self._max_bytes = max_waiting, max_bytes
        self._waiting = self._bytes = 0

    @contextlib.contextmanager
    def body(self):
        """Make room for a body that comes in pieces.

        Yields:
            Function of the size of what is there so far, which raises UNAVAILABLE where there is
            no room for it.
        """
        held = 0

        def hold(size):
            nonlocal held
            if size > SMALL and self._bytes + size - held > self._max_bytes:
                raise StatusError("UNAVAILABLE", "The bodies of other requests take all memory")
            if size > SMALL:
                self._bytes += size - held
                held = size

        try:
            yield hold
        finally:
            self._bytes -= held

    @contextlib.contextmanager
    def place(self):
        """Take a place in the line.

        Raises:
            StatusError: UNAVAILABLE where it is too long.
        """
        if self._waiting >= self._max_waiting:
            raise StatusError("UNAVAILABLE", f"{self._waiting} requests are waiting already")
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
