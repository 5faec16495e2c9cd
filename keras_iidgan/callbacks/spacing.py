"""When something may be done beside training so that it takes no more than a share of the time."""

import contextlib
import time


class Spacing:
    """Measures training and what is done beside it, and says when that may go on.

    Formula: it may be done if own + next <= budget * training, with `own` the seconds spent on it
    so far, `next` those of the last time, and `training` those of the training alone.

    So the share is kept, except for what one time takes longer than the one before it. What is
    prepared before training counts as spent, but says nothing of how long a time takes.

    Args:
        budget: share of the training time; None doesn't limit.
        clock: a function that returns seconds.

    Attributes:
        own: seconds spent beside training.
        training: seconds of training.
    """

    def __init__(self, budget=0.02, clock=time.perf_counter):
        if budget is not None and not 0 < budget <= 1:
            raise ValueError(f"budget must be in (0, 1] or None; got {budget!r}")
        self.budget, self.clock = budget, clock
        self.own = self.training = self._last = 0.0
        self._since = None

    def start(self):
        """Training goes on from here."""
        self._since = self.clock()

    def stop(self):
        """Training pauses, for what isn't ours: evaluation, pictures."""
        if self._since is not None:
            self.training += self.clock() - self._since
        self._since = None

    @contextlib.contextmanager
    def beside(self):
        """Count what is done inside as ours, not as training."""
        runs = self._since is not None
        self.stop()
        begin = self.clock()
        try:
            yield
        finally:
            spent = self.clock() - begin
            self.own += spent
            if runs:
                self._last = spent
                self.start()

    @property
    def allows(self):
        """Whether it may be done now."""
        if self.budget is None:
            return True
        running = 0.0 if self._since is None else self.clock() - self._since
        return self.own + self._last <= self.budget * (self.training + running)

    @property
    def share(self):
        """Seconds spent beside training over those of training, 0 before any."""
        return self.own / self.training if self.training else 0.0
