"""Calls whose message comes late or never: they keep no thread from the others.

grpcio gives a call its thread before its message is there, and waits for that without end: a few
clients that send half a message, which need no token for it, would stop the whole server.
"""

import concurrent.futures
import contextlib
import functools
import threading
import time

import grpc

SPARE = 64  # threads for calls whose message isn't there yet
_HEALTH_THREADS = 4
_HEALTH = "/grpc.health.v1.Health/"


class Receiving(grpc.ServerInterceptor):
    """Gives each call some time for its message, and only then a turn.

    Args:
        threads: Calls that are worked on at once. The server must have `SPARE` threads more.
        seconds: Time for a message.
    """

    def __init__(self, threads, seconds):
        self._turns = threading.Semaphore(threads)
        self._watch = _Watch(seconds)
        # Whoever looks after the server's health is answered while it is busy, too.
        self._health_threads = concurrent.futures.ThreadPoolExecutor(_HEALTH_THREADS)

    def intercept_service(self, continuation, handler_call_details):
        """Find the handler of a call; see `grpc.ServerInterceptor`."""
        handler = continuation(handler_call_details)
        if handler is None or handler.unary_unary is None:
            return handler
        if handler_call_details.method.startswith(_HEALTH):
            function = functools.partial(self._call, handler.unary_unary)
            function.experimental_thread_pool = self._health_threads
        else:
            function = functools.partial(self._call_in_turn, handler.unary_unary)
        # On the wire it is the same. A function of a stream is called before the message is there.
        return grpc.stream_unary_rpc_method_handler(
            function, handler.request_deserializer, handler.response_serializer
        )

    def _receive(self, messages, context):
        with self._watch.over(context):
            for request in messages:
                return request
        context.abort(grpc.StatusCode.INTERNAL, "The call has no message")

    def _call(self, function, messages, context):
        return function(self._receive(messages, context), context)

    def _call_in_turn(self, function, messages, context):
        request = self._receive(messages, context)
        while not self._turns.acquire(timeout=0.5):
            if not context.is_active():
                context.abort(grpc.StatusCode.CANCELLED, "the caller has gone")
        try:
            return function(request, context)
        finally:
            self._turns.release()

    def close(self):
        """End the thread that looks for calls that are late."""
        self._watch.close()


class _Watch:
    """A thread that cancels calls which take too long."""

    def __init__(self, seconds):
        self._seconds = seconds
        self._lock = threading.Lock()
        self._started = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @contextlib.contextmanager
    def over(self, context):
        """Cancel a call unless the block ends in time."""
        with self._lock:
            self._started[context] = time.monotonic()
        try:
            yield
        finally:
            with self._lock:
                del self._started[context]

    def _run(self):
        while not self._ended.wait(min(1, self._seconds / 4)):
            with self._lock:
                late = time.monotonic() - self._seconds
                contexts = [context for context, start in self._started.items() if start < late]
            for context in contexts:
                context.cancel()

    def close(self):
        self._ended.set()
        self._thread.join()
