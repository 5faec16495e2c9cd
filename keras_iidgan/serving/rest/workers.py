"""The threads that answer requests, and the line before them."""

import asyncio
import concurrent.futures
import contextlib
import os

from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.rest.admission import Admission

# To read larger bodies takes memory: as many as there are threads for them do so at once.
LARGE = 1 << 20  # bytes
_LARGE_THREADS = 2
_BODIES = 8  # of the largest size, that are held at once


class Workers:
    """Has requests worked on within limits.

    A graph that runs can't be stopped: it keeps its thread, of which there are so many, when its
    client has been answered. Who comes then waits in line until the time is over, or is told at
    once that the line is too long.

    Args:
        limits: A `Limits`.
        threads: Number of requests that are worked on at once; four for each core by default.

    Attributes:
        admission: The `Admission`.
    """

    def __init__(self, limits, threads=None):
        self._seconds = limits.rest_api_timeout_in_ms / 1000
        self.admission = Admission(limits.max_waiting, _BODIES * limits.max_body_bytes)
        self._threads = concurrent.futures.ThreadPoolExecutor(
            threads or 4 * (os.cpu_count() or 1), thread_name_prefix="rest"
        )
        self._large = concurrent.futures.ThreadPoolExecutor(
            _LARGE_THREADS, thread_name_prefix="rest large"
        )

    async def run(self, function, body, inflates):
        """Call a function of a body in another thread.

        Args:
            function: What is called.
            body: The bytes.
            inflates: Whether it is compressed: a thousand bytes may be a million then.

        Returns:
            What the function returns.

        Raises:
            StatusError: DEADLINE_EXCEEDED where it takes too long, UNAVAILABLE where the line is
                too long.
        """
        async with self.turn():
            threads = self._large if inflates or len(body) > LARGE else self._threads
            # What is dropped stays in the line, but without its body.
            held = [body]
            loop = asyncio.get_running_loop()
            running = loop.run_in_executor(threads, lambda: function(held.pop()))
            try:
                return await running
            finally:
                held.clear()

    @contextlib.asynccontextmanager
    async def turn(self):
        """Take a place in the line for as long as the `async with` block lasts.

        Raises:
            StatusError: DEADLINE_EXCEEDED where that takes too long, UNAVAILABLE where the line is
                too long.
        """
        with self.admission.place():
            try:
                async with asyncio.timeout(self._seconds):
                    yield
            except TimeoutError:
                message = "Timed out waiting for notification"
                raise StatusError("DEADLINE_EXCEEDED", message) from None
