"""The tries to load a version."""

import dataclasses

from keras_iidgan.serving.errors import StatusError


@dataclasses.dataclass(frozen=True)
class Options:
    """What TensorFlow Serving's flags of the same names set.

    Attributes:
        max_num_load_retries: How often a load that failed is tried again.
        load_retry_interval_micros: Time between two tries; none where it is negative.
        allow_version_labels_for_unavailable_models: Whether a new label may stand for a version
            that isn't AVAILABLE.
    """

    max_num_load_retries: int = 5
    load_retry_interval_micros: int = 60_000_000
    allow_version_labels_for_unavailable_models: bool = False


@dataclasses.dataclass
class Attempt:
    """A version that is wanted and not there yet.

    Attributes:
        tries: How often its load has failed.
        due: When it is tried again, in seconds of the caller's clock.
        error: The last `StatusError`, or `None`.
        given_up: Whether it is tried no more.
    """

    tries: int = 0
    due: float = 0.0
    error: StatusError | None = None
    given_up: bool = False

    def is_due(self, now):
        """Say whether it is time for a try."""
        return not self.given_up and now >= self.due

    def failed(self, error, now, options):
        """Note a failure.

        Args:
            error: The `StatusError`.
            now: The time, in seconds.
            options: See `Options`.
        """
        self.tries += 1
        self.error = error
        self.due = now + max(options.load_retry_interval_micros, 0) / 1e6
        self.given_up = self.tries > options.max_num_load_retries
