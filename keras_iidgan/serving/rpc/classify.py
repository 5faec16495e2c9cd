"""Classify, Regress and MultiInference, which a signature must have been made for.

A signature qualifies by the aliases of its inputs and outputs, whatever its method name. Those of
a GAN never do, so the answer is always which rule is broken; one that breaks none is not run.
"""

from keras_iidgan.serving.errors import StatusError, invalid
from keras_iidgan.serving.registry.models import DEFAULT_SIGNATURE
from keras_iidgan.serving.rpc.predict import definitions, find, find_spec

_PREFIX = "tensorflow/serving/"


def classify(models, request):
    """Refuse a `ClassificationRequest` as TensorFlow Serving does."""
    _refuse(models, request, check_classification)


def regress(models, request):
    """Refuse a `RegressionRequest` as TensorFlow Serving does."""
    _refuse(models, request, check_regression)


def multi_inference(models, request):
    """Refuse a `MultiInferenceRequest` as TensorFlow Serving does."""
    checks = {"classify": check_classification, "regress": check_regression}
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
        definition = definitions(servable).get(name)
        if definition is None:
            raise invalid(f"Requested signature not found in model graph: {name}")
        check = checks.get(task.method_name.removeprefix(_PREFIX))
        if check is None or not task.method_name.startswith(_PREFIX):
            message = f"Unsupported signature method_name: {task.method_name}"
            raise StatusError("UNIMPLEMENTED", message)
        check(definition)
    raise _unimplemented()


def _check_model(name, first):
    if not name:
        raise invalid("Found ModelSpec with an empty model name.")
    if name != first:
        raise invalid("All ModelSpecs in a MultiInferenceRequest must access the same model name.")


def _refuse(models, request, check):
    servable = find(models, request)
    name = request.model_spec.signature_name or DEFAULT_SIGNATURE
    definition = definitions(servable).get(name)
    if definition is None:
        raise invalid(f"No signature was found with the name: {name}")
    check(definition)
    raise _unimplemented()


def _unimplemented():
    return StatusError("UNIMPLEMENTED", "tf.Examples are not read here; use Predict")


def check_classification(definition):
    """Raise a `StatusError` unless a `SignatureDef` is one for classification."""
    if len(definition.inputs) != 1:
        raise invalid("Expected one input Tensor.")
    if len(definition.outputs) not in (1, 2):
        raise invalid(f"Expected one or two output Tensors, found {len(definition.outputs)}")
    if "inputs" not in definition.inputs:
        raise invalid(f"No classification inputs found in SignatureDef: {definition}")
    if not {"classes", "scores"} & set(definition.outputs):
        raise invalid(
            'Expected classification signature outputs to contain at least one of "classes" or'
            f' "scores". Signature was: {definition}'
        )


def check_regression(definition):
    """Raise a `StatusError` unless a `SignatureDef` is one for regression."""
    if len(definition.inputs) != 1:
        raise invalid("Expected one input Tensor.")
    if len(definition.outputs) != 1:
        raise invalid("Expected one output Tensor.")
    if "inputs" not in definition.inputs:
        raise invalid(f"No regression inputs found in SignatureDef: {definition}")
    if "outputs" not in definition.outputs:
        raise invalid(f"No regression outputs found in SignatureDef: {definition}")
