"""Predict: a real server on a free port, and what it answers."""

import grpc
import numpy as np
import pytest
from rpc_toys import refused


@pytest.fixture(scope="module")
def stubs(toy, gan):
    import rpc_toys

    from keras_iidgan.serving.errors import StatusError
    from keras_iidgan.serving.registry.models import Models

    models = Models(labels={"toy": {"stable": 7}})
    models.add("toy", toy)
    models.add("gan", gan)
    models.fail("gan", 4, StatusError("DATA_LOSS", "broken"))
    models.add("defaults", with_defaults(toy))
    with rpc_toys.serve(models) as stubs:
        yield stubs


def with_defaults(toy):
    import rpc_toys
    from google.protobuf import json_format

    from keras_iidgan.serving.rpc import tensors

    class WithDefaults(rpc_toys.Wrapped):
        def metadata(self):
            described = super().metadata()
            ten = tensors.to_proto(np.array([10.0], np.float32))
            described["pair"]["defaults"] = {"b": json_format.MessageToDict(ten)}
            return described

    return WithDefaults(toy)


def floats(*values):
    return np.array(values, np.float32)


def test_predict(stubs):
    import rpc_toys

    request = rpc_toys.predict_request({"seed": np.array([1, 2])}, "sample")
    response = stubs.prediction.Predict(request)
    spec = response.model_spec
    assert (spec.name, spec.signature_name, spec.version.value) == ("gan", "sample", 3)
    assert list(response.outputs["x"].float_val) == [3, 21, 5, 41]
    assert [dim.size for dim in response.outputs["z"].tensor_shape.dim] == [2, 2]
    request = rpc_toys.predict_request({"x": floats(4)}, "", "toy", label="stable")
    response = stubs.prediction.Predict(request)
    spec = response.model_spec
    assert (spec.signature_name, spec.version.value) == ("serving_default", 7)
    assert list(response.outputs["y"].float_val) == [4]


def test_scalars_empty_tensors_and_strings(stubs):
    assert stubs.predict({"x": np.float32(4)}, model="toy")["y"].shape == ()
    found = stubs.predict({"x": np.zeros([0, 2], np.float32)}, "invert")
    assert found["z"].shape == (0, 2)
    found = stubs.predict({"text": np.array([b"\xff\0", b""], object)}, "picture")
    assert found["png_bytes"].tolist() == [b"\xff\0", b""]
    zero = stubs.predict({"x": floats(0, -0.0, np.nan)}, "reciprocal")["y"]
    np.testing.assert_array_equal(zero, floats(np.inf, -np.inf, np.nan))


def test_filtered_outputs(stubs):
    x = {"x": np.zeros([1, 2], np.float32)}
    assert stubs.predict(x, "reconstruct", filtered=["z", "x"]).keys() == {"x", "z"}
    assert refused(stubs.predict, x, "reconstruct", filtered=["z", "w"]) == (
        "INVALID_ARGUMENT",
        "output tensor alias not found in signature: w"
        " Outputs expected to be in the set {error,x,z}.",
    )
    found = refused(stubs.predict, x, "reconstruct", filtered=["z", "z"])
    assert found == ("INVALID_ARGUMENT", "duplicate output tensor alias: z")


def test_inputs_that_are_not_the_signatures(stubs):
    a = floats(1)
    assert refused(stubs.predict, {"a": a}, "pair", "toy") == (
        "INVALID_ARGUMENT",
        "input size does not match signature: 1!=2 len({a}) != len({a,b})."
        " Sent extra: {}. Missing but required: {b}.",
    )
    code, message = refused(stubs.predict, {"a": a, "c": a}, "pair", "toy")
    assert code == "INVALID_ARGUMENT"
    assert message.startswith("Signature input alias: b(feed name: pair_b:0) not found in request")
    assert message.endswith("in the request {a,c}, or default input alias set: ")
    code, message = refused(stubs.predict, {"x": np.zeros([1, 2])}, "invert")
    assert code == "INVALID_ARGUMENT" and "float" in message and "double" in message
    code, message = refused(stubs.predict, {"x": np.ones([1, 2], np.float32)}, "product")
    assert code == "INVALID_ARGUMENT" and "Matrix size-incompatible" in message


def test_defaults_fill_in(stubs):
    a = floats(1)
    assert stubs.predict({"a": a}, "pair", "defaults")["sum"].tolist() == [11]
    assert stubs.predict({"a": a, "b": a}, "pair", "defaults")["sum"].tolist() == [2]
    code, message = refused(stubs.predict, {"b": a}, "pair", "defaults")
    assert message.endswith("expected to be in the request {b}, or default input alias set: b")
    code, message = refused(stubs.predict, {"a": a, "c": a}, "pair", "defaults")
    assert (code, message) == (
        "INVALID_ARGUMENT",
        "Inputs contains invalid name. Used request inputs: a, request input: a,c",
    )


def test_tensors_that_cannot_be_read(stubs):
    from tensorflow.core.framework import tensor_pb2

    bad = tensor_pb2.TensorProto(dtype="DT_FLOAT", tensor_content=b"abc")
    found = refused(stubs.predict, {"x": bad}, "invert")
    assert found == ("INVALID_ARGUMENT", "tensor parsing error: x")


@pytest.mark.parametrize(
    ("spec", "code", "message"),
    [
        ({"model": ""}, "INVALID_ARGUMENT", "ModelSpec has no name specified."),
        ({"model": "m"}, "NOT_FOUND", "Servable not found for request: Latest(m)"),
        ({"version": 9}, "NOT_FOUND", "Servable not found for request: Specific(gan, 9)"),
        ({"version": -1}, "NOT_FOUND", "Servable not found for request: Specific(gan, -1)"),
        ({"version": 4}, "NOT_FOUND", "Servable not found for request: Specific(gan, 4)"),
        ({"label": "x"}, "INVALID_ARGUMENT", "Unrecognized servable version label: x"),
        ({"signature": "s"}, "FAILED_PRECONDITION", 'Serving signature key "s" not found.'),
        (
            {"signature": "s" * 5000},
            "FAILED_PRECONDITION",
            'Serving signature key "' + "s" * (1024 - 23) + "...TRUNCATED",
        ),
    ],
)
def test_what_is_not_there(stubs, spec, code, message):
    assert refused(stubs.predict, {}, **spec) == (code, message)


def test_requests_without_a_model(stubs):
    from tensorflow_serving.apis import predict_pb2

    calls = stubs.prediction.Predict, stubs.prediction.GetModelMetadata, stubs.model.GetModelStatus
    for call in calls:
        found = refused(call, predict_pb2.PredictRequest())
        assert found == ("INVALID_ARGUMENT", "Missing ModelSpec")


def test_the_signature_that_only_the_loader_uses_is_no_crash(stubs):
    code, message = refused(stubs.predict, {}, "__saved_model_init_op")
    assert code == "OUT_OF_RANGE" and "does not have output 0" in message


def test_faults_of_the_server_are_internal_errors(toy, caplog):
    import rpc_toys

    from keras_iidgan.serving.registry.models import Models

    class Faulty(rpc_toys.Wrapped):
        def run(self, name, inputs):
            raise KeyError("secret")

    models = Models()
    models.add("gan", Faulty(toy))
    with rpc_toys.serve(models) as stubs:
        found = refused(stubs.predict, {"x": floats(1)})
    assert found == ("INTERNAL", "KeyError: 'secret'")
    assert "Predict failed" in caplog.text


def test_requests_that_were_damaged_on_their_way(stubs):
    import random

    import rpc_toys

    random.seed(0)
    request = rpc_toys.predict_request({"x": np.zeros([1, 2], np.float32)}, "invert")
    good = request.SerializeToString()
    raw = stubs.channel.unary_unary("/tensorflow.serving.PredictionService/Predict")
    codes = set()
    for _ in range(300):
        bad = bytearray(good)
        for _ in range(random.randint(1, 4)):
            bad[random.randrange(len(bad))] = random.randrange(256)
        try:
            raw(bytes(bad[: random.choice([len(bad), random.randrange(len(bad))])]), timeout=60)
        except grpc.RpcError as error:
            codes.add(error.code().name)
            # What is no message at all is INTERNAL in the reference server as well.
            assert error.code().name != "INTERNAL" or "deserializing" in error.details()
    assert codes <= {"INTERNAL", "INVALID_ARGUMENT", "NOT_FOUND", "FAILED_PRECONDITION"}
    assert stubs.prediction.Predict(request, timeout=60).outputs["z"].float_val[:] == [-0.5, -0.5]
