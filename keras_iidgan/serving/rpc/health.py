"""The health checking protocol: whether the server can answer, for whoever balances the load."""

import concurrent.futures
import threading

from grpc_health.v1 import health, health_pb2

# Balancers ask for full names, or for the short ones that the reference server registers.
SERVICES = (
    "",
    "PredictionService",
    "ModelService",
    "tensorflow.serving.PredictionService",
    "tensorflow.serving.ModelService",
)
_SERVING = health_pb2.HealthCheckResponse.SERVING
_WATCHES = 8  # that begin at once
_NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


class Health(health.HealthServicer):
    """Says SERVING as long as a function does, of all services alike.

    Args:
        is_ready: Function that returns whether requests can be answered.
        period: Seconds between the looks at it on behalf of those who watch.
    """

    def __init__(self, is_ready, period=0.5):
        # A watch takes a thread until its request is there, and has those of nobody else.
        super().__init__(experimental_thread_pool=concurrent.futures.ThreadPoolExecutor(_WATCHES))
        self._is_ready = is_ready
        self._ready = None
        self._watchers = set()
        self._ended = threading.Event()
        self.refresh()
        self._thread = threading.Thread(target=self._follow, args=[period], daemon=True)
        self._thread.start()

    def Check(self, request, context):
        """Answer with the state of this moment."""
        self.refresh()
        return super().Check(request, context)

    def Watch(self, request, context, send_response_callback=None):
        """Answer with the state, and again whenever it changes."""
        send = send_response_callback
        with self._lock:
            if send and context.add_callback(lambda: self._watchers.discard(send)):
                self._watchers.add(send)
        return super().Watch(request, context, send_response_callback)

    def refresh(self):
        """Look whether requests can be answered, and tell who watches if that has changed."""
        with self._lock:
            ready = self._is_ready()
            if ready != self._ready:
                self._ready = ready
                for service in SERVICES:
                    self.set(service, _SERVING if ready else _NOT_SERVING)

    def close(self):
        """Say NOT_SERVING from now on, and end the watches, which would keep a server open."""
        self._ended.set()
        with self._lock:
            self.enter_graceful_shutdown()
            for send in list(self._watchers):
                send(None)
        self._thread.join()

    def _follow(self, period):
        while not self._ended.wait(period):
            self.refresh()
