"""A watch on collapse while a model trains."""

import sys
import time

import keras

from keras_iidgan.callbacks.spacing import Spacing
from keras_iidgan.diagnostics import Glance

RED = 2


class CollapseMonitor(keras.callbacks.Callback):
    """Looks at few samples every so many steps, and says what the model has lost.

    The logs, and so the progress line and TensorBoard, get `collapse` (0 green, 1 amber, 2 red) and
    `coverage` (the share of the data that isn't lost); see `diagnostics.Glance`. Lost modes are
    named in a warning once two looks in a row found the same ones.

        real = x_train[np.random.default_rng(0).permutation(len(x_train))[:1000]]
        monitor = CollapseMonitor(
            real, sample=lambda n: generator(noise(n)), save_best=weights_file("best.weights.h5")
        )
        model.fit(..., callbacks=[monitor])

    The looks take at most the share `budget` of the training time: whether one is taken at a
    multiple of `every` is decided by the clock, so two runs may look at other steps. What a look
    finds at a step doesn't depend on the clock, and training doesn't depend on the looks, as long
    as `sample` and `invert` leave the model's random state alone. With `budget=None` looks are
    taken at every multiple of `every`.

    Args:
        real: [N, ...], real rows, at random, 1,000 or so; kept throughout.
        sample: a function n -> n generated rows, preferably of the same codes every time.
        invert: a function from `real` to codes [N, M], or None.
        groups: [N], mode or class of each real row; see `diagnostics.Glance`.
        names: of the groups.
        every: steps.
        budget: share of the training time, or None.
        patience: red looks in a row after which training is stopped; None never stops.
        save_best: called with the model at every look whose coverage is the best yet (by the data
            that aren't lost, then by `coverage_overlap`); `weights_file` makes such a function.
        record: called with each look's figures and its `step`.
        say: called with each warning, a line.
        first_step: steps that were taken before, in earlier processes.
        seed: of the clusters.
        clock: a function that returns seconds.

    Attributes:
        found: the figures of the last look, None before the first.
        best: step and figures of the best look, None before the first.
        stopped: why training was stopped, None if it wasn't.
        spacing: the `Spacing` that holds the time spent.

    Raises:
        ValueError: an argument is out of its range.
    """

    def __init__(
        self,
        real,
        sample,
        invert=None,
        *,
        groups=None,
        names=(),
        every=100,
        budget=0.02,
        patience=None,
        save_best=None,
        record=None,
        say=None,
        first_step=0,
        seed=0,
        clock=time.perf_counter,
    ):
        super().__init__()
        for name, value in (("every", every), ("patience", 1 if patience is None else patience)):
            if not (isinstance(value, int) and value >= 1):
                raise ValueError(f"{name} must be a whole number of at least 1; got {value!r}")
        self.spacing = Spacing(budget, clock)
        with self.spacing.beside():
            self.glance = Glance(real, groups, names, seed=seed)
        self.real, self.sample, self.invert = real, sample, invert
        self.every, self.patience = every, patience
        self.save_best, self.record, self.say = save_best, record, say or _say
        self.step, self.found, self.best, self.stopped = first_step, None, None, None
        self._looked, self._begin, self._reds = first_step // every, 0, 0
        self._lost, self._warned = None, []

    def on_epoch_begin(self, epoch, logs=None):
        """Start the clock."""
        self.spacing.start()

    def on_train_batch_begin(self, batch, logs=None):
        """Remember the batch: several steps may be taken in a call."""
        self._begin = batch

    def on_train_batch_end(self, batch, logs=None):
        """Look, if it is time, and put the last look into the logs."""
        self.step += batch - self._begin + 1
        if self.step // self.every > self._looked and self.spacing.allows:
            self._looked = self.step // self.every
            with self.spacing.beside():
                self.look()
        self._log(logs)

    def on_epoch_end(self, epoch, logs=None):
        """Stop the clock, and put the last look into the logs."""
        self.spacing.stop()
        self._log(logs)

    def look(self):
        """Look at the model as it is now, whatever the time."""
        codes = None if self.invert is None else self.invert(self.real)
        figures = self.glance(self.sample(self.glance.samples), codes)
        self.found = {"step": self.step, **figures}
        self._keep_best()
        self._warn(figures["lost"])
        self._count_reds(figures["collapse"])
        if self.record:
            self.record(dict(self.found))

    def _log(self, logs):
        if logs is not None and self.found:
            logs.update({name: self.found[name] for name in ("collapse", "coverage")})

    def _keep_best(self):
        if self.best is None or _rank(self.found) > _rank(self.best):
            self.best = self.found
            if self.save_best:
                self.save_best(self.model)

    def _warn(self, lost):
        if lost == self._lost and lost != self._warned:
            self._warned = lost
            if lost:
                self.say(f"step {self.step:,}: the model doesn't reach {_listed(lost)}")
        self._lost = lost

    def _count_reds(self, light):
        self._reds = self._reds + 1 if light == RED else 0
        if self.patience is not None and self._reds >= self.patience:
            self.stopped = f"collapsed for {self._reds} looks in a row, the last at step "
            self.stopped += f"{self.step:,}"
            self.model.stop_training = True

    def state(self):
        """Return what `restore` takes, a dict that JSON can hold: best look, counts and time."""
        return {
            "best": self.best,
            "found": self.found,
            "reds": self._reds,
            "warned": self._warned,
            "own": self.spacing.own,
            "training": self.spacing.training,
        }

    def restore(self, state):
        """Go on from the `state()` of an earlier process, at `first_step`.

        The best look stays even if it is of a later step: the weights of that step were kept. What
        else was seen after `first_step` is forgotten.
        """
        self.best = state["best"]
        self.spacing.own += state["own"]
        self.spacing.training += state["training"]
        if state["found"] and state["found"]["step"] <= self.step:
            self.found, self._reds, self._warned = state["found"], state["reds"], state["warned"]
            self._lost = self.found["lost"]


def _rank(figures):
    # Shares that sum to the same may differ in their last digit.
    return round(figures["coverage"], 9), figures["coverage_overlap"]


def _listed(names, most=8):
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")


def _say(line):
    print(f"warning: {line}", file=sys.stderr)
