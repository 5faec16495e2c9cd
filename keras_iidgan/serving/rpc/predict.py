"""What a predict call does between its request and its response."""

import threading
import weakref

from google.protobuf import json_format
from tensorflow.core.protobuf import meta_graph_pb2
from tensorflow_serving.apis import predict_pb2

from keras_iidgan.serving.errors import StatusError, invalid
from keras_iidgan.serving.registry.models import DEFAULT_SIGNATURE
from keras_iidgan.serving.rpc import tensors

_definitions = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def find(models, request):
    """Look up the servable that a request with a `model_spec` means.

    Args:
        models: A `Models`.
        request: Any request message that has a `model_spec`.

    Returns:
        The servable.

    Raises:
        StatusError: INVALID_ARGUMENT where no model is named, and what `Models.lookup` raises.
    """
    if not request.HasField("model_spec"):
        raise invalid("Missing ModelSpec")
    return find_spec(models, request.model_spec)


def find_spec(models, spec):
    """Look up the servable of a `ModelSpec`; see `find`."""
    if not spec.name:
        raise invalid("ModelSpec has no name specified.")
    version = spec.version.value if spec.HasField("version") else None
    label = spec.version_label if spec.HasField("version_label") else None
    return models.lookup(spec.name, version, label)


def definitions(servable):
    """Return the signatures of a servable as protos.

    Args:
        servable: See `registry.models`, which knows them as JSON only.

    Returns:
        `{name: SignatureDef}`, not to be changed.
    """
    kept_by = getattr(servable, "thing", servable)  # Each request has a lease of its own.
    with _lock:
        if kept_by not in _definitions:
            _definitions[kept_by] = {
                name: json_format.ParseDict(described, meta_graph_pb2.SignatureDef())
                for name, described in servable.metadata().items()
            }
        return _definitions[kept_by]


def fill_spec(spec, name, signature_name, servable):
    """Say in a response which model, signature and version gave it."""
    spec.name = name
    spec.signature_name = signature_name
    spec.version.value = servable.version


def predict(models, request, runner, as_content=False):
    """Run a signature.

    Args:
        models: A `Models`.
        request: A `PredictRequest`.
        runner: A `Runner`.
        as_content: See `tensors.to_proto`.

    Returns:
        A `PredictResponse`.

    Raises:
        StatusError: As TensorFlow Serving would answer.
    """
    servable = find(models, request)
    name = request.model_spec.signature_name or DEFAULT_SIGNATURE
    definition = definitions(servable).get(name)
    if definition is None:
        raise StatusError("FAILED_PRECONDITION", f'Serving signature key "{name}" not found.')
    inputs = _inputs(request, definition)
    aliases = _output_aliases(request, definition)
    outputs = runner.run(request.model_spec.name, servable, name, inputs)
    response = predict_pb2.PredictResponse()
    fill_spec(response.model_spec, request.model_spec.name, name, servable)
    for alias in aliases:
        response.outputs[alias].CopyFrom(tensors.to_proto(outputs[alias], as_content))
    return response


def _inputs(request, definition):
    sent, known, defaults = set(request.inputs), set(definition.inputs), definition.defaults
    if len(sent) > len(known) or (len(sent) < len(known) and not defaults):
        raise invalid(
            f"input size does not match signature: {len(sent)}!={len(known)}"
            f" len({_set(sent)}) != len({_set(known)})."
            f" Sent extra: {_set(sent - known)}. Missing but required: {_set(known - sent)}."
        )
    inputs = {}
    for alias in sorted(known):
        if alias not in sent and alias not in defaults:
            raise invalid(
                f"Signature input alias: {alias}(feed name: {definition.inputs[alias].name})"
                " not found in request and no default value provided. Inputs expected to be in the"
                f" request {_set(sent)}, or default input alias set: {','.join(sorted(defaults))}"
            )
        try:
            proto = request.inputs[alias] if alias in sent else defaults[alias]
            inputs[alias] = tensors.from_proto(proto)
        except ValueError:
            raise invalid(f"tensor parsing error: {alias}") from None
    if sent - known:
        raise invalid(
            f"Inputs contains invalid name. Used request inputs: {','.join(sorted(sent & known))},"
            f" request input: {','.join(sorted(sent))}"
        )
    return inputs


def _output_aliases(request, definition):
    aliases = list(request.output_filter)
    for index, alias in enumerate(aliases):
        if alias not in definition.outputs:
            raise invalid(
                f"output tensor alias not found in signature: {alias}"
                f" Outputs expected to be in the set {_set(definition.outputs)}."
            )
        if alias in aliases[:index]:
            raise invalid(f"duplicate output tensor alias: {alias}")
    return aliases or sorted(definition.outputs)


def _set(names):
    return f"{{{','.join(sorted(names))}}}"
