"""Small predict requests of batched models, which take no thread each."""

import asyncio
import dataclasses
import logging
import time

from keras_iidgan.serving import codec
from keras_iidgan.serving.codec import fast
from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.registry.models import find_signature
from keras_iidgan.serving.rest import routes

_log = logging.getLogger(__name__)

# To read one takes the event loop a millisecond at most, to write its answer five where the values
# aren't finite, and a tenth of one otherwise.
_LARGEST_BODY = 16 << 10  # bytes
_LARGEST_ANSWER = 4 << 10  # values


@dataclasses.dataclass(frozen=True)
class _Asked:
    """What a request asks for, and of what."""

    lease: object
    name: str
    inputs: dict
    row: bool


class Together:
    """Reads requests in the event loop, and puts them into the batches of their models.

    A thread for each request would be woken twice, and wait for Python's lock both times: that is
    half of what a request costs outside the graph. What isn't plain, small and right is left to
    the threads, which also say what is wrong.

    Args:
        models: A `Models`.
        workers: A `Workers`.
        limits: A `Limits`.
        metrics: The `Registry`.
    """

    def __init__(self, models, workers, limits, metrics):
        self._models, self._workers = models, workers
        self._limits, self._metrics = limits, metrics

    async def predict(self, method, path, body):
        """Answer a request, if it is one of those.

        Args:
            method: The HTTP method in capitals.
            path: The path with the query string, percent-encoded.
            body: The bytes, not compressed.

        Returns:
            The name of the model and the JSON text as `bytes`; `None` where a thread is needed,
            and nothing was done.

        Raises:
            StatusError: UNAVAILABLE where too much waits already, DEADLINE_EXCEEDED where it takes
                too long; also what the servable raised.
        """
        if method != "POST" or len(body) > _LARGEST_BODY:
            return None
        try:
            route = routes.parse(method, path)
            asked = self._read(route, body) if route.action == "predict" else None
        except StatusError:
            return None
        if not asked:
            return None
        async with self._workers.turn():
            started = time.perf_counter()
            future = asyncio.get_running_loop().create_future()
            tag = future, asked.lease
            if not asked.lease.submit(asked.name, asked.inputs, self._notify, tag):
                return None
            task = await future
            self._metrics.observe_runtime(route.model, "Predict", time.perf_counter() - started)
        return route.model, await self._text(task, asked.row)

    def _read(self, route, body):
        lease = self._models.lookup(route.model, route.version, route.label)
        if not hasattr(lease.thing, "submit"):
            return None

        def input_types(name):
            _, signature = find_signature(lease, name)
            return {alias: spec.dtype for alias, spec in signature.inputs.items()}

        plain = fast.parse(body, input_types)
        if plain is None:
            return None
        self._limits.check_rows(plain[1])
        return _Asked(lease, *plain)

    def _notify(self, tasks):
        """Hand tasks that have run to the event loop, all at once; called in a batch's thread."""
        loop = tasks[0].tag[0].get_loop()
        try:
            loop.call_soon_threadsafe(_finish, tasks)
        except RuntimeError:  # The server has ended, and its loop with it.
            _log.debug("%d answers have nobody left to read them", len(tasks))

    async def _text(self, task, row):
        def write(_):
            return codec.format_predict(task.result(), row)

        try:
            if _is_small(task.result().values()):
                return write(None)
            return await self._workers.run(write, b"", inflates=False)
        except StatusError:
            raise
        except Exception as error:
            _log.exception("a batch failed")
            raise StatusError("INTERNAL", f"{type(error).__name__}: {error}") from error


def _is_small(arrays):
    values = sum(array.size for array in arrays)
    return values <= _LARGEST_ANSWER and all(array.dtype.kind in "biuf" for array in arrays)


def _finish(tasks):
    for task in tasks:
        future, lease = task.tag
        # Not before: also a request whose client was told that the time is over runs yet.
        lease.release()
        if not future.done():
            future.set_result(task)
