"""The states of the versions that a server knows or has known."""

import dataclasses

from keras_iidgan.serving.errors import StatusError


@dataclasses.dataclass(frozen=True)
class VersionStatus:
    """The state of a version.

    Attributes:
        version: The integer.
        state: START, LOADING, AVAILABLE, UNLOADING or END.
        error_code: OK, or the canonical code of what made it end.
        error_message: Empty, or what made it end.
    """

    version: int
    state: str
    error_code: str = "OK"
    error_message: str = ""


class States:
    """Record of states.

    Args:
        lock: The RLock of whoever keeps it; with a second one two threads could wait for each
            other.
    """

    def __init__(self, lock):
        self._lock = lock
        self._states = {}

    def models(self):
        """Return the set of the models that have states."""
        with self._lock:
            return set(self._states)

    def set(self, model, version, state, error=None):
        """Note the state of a version.

        Args:
            model: The model's name.
            version: The integer.
            state: See `VersionStatus`.
            error: The `StatusError` that ended it, or `None`.
        """
        reason = (error.code, error.message) if error else ()
        with self._lock:
            status = VersionStatus(version, state, *reason)
            self._states.setdefault(model, {})[version] = status

    def find(self, model, version=None):
        """List the states of a model's versions; see `Models.status`."""
        with self._lock:
            states = dict(self._states.get(model, {}))
        if version is None:
            if not states:
                raise StatusError("NOT_FOUND", f"Could not find any versions of model {model}")
            return [states[known] for known in sorted(states, reverse=True)]
        if version not in states:
            message = f"Could not find version {version} of model {model}"
            raise StatusError("NOT_FOUND", message)
        return [states[version]]
