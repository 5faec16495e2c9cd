"""The client's messages against TensorFlow Serving's own, and what importing it costs."""

import subprocess
import sys

import numpy as np
import pytest

from keras_iidgan.serving.client import tensors
from keras_iidgan.serving.client.messages import CLASSES


def official():
    """TensorFlow's and TensorFlow Serving's classes by the names that the client has."""
    from tensorflow.core.framework import tensor_pb2, tensor_shape_pb2
    from tensorflow.core.protobuf import meta_graph_pb2
    from tensorflow_serving.apis import (
        get_model_metadata_pb2,
        get_model_status_pb2,
        model_pb2,
        predict_pb2,
        status_pb2,
    )

    modules = [tensor_pb2, tensor_shape_pb2, meta_graph_pb2, get_model_metadata_pb2]
    modules += [get_model_status_pb2, model_pb2, predict_pb2, status_pb2]
    found = {name: getattr(module, name) for module in modules for name in dir(module)}
    return found | {"Dim": tensor_shape_pb2.TensorShapeProto.Dim}


def described(descriptor):
    """Fields of a message as (number, type, label, map entry), by name."""
    return {
        field.name: (
            field.number,
            field.type,
            field.is_repeated,
            bool(field.message_type and field.message_type.GetOptions().map_entry),
        )
        for field in descriptor.fields
    }


def test_fields_are_those_of_the_official_messages():
    known = official()
    for name, found in CLASSES.items():
        fields = described(known[name].DESCRIPTOR)
        assert described(found.DESCRIPTOR).items() <= fields.items(), name
        for field in found.DESCRIPTOR.fields:
            if field.enum_type:
                values = known[name].DESCRIPTOR.fields_by_name[field.name].enum_type.values_by_name
                assert {v.name: v.number for v in field.enum_type.values}.items() <= {
                    value.name: value.number for value in values.values()
                }.items()


TYPES = ["float32", "float64", "int8", "int16", "int32", "int64", "bool"]


@pytest.mark.parametrize("dtype", [*TYPES, "uint8", "uint16", "uint32", "uint64"])
def test_arrays_come_through_as_they_are(dtype):
    import tensorflow as tf
    from tensorflow.core.framework import tensor_pb2

    from keras_iidgan.serving.rpc import tensors as server

    array = np.random.default_rng(0).integers(0, 100, (2, 3)).astype(dtype)
    for value in (array, array.T, array[0, 0], array[:0]):
        sent = tensor_pb2.TensorProto.FromString(tensors.to_proto(value).SerializeToString())
        np.testing.assert_array_equal(tf.make_ndarray(sent), value, strict=value.ndim > 0)
        for as_content in (False, True):
            proto = server.to_proto(value, as_content).SerializeToString()
            found = tensors.from_proto(CLASSES["TensorProto"].FromString(proto))
            np.testing.assert_array_equal(found, np.asarray(value), strict=True)
            assert found.flags.writeable


def test_strings_repeated_values_and_what_is_refused():
    import tensorflow as tf

    proto = tensors.to_proto(np.array([["a", b"\xff"]], dtype=object))
    assert tensors.from_proto(proto).tolist() == [[b"a", b"\xff"]]
    full = CLASSES["TensorProto"](dtype=1, float_val=[1, 2])
    full.tensor_shape.dim.add(size=4)
    assert tensors.from_proto(full).tolist() == [1, 2, 2, 2]
    half = tf.make_tensor_proto(np.zeros(2, np.float16)).SerializeToString()
    with pytest.raises(ValueError, match="type 19 cannot be read"):
        tensors.from_proto(CLASSES["TensorProto"].FromString(half))
    empty = CLASSES["TensorProto"](dtype=1)
    with pytest.raises(ValueError, match="a tensor of 1 values came with none"):
        tensors.from_proto(empty)
    for value, message in (
        (np.zeros(2, np.complex64), "expected numbers or bytes, got complex64"),
        (np.array([None]), "expected bytes or str, got NoneType"),
    ):
        with pytest.raises(ValueError, match=message):
            tensors.to_proto(value)


def test_neither_transport_imports_tensorflow():
    code = (
        "import sys; from keras_iidgan.serving import Client;"
        "assert not {'grpc', 'google.protobuf'} & sys.modules.keys();"
        "Client('grpc://localhost:1', model='m').close();"
        "assert not {'tensorflow', 'keras', 'matplotlib'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
