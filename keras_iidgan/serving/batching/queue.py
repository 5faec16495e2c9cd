"""The queue of a signature's batches, and the threads that run them."""

import collections
import concurrent.futures
import functools
import threading
import time

from keras_iidgan.serving.batching import tensors as batch_tensors
from keras_iidgan.serving.batching.tasks import Batch, tell
from keras_iidgan.serving.errors import StatusError


class Queue:
    """The batches of one signature, those that wait and those that run.

    Args:
        servable: The servable that runs them.
        name: The signature's name.
        parameters: `BatchingParameters`.
    """

    def __init__(self, servable, name, parameters):
        self._servable, self._name, self._parameters = servable, name, parameters
        self._changed = threading.Condition()
        self._waiting = collections.deque()
        self._running = 0
        self._threads = concurrent.futures.ThreadPoolExecutor(
            parameters.num_batch_threads, thread_name_prefix="batch"
        )

    def put(self, task):
        """Have a task run, with others or alone; returns at once.

        Args:
            task: A `Task` with a row at least, and with no more than go into a batch.

        Raises:
            StatusError: UNAVAILABLE where too much waits already.
        """
        with self._changed:
            batch = self._enqueue(task)
            starts = not batch.is_taken and self._running < self._parameters.num_batch_threads
            if starts:
                self._running += 1
                batch.is_taken = True
        if starts:
            self._threads.submit(self._work, batch)

    def close(self):
        """End the threads, once they have run what waits."""
        self._threads.shutdown(wait=False)

    def _enqueue(self, task):
        """Put a task into a batch that waits, or into a new one; returns the batch."""
        key = batch_tensors.key(task.inputs, self._parameters.pad_variable_length_inputs)
        for batch in reversed(self._waiting):
            if batch.key == key and batch.rows + task.rows <= self._parameters.execution_limit:
                batch.add(task)
                self._changed.notify_all()
                return batch
        if len(self._waiting) >= self._parameters.max_enqueued_batches:
            raise StatusError(
                "UNAVAILABLE",
                "The batch scheduling queue to which this task was submitted is full; currently"
                f" {len(self._waiting)} batches enqueued and max_enqueued_batches is"
                f" {self._parameters.max_enqueued_batches}",
            )
        batch = Batch(key)
        batch.add(task)
        self._waiting.append(batch)
        return batch

    def _work(self, batch):
        """Run a batch, and whatever waits when it has run, until nothing does.

        Whoever is told of tasks writes their answers. That takes no time from a graph where it
        happens while the next one runs, so they are told just before that.
        """
        done = []
        tell_done = functools.partial(tell, done)
        while batch:
            if self._parameters.batch_timeout_micros:
                tell_done()
            self._close(batch)
            self._run(batch.tasks, tell_done)
            tell_done()
            done += batch.tasks
            batch = self._next()
        tell_done()

    def _close(self, batch):
        """Take a batch out of the queue, where the parameters say so not before it is full."""
        deadline = time.monotonic() + self._parameters.batch_timeout_micros / 1e6
        with self._changed:
            while batch.rows < self._parameters.execution_limit:
                left = deadline - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    break
            self._waiting.remove(batch)

    def _next(self):
        """Take the batch that has waited longest; `None` where there is none, and a place free."""
        with self._changed:
            # One that is taken already waits here only to be filled.
            batch = next((batch for batch in self._waiting if not batch.is_taken), None)
            if batch is None:
                self._running -= 1
            else:
                batch.is_taken = True
        return batch

    def _run(self, tasks, before=lambda: None):
        """Run tasks as one batch; where that fails, each by itself, so each has its own error."""
        try:
            inputs = batch_tensors.merge(tasks, self._parameters)
            before()
            outputs = self._servable.run(self._name, inputs)
            found = batch_tensors.split(outputs, tasks, self._parameters)
        except Exception as error:
            if len(tasks) == 1:
                tasks[0].error = error
                return
            for task in tasks:
                self._run([task])
        else:
            for task, own in zip(tasks, found, strict=True):
                task.outputs = own
