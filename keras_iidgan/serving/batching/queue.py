"""The queue of a signature's batches, worked off by the threads that brought the requests."""

import collections
import threading
import time

from keras_iidgan.serving.batching import tensors as batch_tensors
from keras_iidgan.serving.errors import StatusError


class _Task:
    """One request in a batch: its inputs, and then its outputs or its error."""

    def __init__(self, inputs, rows):
        self.inputs, self.rows = inputs, rows
        self.outputs = self.error = None
        self._asleep = threading.Lock()  # Of all that wakes a thread, the cheapest.
        self._asleep.acquire()

    def sleep(self):
        """Wait until `wake` is called, by another thread or already."""
        self._asleep.acquire()

    def wake(self):
        self._asleep.release()

    def result(self):
        if self.outputs is None:
            raise self.error or StatusError("INTERNAL", "The batch was interrupted")
        return self.outputs


class _Batch:
    def __init__(self, key):
        self.key = key
        self.tasks = []
        self.rows = 0
        self.is_led = False
        self.to_wake = []  # Tasks that have run, for whoever leads this batch to wake.

    def add(self, task):
        self.tasks.append(task)
        self.rows += task.rows


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

    def run(self, inputs, rows):
        """Run inputs, with others or alone.

        Args:
            inputs: `{alias: array}`, each with so many rows.
            rows: Their number, from 1 to the limit of a batch.

        Returns:
            `{alias: array}`.

        Raises:
            StatusError: UNAVAILABLE where too much waits already; also what the servable raises.
        """
        task = _Task(inputs, rows)
        with self._changed:
            batch = self._enqueue(task)
        if not (batch.is_led and batch.tasks[0] is task):
            task.sleep()
        # The first of a batch is woken to run it, the others when it has run.
        if batch.tasks[0] is task:
            self._lead(batch)
        return task.result()

    def _enqueue(self, task):
        """Put a task into a batch, which is led from now on where a place is free."""
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
        batch = _Batch(key)
        batch.add(task)
        self._waiting.append(batch)
        if self._running < self._parameters.num_batch_threads:
            self._running += 1
            batch.is_led = True
        return batch

    def _lead(self, batch):
        """Run a batch on this thread, then hand the free place on."""
        try:
            if self._parameters.batch_timeout_micros:
                _wake(batch.to_wake)
            self._close(batch)
            self._run(batch.tasks, lambda: _wake(batch.to_wake))
        finally:
            _wake(batch.to_wake)
            self._hand_on(batch.tasks[1:])

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

    def _close(self, batch):
        """Take a batch out of the queue, where the parameters say so not before it is full."""
        deadline = time.monotonic() + self._parameters.batch_timeout_micros / 1e6
        with self._changed:
            while batch.rows < self._parameters.execution_limit:
                left = deadline - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    break
            self._waiting.remove(batch)

    def _hand_on(self, done):
        """Let the next batch run, and wake the tasks that have run.

        Where there is a next batch, its thread does the waking once its graph is about to run:
        writing the answers then takes no time from the graph.
        """
        with self._changed:
            # A batch that is led waits here only to be filled.
            heir = next((batch for batch in self._waiting if not batch.is_led), None)
            if heir is None:
                self._running -= 1
            else:
                heir.is_led = True
                heir.to_wake = done
                heir.tasks[0].wake()
        if heir is None:
            _wake(done)


def _wake(tasks):
    while tasks:
        tasks.pop().wake()
