"""Requests that are to go together, and the batches of them."""

import itertools
import operator
import threading

from keras_iidgan.serving.errors import StatusError


class Task:
    """One request: its inputs, and then its outputs or its error.

    Args:
        inputs: `{alias: array}`, each with so many rows.
        rows: Their number.
        notify: Function that is called, in another thread, with a list of tasks that have run,
            this one among them. Tasks of one batch and one `notify` are told of in one call.
        tag: What whoever is told needs to know of the task.
    """

    def __init__(self, inputs, rows, notify, tag=None):
        self.inputs, self.rows, self.notify, self.tag = inputs, rows, notify, tag
        self.outputs = self.error = None

    def result(self):
        """Return the outputs `{alias: array}`, or raise what the servable raised."""
        if self.outputs is None:
            raise self.error or StatusError("INTERNAL", "The batch was interrupted")
        return self.outputs


def waiting(inputs, rows):
    """Make a task whose end a thread can wait for; returns it and the function that waits."""
    lock = threading.Lock()  # Of all that wakes a thread, the cheapest.
    lock.acquire()
    return Task(inputs, rows, _release, lock), lock.acquire


def _release(tasks):
    for task in tasks:
        task.tag.release()


def tell(tasks):
    """Tell of tasks that have run, once each."""
    told, tasks[:] = list(tasks), []
    for notify, group in itertools.groupby(told, operator.attrgetter("notify")):
        notify(list(group))


class Batch:
    """Tasks that run together.

    Args:
        key: What they have in common, see `tensors.key`.

    Attributes:
        is_taken: Whether a thread is about to run it, and waits at most for it to be full.
    """

    def __init__(self, key):
        self.key, self.tasks, self.rows, self.is_taken = key, [], 0, False

    def add(self, task):
        """Put one more into the batch."""
        self.tasks.append(task)
        self.rows += task.rows
