"""Callbacks that measure: the model at the end of an epoch, and the time."""

import time

import keras


class Evaluate(keras.callbacks.Callback):
    """Measures the model and adds the figures to the epoch's logs.

    Args:
        measure: a function from a model to a flat dict of figures.
        shown: names of the figures that join the logs, and so the progress bar.
        record: called with a dict of step, epoch's losses and all figures; for `metrics.jsonl`.
        constants: further entries of every record, such as the floors of losses.
        due: a function from a step to whether the model is to be measured there even if training
            was asked to stop; by default it then never is.
    """

    def __init__(self, measure, shown, record=None, constants=None, due=lambda step: False):
        super().__init__()
        self.due = due
        self.measure, self.shown = measure, tuple(shown)
        self.record, self.constants = record, dict(constants or {})
        self.figures = None

    def on_epoch_end(self, epoch, logs=None):
        """Measure, unless training was asked to stop in the middle of the epoch."""
        if self.model.stop_training and not self.due(int(self.model.step.numpy())):
            return
        losses = {name: float(value) for name, value in logs.items()}
        self.figures = self.measure(self.model)
        logs.update({k: self.figures[k] for k in self.shown if k in self.figures})
        if self.record:
            step = int(self.model.step.numpy())
            self.record({"step": step, **losses, **self.constants, **self.figures})


class Clock(keras.callbacks.Callback):
    """Times the training steps, evaluation and pictures left out.

    Args:
        seconds: time that earlier processes spent on the same run.

    Attributes:
        seconds: time spent so far.
    """

    def __init__(self, seconds=0.0):
        super().__init__()
        self.seconds, self._start = seconds, None

    def on_epoch_begin(self, epoch, logs=None):
        """Start the clock."""
        self._start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        """Stop the clock."""
        self.seconds += time.perf_counter() - self._start
