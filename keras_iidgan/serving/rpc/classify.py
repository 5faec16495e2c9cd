"""Classify, Regress and MultiInference, which a signature must have been made for.

A signature qualifies by the aliases of its inputs and outputs, whatever its method name. Those of
a GAN never do, so the answer is always which rule is broken; one that breaks none is not run.
"""

from keras_iidgan.serving import one_shot
from keras_iidgan.serving.errors import StatusError, invalid
from keras_iidgan.serving.registry.models import DEFAULT_SIGNATURE
from keras_iidgan.serving.rpc.predict import find, find_spec

_ACTIONS = {f"tensorflow/serving/{action}": action for action in ("classify", "regress")}


def classify(models, request):
    """Refuse a `ClassificationRequest` as TensorFlow Serving does."""
    _refuse(models, request, "classify")


def regress(models, request):
    """Refuse a `RegressionRequest` as TensorFlow Serving does."""
    _refuse(models, request, "regress")


def multi_inference(models, request):
    """Refuse a `MultiInferenceRequest` as TensorFlow Serving does."""
    if not request.tasks:
        raise invalid("ModelSpec has no name specified.")
    servable = find_spec(models, request.tasks[0].model_spec)
    seen = set()
    for task in request.tasks:
        _check_model(task.model_spec.name, request.tasks[0].model_spec.name)
        name = task.model_spec.signature_name or DEFAULT_SIGNATURE
        if name in seen:
            raise invalid(f"Duplicate evaluation of signature: {name}")
        seen.add(name)
        if name not in servable.signatures:
            raise invalid(f"Requested signature not found in model graph: {name}")
        if task.method_name not in _ACTIONS:
            message = f"Unsupported signature method_name: {task.method_name}"
            raise StatusError("UNIMPLEMENTED", message)
        one_shot.check(servable, name, _ACTIONS[task.method_name])
    raise _unimplemented()


def _check_model(name, first):
    if not name:
        raise invalid("Found ModelSpec with an empty model name.")
    if name != first:
        raise invalid("All ModelSpecs in a MultiInferenceRequest must access the same model name.")


def _refuse(models, request, action):
    servable = find(models, request)
    one_shot.check(servable, request.model_spec.signature_name, action)
    raise _unimplemented()


def _unimplemented():
    return StatusError("UNIMPLEMENTED", "tf.Examples are not read here; use Predict")
