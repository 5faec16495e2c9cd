"""Callbacks that measure: the model at the end of an epoch, and the time."""

import time

import keras

from keras_iidgan.callbacks.base import AtEvaluation


class Evaluate(AtEvaluation):
    """Measures the model and adds the figures to the epoch's logs.

    Args:
        measure: a function from a model to a flat dict of figures.
        shown: names of the figures that join the logs, and so the progress bar.
        record: called with a dict of step, epoch's losses and all figures; for `metrics.jsonl`.
        constants: further entries of every record, such as the floors of losses.
        due: as of `AtEvaluation`.
    """

    def __init__(self, measure, shown, record=None, constants=None, due=lambda step: False):
        super().__init__(due)
        self.measure, self.shown = measure, tuple(shown)
        self.record, self.constants = record, dict(constants or {})
        self.figures = None

    def act(self, step, logs):
        """Measure, show and record."""
        losses = {name: float(value) for name, value in logs.items()}
        self.figures = self.measure(self.model)
        logs.update({k: self.figures[k] for k in self.shown if k in self.figures})
        if self.record:
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
