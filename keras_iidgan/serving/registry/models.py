"""Which versions of which models are served, and in what state they are.

The registry knows neither TensorFlow nor HTTP. A servable is any object with

    version              the integer
    signatures           {name: Signature}
    run(name, inputs)    {alias: array} to {alias: array}; may be called from several threads
    metadata()           {name: signature as proto3 JSON}
    signature_text(name) the signature in protobuf's text format
    close()              frees it; called once nobody uses it any more
"""

import dataclasses
import threading
import typing

from keras_iidgan.serving.errors import StatusError, invalid
from keras_iidgan.serving.registry.leases import Shared
from keras_iidgan.serving.registry.states import States

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
        labels: As for `set_labels`; `None` where they are not known yet.
    """

    def __init__(self, labels=None):
        self._lock = threading.RLock()
        self._labels = None
        self._shared = {}
        self._states = States(self._lock)
        if labels is not None:
            self.set_labels(labels)

    def set_labels(self, labels):
        """Replace the names by which requests may call versions.

        Args:
            labels: `{model: {label: version}}`.
        """
        with self._lock:
            self._labels = {model: dict(names) for model, names in labels.items()}

    def labels(self):
        """Return `{model: {label: version}}`, empty where there are none yet."""
        with self._lock:
            return {model: dict(names) for model, names in (self._labels or {}).items()}

    def add(self, model, servable):
        """Serve a version of a model from now on.

        Args:
            model: The model's name.
            servable: See the module's text. It is closed when it was removed and the last request
                that holds it has ended.
        """
        with self._lock:
            self._shared.setdefault(model, {})[servable.version] = Shared(servable, self._lock)
            self.set_state(model, servable.version, "AVAILABLE")

    def fail(self, model, version, error):
        """Note that a version could not be loaded.

        Args:
            model: The model's name.
            version: The integer.
            error: The `StatusError`.
        """
        self.set_state(model, version, "END", error)

    def remove(self, model, version):
        """Stop serving a version; it is UNLOADING until the last request that holds it has ended.

        Args:
            model: The model's name.
            version: The integer.
        """
        with self._lock:
            shared = self._shared[model].pop(version)
            self.set_state(model, version, "UNLOADING")
        shared.retire(lambda: self._ended(model, version))

    def _ended(self, model, version):
        with self._lock:
            # The same version may have come back while an old request held this one.
            if self._states.find(model, version)[0].state == "UNLOADING":
                self.set_state(model, version, "END")

    def set_state(self, model, version, state, error=None):
        """Note the state of a version; see `States.set`."""
        self._states.set(model, version, state, error)

    def available(self, model):
        """Return the set of a model's versions that are served."""
        with self._lock:
            return set(self._shared.get(model, ()))

    def lookup(self, model, version=None, label=None):
        """Find the servable that a request means.

        Args:
            model: The model's name.
            version: The integer, or `None` for the latest one.
            label: A label instead of the version, or `None`.

        Returns:
            A `Lease` of the servable, to be used as one: the servable isn't closed before the
            `with` block of the lease ends, or before the lease is dropped.

        Raises:
            StatusError: NOT_FOUND for a model or version that isn't served, INVALID_ARGUMENT for
                an unknown label, UNAVAILABLE before labels are known.
        """
        with self._lock:
            if label is not None:
                version = self._labelled(model, label)
            shared = self._shared.get(model, {})
            if version is None and shared:
                return shared[max(shared)].lease()
            if version not in shared:
                wanted = f"Latest({model})" if version is None else f"Specific({model}, {version})"
                raise StatusError("NOT_FOUND", f"Servable not found for request: {wanted}")
            return shared[version].lease()

    def _labelled(self, model, label):
        if self._labels is None:
            raise StatusError("UNAVAILABLE", f"Model labels does not init yet.{label}")
        if label not in self._labels.get(model, {}):
            raise invalid(f"Unrecognized servable version label: {label}")
        return self._labels[model][label]

    def is_ready(self):
        """Say whether there are models, and a version of each can be called."""
        with self._lock:
            # Of every model that is configured the labels are known, if only that it has none.
            names = self._labels or self._states.models()
            return bool(names) and all(self._shared.get(name) for name in names)

    def names(self):
        """Return the names of the models that can be called, in order."""
        with self._lock:
            return sorted(model for model, versions in self._shared.items() if versions)

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
        return self._states.find(model, version)
