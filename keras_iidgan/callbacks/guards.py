"""Callbacks that end a run early: on a signal, and on a loss that isn't finite."""

import math
import signal
import threading

import keras


class NonFiniteLoss(ArithmeticError):
    """A term of a loss became infinite or not a number."""


class StopOnNonFinite(keras.callbacks.Callback):
    """Raises `NonFiniteLoss`, naming the terms, as soon as a logged term isn't finite.

    It names the term that went first, also where many steps run in one call, if the model has a
    `first_bad` as ours have; else all terms that aren't finite now. Put it before the callback that
    saves checkpoints: the last one saved then stays good.
    """

    def on_train_begin(self, logs=None):
        """Forget what went wrong in an earlier `fit`."""
        if hasattr(self.model, "first_bad"):
            self.model.first_bad.reset()

    def on_train_batch_end(self, batch, logs=None):
        """Check the terms; they are running means, in which a NaN or infinity stays visible."""
        bad = [name for name, value in (logs or {}).items() if not math.isfinite(value)]
        if not bad:
            return
        tracker = getattr(self.model, "first_bad", None)
        first = tracker.found() if tracker else None
        names, step = first or (", ".join(bad), int(self.model.step.numpy()))
        verb = "are" if not first and len(bad) > 1 else "is"
        raise NonFiniteLoss(f"{names} {verb} not finite at step {step}")


class StopOnSignal(keras.callbacks.Callback):
    """Ends training after the step in progress when SIGINT or SIGTERM arrives.

    Use it as a context manager around `fit`; a second signal acts as it did before. Signals come to
    the main thread alone, so elsewhere it does nothing.

    Attributes:
        received: the `signal.Signals` that arrived, or None.
    """

    def __init__(self):
        super().__init__()
        self.received = None
        self._previous = {}

    def __enter__(self):
        if threading.current_thread() is not threading.main_thread():
            return self
        for number in (signal.SIGINT, signal.SIGTERM):
            self._previous[number] = signal.signal(number, self._receive)
        return self

    def __exit__(self, *_):
        self._restore()

    def _receive(self, number, frame):
        del frame
        self.received = signal.Signals(number)
        self._restore()

    def _restore(self):
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def on_train_batch_end(self, batch, logs=None):
        """Ask Keras to stop once a signal has arrived."""
        if self.received:
            self.model.stop_training = True
