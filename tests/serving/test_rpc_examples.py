"""Classify, Regress and MultiInference, which no signature of a GAN is made for."""

import pytest
from rpc_toys import refused


@pytest.fixture(scope="module")
def stubs(gan):
    import rpc_toys

    from keras_iidgan.serving.registry.models import Models, Signature

    class WithClassifier(rpc_toys.Wrapped):
        def __init__(self, servable):
            super().__init__(servable)
            found = servable.signatures["reciprocal"]
            (x,), (y,) = found.inputs.values(), found.outputs.values()
            self.signatures = servable.signatures | {
                "one": Signature({"inputs": x}, {"scores": y}),
                "two": Signature({"inputs": x}, {"outputs": y}),
            }

        def signature_text(self, name):
            return super().signature_text("reciprocal")

    models = Models()
    models.add("gan", WithClassifier(gan))
    with rpc_toys.serve(models) as stubs:
        yield stubs


def request(kind, signature, model="gan"):
    from tensorflow_serving.apis import classification_pb2, regression_pb2

    made = {
        "Classify": classification_pb2.ClassificationRequest,
        "Regress": regression_pb2.RegressionRequest,
    }[kind]()
    made.model_spec.name, made.model_spec.signature_name = model, signature
    return made


@pytest.mark.parametrize(
    ("kind", "signature", "code", "message"),
    [
        ("Classify", "s", "INVALID_ARGUMENT", "No signature was found with the name: s"),
        ("Regress", "s", "INVALID_ARGUMENT", "No signature was found with the name: s"),
        ("Classify", "score", "INVALID_ARGUMENT", "Expected one or two output Tensors, found 3"),
        ("Regress", "score", "INVALID_ARGUMENT", "Expected one output Tensor."),
        ("Classify", "", "INVALID_ARGUMENT", "No classification inputs found in SignatureDef: inp"),
        ("Regress", "", "INVALID_ARGUMENT", "No regression inputs found in SignatureDef: inputs"),
        ("Classify", "two", "INVALID_ARGUMENT", "Expected classification signature outputs to con"),
        ("Regress", "one", "INVALID_ARGUMENT", "No regression outputs found in SignatureDef: inp"),
        ("Classify", "one", "UNIMPLEMENTED", "tf.Examples are not read here"),
        ("Regress", "two", "UNIMPLEMENTED", "tf.Examples are not read here"),
    ],
)
def test_one_task(stubs, kind, signature, code, message):
    found = refused(getattr(stubs.prediction, kind), request(kind, signature))
    assert (found[0], found[1][: len(message)]) == (code, message)
    assert len(found[1]) <= 1024 + len("...TRUNCATED")


def test_models_that_are_not_there(stubs):
    found = refused(stubs.prediction.Classify, request("Classify", "", "m"))
    assert found == ("NOT_FOUND", "Servable not found for request: Latest(m)")
    empty = request("Regress", "")
    empty.ClearField("model_spec")
    assert refused(stubs.prediction.Regress, empty) == ("INVALID_ARGUMENT", "Missing ModelSpec")


def multi(*tasks):
    from tensorflow_serving.apis import inference_pb2

    made = inference_pb2.MultiInferenceRequest()
    for model, signature, method in tasks:
        task = made.tasks.add(method_name=f"tensorflow/serving/{method}")
        task.model_spec.name, task.model_spec.signature_name = model, signature
    return made


@pytest.mark.parametrize(
    ("tasks", "code", "message"),
    [
        ([], "INVALID_ARGUMENT", "ModelSpec has no name specified."),
        ([("gan", "s", "classify")], "INVALID_ARGUMENT", "Requested signature not found in model"),
        ([("gan", "one", "predict")], "UNIMPLEMENTED", "Unsupported signature method_name: tensor"),
        ([("gan", "one", "classify")] * 2, "INVALID_ARGUMENT", "Duplicate evaluation of signature"),
        (
            [("gan", "one", "classify"), ("m", "two", "regress")],
            "INVALID_ARGUMENT",
            "All ModelSpecs in a MultiInferenceRequest must access the same model name.",
        ),
        (
            [("gan", "one", "classify"), ("", "two", "regress")],
            "INVALID_ARGUMENT",
            "Found ModelSpec with an empty model name.",
        ),
        ([("gan", "one", "regress")], "INVALID_ARGUMENT", "No regression outputs found"),
        ([("gan", "one", "classify"), ("gan", "two", "regress")], "UNIMPLEMENTED", "tf.Examples"),
    ],
)
def test_many_tasks(stubs, tasks, code, message):
    found = refused(stubs.prediction.MultiInference, multi(*tasks))
    assert (found[0], found[1][: len(message)]) == (code, message)
