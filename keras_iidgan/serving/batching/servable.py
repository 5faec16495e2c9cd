"""Requests that come while others run, put together: a wrapper around a servable.

Where nothing runs, a request runs at once. What comes meanwhile gathers by signature, type and
shape, and runs as one batch when a thread of the batches is free: nobody waits for a batch to fill
unless the parameters say so.
"""

import threading

from keras_iidgan.serving.batching import tensors as batch_tensors
from keras_iidgan.serving.batching.queue import Queue
from keras_iidgan.serving.batching.tasks import Task, waiting
from keras_iidgan.serving.errors import StatusError, invalid
from keras_iidgan.serving.registry.models import find_signature


class Batched:
    """A servable whose requests are put together; see `registry.models` for what a servable has.

    Args:
        servable: The servable whose requests they are.
        parameters: `BatchingParameters`.
    """

    def __init__(self, servable, parameters):
        self._servable = servable
        self._parameters = parameters
        self._lock = threading.Lock()
        self._queues = {}

    def __getattr__(self, name):
        return getattr(self._servable, name)

    def run(self, name, inputs):
        """Run a signature, with other requests or alone.

        Args:
            name: The signature's name; empty for `serving_default`.
            inputs: `{alias: array}`; all have the same number of rows.

        Returns:
            `{alias: array}` with the rows of these inputs.

        Raises:
            StatusError: INVALID_ARGUMENT for inputs without rows or with too many of them,
                UNAVAILABLE where too much waits already, FAILED_PRECONDITION where the outputs
                have other rows; otherwise what the servable raises.
        """
        name, signature = find_signature(self._servable, name)
        if inputs.keys() != signature.inputs.keys():
            return self._servable.run(name, inputs)  # Which says what is wrong.
        rows = batch_tensors.count_rows(inputs)
        limit = self._parameters.max_batch_size
        if rows > limit:
            raise invalid(f"Task size {rows} is larger than maximum input batch size {limit}")
        if rows == 0:  # There is no row to pad with.
            return self._servable.run(name, inputs)
        queue = self._queue(name)
        size = self._parameters.execution_limit
        if rows <= size:
            return _wait(queue, inputs, rows)
        parts = [
            _wait(
                queue, batch_tensors.rows_of(inputs, start, start + size), min(size, rows - start)
            )
            for start in range(0, rows, size)
        ]
        return batch_tensors.join(parts)

    def submit(self, name, inputs, notify, tag):
        """Have a request run without waiting for it, if it is one that goes into a batch whole.

        Args:
            name: As of `run`.
            inputs: As of `run`.
            notify: See `Task`.
            tag: See `Task`.

        Returns:
            Whether it will be run. If not, nothing was done, and `run` does it or says what is
            wrong.

        Raises:
            StatusError: UNAVAILABLE where too much waits already.
        """
        try:
            name, signature = find_signature(self._servable, name)
            rows = batch_tensors.count_rows(inputs)
        except StatusError:
            return False
        fits = 1 <= rows <= self._parameters.execution_limit
        if inputs.keys() != signature.inputs.keys() or not fits:
            return False
        self._queue(name).put(Task(inputs, rows, notify, tag))
        return True

    def _queue(self, name):
        with self._lock:
            if name not in self._queues:
                self._queues[name] = Queue(self._servable, name, self._parameters)
            return self._queues[name]

    def metadata(self):
        """Describe the signatures, as the servable does."""
        return self._servable.metadata()

    def close(self):
        """Free the servable, and the threads."""
        with self._lock:
            for queue in self._queues.values():
                queue.close()
        self._servable.close()


def _wait(queue, inputs, rows):
    task, wait = waiting(inputs, rows)
    queue.put(task)
    wait()
    return task.result()
