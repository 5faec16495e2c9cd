"""Which versions of which models are served, and in what state they are.

The registry knows neither TensorFlow nor HTTP. A servable is any object with

    version              the integer
    signatures           {name: Signature}
    run(name, inputs)    {alias: array} to {alias: array}; may be called from several threads
    metadata()           {name: signature as proto3 JSON}
"""

import dataclasses
import threading
import typing

from keras_iidgan.serving.errors import StatusError, invalid

DEFAULT_SIGNATURE = "serving_default"


@dataclasses.dataclass(frozen=True)
class TensorSpec:
    """Type and shape of an input or output.

    Attributes:
        dtype: Name of the type, as `tf.DType.name` has it.
        shape: Sizes, `None` for any size; `None` instead of the tuple for any rank.
    """

    dtype: str
    shape: tuple[int | None, ...] | None


@dataclasses.dataclass(frozen=True)
class Signature:
    """The inputs and outputs of a signature, by alias."""

    inputs: typing.Mapping[str, TensorSpec]
    outputs: typing.Mapping[str, TensorSpec]


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


def find_signature(servable, name):
    """Look up a signature of a servable.

    Args:
        servable: See above.
        name: The signature's name; empty for `serving_default`.

    Returns:
        The name in full and the `Signature`.

    Raises:
        StatusError: INVALID_ARGUMENT where there is no such signature.
    """
    name = name or DEFAULT_SIGNATURE
    if name not in servable.signatures:
        raise invalid(f'Serving signature name: "{name}" not found in signature def')
    return name, servable.signatures[name]


class Models:
    """Thread-safe registry of servables and version states.

    Args:
        labels: `{model: {label: version}}`, the names by which requests may call versions.
    """

    def __init__(self, labels=None):
        self._lock = threading.Lock()
        self._labels = {model: dict(names) for model, names in (labels or {}).items()}
        self._servables = {}
        self._states = {}

    def add(self, model, servable):
        """Serve a version of a model from now on.

        Args:
            model: The model's name.
            servable: See the module's text.
        """
        with self._lock:
            self._servables.setdefault(model, {})[servable.version] = servable
            self._set_state(model, VersionStatus(servable.version, "AVAILABLE"))

    def fail(self, model, version, error):
        """Note that a version could not be loaded.

        Args:
            model: The model's name.
            version: The integer.
            error: The `StatusError`.
        """
        with self._lock:
            self._set_state(model, VersionStatus(version, "END", error.code, error.message))

    def remove(self, model, version):
        """Stop serving a version; requests that run keep their hold of it.

        Args:
            model: The model's name.
            version: The integer.
        """
        with self._lock:
            self._servables[model].pop(version)
            self._set_state(model, VersionStatus(version, "END"))

    def _set_state(self, model, status):
        self._states.setdefault(model, {})[status.version] = status

    def lookup(self, model, version=None, label=None):
        """Find the servable that a request means.

        Args:
            model: The model's name.
            version: The integer, or `None` for the latest one.
            label: A label instead of the version, or `None`.

        Returns:
            The servable.

        Raises:
            StatusError: NOT_FOUND for a model or version that isn't served, INVALID_ARGUMENT for
                an unknown label.
        """
        with self._lock:
            if label is not None:
                version = self._labels.get(model, {}).get(label)
                if version is None:
                    raise invalid(f"Unrecognized servable version label: {label}")
            servables = self._servables.get(model, {})
            if version is None and servables:
                return servables[max(servables)]
            if version not in servables:
                wanted = f"Latest({model})" if version is None else f"Specific({model}, {version})"
                raise StatusError("NOT_FOUND", f"Servable not found for request: {wanted}")
            return servables[version]

    def is_ready(self):
        """Say whether there are models, and a version of each can be called."""
        with self._lock:
            return bool(self._states) and all(map(self._servables.get, self._states))

    def names(self):
        """Return the names of the models that the server ever knew, in order."""
        with self._lock:
            return sorted(self._states)

    def status(self, model, version=None):
        """List the states of a model's versions.

        Args:
            model: The model's name.
            version: The integer, or `None` for all versions.

        Returns:
            List of `VersionStatus`, highest version first.

        Raises:
            StatusError: NOT_FOUND where the server never knew the model or version.
        """
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
