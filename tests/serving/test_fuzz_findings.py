"""What the fuzzer has found in single requests, each as the smallest that shows it."""

import json

import numpy as np
import orjson
import pytest

from keras_iidgan.serving.codec import parse_examples, parse_predict
from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.monitoring import Registry
from keras_iidgan.serving.registry.models import Models
from keras_iidgan.serving.rest.limits import Limits

# JSON bodies that take much more memory or time than they have bytes.


@pytest.mark.parametrize("part", ["[", "[],", "{},", '{"":', '{"":0},', "[0],", '{"b64":""},'])
@pytest.mark.parametrize("head", ['{"instances":[', '{"inputs":[', '{"a":['])
def test_the_lists_and_objects_of_a_body_are_counted(head, part):
    body = (head + part * 1000).encode()
    with pytest.raises(StatusError, match="Expecting at most 500 lists and objects"):
        parse_predict(body, lambda name: {"x": "float32"}, max_lists=500)
    with pytest.raises(StatusError, match="Expecting at most 500 lists and objects"):
        parse_examples(body, max_lists=500)
    with pytest.raises(StatusError, match="JSON Parse error"):
        parse_predict(body, lambda name: {"x": "float32"}, max_lists=2100)


def test_brackets_in_strings_are_no_lists():
    body = orjson.dumps({"instances": ["[{" * 1000]})
    found = parse_predict(body, lambda name: {"x": "string"}, max_lists=2)
    assert found.inputs["x"].tolist() == [b"[{" * 1000]


def test_as_many_lists_as_are_allowed():
    body = orjson.dumps({"instances": [[i] for i in range(98)]})
    assert len(parse_predict(body, lambda name: {"x": "int64"}, 100).inputs["x"]) == 98


@pytest.mark.parametrize("text", ["1," * 1000 + "1e999", "1e999," + "1," * 1000, "1,2,1e999,3,NaN"])
def test_a_number_that_is_too_big_is_told_at_its_offset(text):
    body = '{"instances":[' + text + "]}"
    message = f"stored in double. at offset: {body.index('1e999')}$"
    with pytest.raises(StatusError, match=message):
        parse_predict(body.encode(), lambda name: {"x": "float32"})


@pytest.mark.parametrize("row", [b"instances", b"inputs"])
def test_a_large_uint64_beside_a_small_one(row):
    body = b'{"%s":[0,9223372036854775809,18446744073709551615]}' % row
    found = parse_predict(body, lambda name: {"x": "uint64"}).inputs["x"]
    assert found.tolist() == [0, 2**63 + 1, 2**64 - 1]


def test_a_string_of_rank_0_comes_back(call, gan):
    raw = b"a\xff\0"  # Of which NumPy's own strings would forget the end.
    found = gan.run("picture", {"text": np.array(raw, object)})["png_bytes"]
    assert (found.shape, found.item()) == ((), raw)
    for text in ('"abc"', '{"b64":"YWJj"}'):
        body = '{"signature_name":"picture","inputs":' + text + "}"
        status, _, answer = call("POST", "/v1/models/gan:predict", body)
        assert (status, json.loads(answer)) == (200, {"outputs": {"b64": "YWJj"}})


def test_a_shape_of_many_sizes_costs_nothing():
    from tensorflow.core.framework import tensor_pb2, types_pb2

    from keras_iidgan.serving.rpc import tensors

    proto = tensor_pb2.TensorProto(dtype=types_pb2.DT_FLOAT)
    for _ in range(200_000):  # The product of them has a million digits and more.
        proto.tensor_shape.dim.add().size = 2**62
    with pytest.raises(ValueError, match="too many sizes"):
        tensors.from_proto(proto)


def test_messages_are_bounded_as_bodies_are(gan):
    import rpc_toys

    models = Models()
    models.add("gan", gan)
    x = {"x": np.zeros([1000, 2], np.float32)}
    with rpc_toys.serve(models, limits=Limits(max_body_bytes=4000)) as stubs:
        request = rpc_toys.predict_request(x, "invert")
        code, _ = rpc_toys.refused(stubs.prediction.Predict, request, timeout=60)
        assert code == "RESOURCE_EXHAUSTED"
        assert stubs.predict({"x": x["x"][:400]}, "invert")["z"].shape == (400, 2)


def test_metrics_keep_little_of_names_that_clients_make_up():
    registry = Registry()
    for letter in "ab":
        registry.observe(letter * 60_000, "predict", "REST", "NOT_FOUND", 0)
    assert len(registry.page()) < 1000
