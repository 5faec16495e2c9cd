"""TensorProto to arrays and back, against TensorFlow's own C++ conversion."""

import numpy as np
import pytest

NAMES = (
    "float32 float64 float16 bfloat16 int8 int16 int32 int64"
    " uint8 uint16 uint32 uint64 bool complex64 complex128 string"
).split()


@pytest.fixture(scope="module")
def tensors():
    from keras_iidgan.serving.rpc import tensors

    return tensors


def array(name, shape):
    import tensorflow as tf

    count = int(np.prod(shape))
    if name == "string":
        values = np.array([b"\xff\x00" * (index * 40) for index in range(count)], object)
        return values.reshape(shape)
    values = np.arange(count) - (0 if name[0] in "ub" else 2)
    if name.startswith("complex"):
        values = values + 0.5j
    return values.astype(tf.dtypes.as_dtype(name).as_numpy_dtype).reshape(shape)


def parsed(proto):
    """What TensorFlow's C++ makes of a proto, and so what TensorFlow Serving makes of it."""
    import tensorflow as tf

    return tf.io.parse_tensor(proto.SerializeToString(), proto.dtype).numpy()


@pytest.mark.parametrize("shape", [(), (1,), (2, 3), (0,), (2, 0, 3)])
@pytest.mark.parametrize("name", NAMES)
def test_all_types_and_forms(tensors, name, shape):
    import tensorflow as tf

    value = array(name, shape)
    forms = [tensors.to_proto(value), tensors.to_proto(value, as_content=True)]
    forms += [tf.make_tensor_proto(value, dtype=name)]
    serialized = tf.io.serialize_tensor(tf.constant(value, name)).numpy()
    forms += [type(forms[0]).FromString(serialized)]
    for index, proto in enumerate(forms):
        found = tensors.from_proto(proto)
        assert (found.dtype, found.shape) == (value.dtype, value.shape), index
        np.testing.assert_array_equal(found, value)
        np.testing.assert_array_equal(parsed(proto), value)
    for proto in forms[:3]:
        np.testing.assert_array_equal(tf.make_ndarray(proto), value)
    assert not forms[0].tensor_content  # Clients read the field of the type.


def proto(dtype, shape, **fields):
    import tensorflow as tf

    made = tf.make_tensor_proto(0, dtype="int32")
    made.Clear()
    made.dtype = tf.dtypes.as_dtype(dtype).as_datatype_enum
    for size in shape:
        made.tensor_shape.dim.add().size = size
    for name, value in fields.items():
        if name == "tensor_content":
            made.tensor_content = value
        else:
            getattr(made, name).extend(value)
    return made


@pytest.mark.parametrize(
    ("dtype", "shape", "fields"),
    [
        ("float32", [3], {"float_val": [1.5]}),
        ("float32", [2, 2], {}),
        ("float32", [2], {"float_val": [1, 2, 3]}),
        ("int64", [4], {"int64_val": [1, -(2**62)]}),
        ("int8", [3], {"int_val": [300, -129, 5]}),
        ("uint8", [2], {"int_val": [-1, 256]}),
        ("float16", [3], {"half_val": [0x3C00]}),
        ("bfloat16", [2], {"half_val": [0x3F80, 0x14040]}),
        ("complex64", [2], {"scomplex_val": [1, 2, 3]}),
        ("string", [3], {"string_val": [b"a", b"b"]}),
        ("string", [2], {}),
        ("string", [2], {"tensor_content": b"\x01\x02abc"}),
        ("bool", [3], {"bool_val": [True]}),
        ("float32", [0], {"tensor_content": b"abc"}),
    ],
)
def test_values_that_are_few_or_many_or_wide(tensors, dtype, shape, fields):
    message = proto(dtype, shape, **fields)
    np.testing.assert_array_equal(tensors.from_proto(message), parsed(message))


@pytest.mark.parametrize(
    ("dtype", "shape", "fields"),
    [
        ("float32", [2], {"tensor_content": b"abc"}),
        ("float32", [2], {"tensor_content": b"abcd"}),
        ("float32", [-1], {"float_val": [1]}),
        ("float32", [1] * 65, {"float_val": [1]}),
        ("float32", [2**62, 2**62], {}),
        ("float32", [2**30], {"float_val": [0]}),
        ("string", [2], {"tensor_content": b"\x01\x02ab"}),
        ("string", [2**40], {"tensor_content": b"\x01"}),
        ("string", [1], {"tensor_content": b"\xff" * 9}),
        ("string", [2**40], {}),
        ("variant", [], {}),
        ("resource", [], {}),
        ("float32", [0, 2**62, 2**62], {}),
    ],
)
def test_what_cannot_be_fed(tensors, dtype, shape, fields):
    with pytest.raises(ValueError):
        tensors.from_proto(proto(dtype, shape, **fields))


def test_a_type_that_is_none(tensors):
    for number in (0, 101, 9999):
        message = proto("float32", [1])
        message.dtype = number
        with pytest.raises(ValueError, match=f"type {number} cannot be fed"):
            tensors.from_proto(message)
