"""NumPy arrays to TensorProtos and back, without TensorFlow."""

import math

import numpy as np

from keras_iidgan.serving.client.messages import CLASSES

_STRING = 7
# Type -> number of the type in a TensorProto, and the field where a server may have the values.
_TYPES = {
    "float32": (1, "float_val"),
    "float64": (2, "double_val"),
    "int32": (3, "int_val"),
    "uint8": (4, "int_val"),
    "int16": (5, "int_val"),
    "int8": (6, "int_val"),
    "int64": (9, "int64_val"),
    "bool": (10, "bool_val"),
    "uint16": (17, "int_val"),
    "uint32": (22, "uint32_val"),
    "uint64": (23, "uint64_val"),
}
_NAMES = {number: (name, field) for name, (number, field) in _TYPES.items()}


def to_proto(array):
    """Write an array as a tensor.

    Args:
        array: Of numbers or booleans, or of `bytes` and `str` objects.

    Returns:
        A `TensorProto`, numbers being in `tensor_content`, which is their memory.

    Raises:
        ValueError: Its type has no place there.
    """
    array = np.asarray(array)
    proto = CLASSES["TensorProto"]()
    for size in array.shape:
        proto.tensor_shape.dim.add(size=size)
    if array.dtype.kind in "OSU":
        proto.dtype = _STRING
        proto.string_val.extend(_bytes(item) for item in array.ravel().tolist())
    elif array.dtype.name in _TYPES:
        proto.dtype = _TYPES[array.dtype.name][0]
        proto.tensor_content = array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
    else:
        raise ValueError(f"inputs: expected numbers or bytes, got {array.dtype}")
    return proto


def _bytes(item):
    if not isinstance(item, (bytes, str)):
        raise ValueError(f"inputs: expected bytes or str, got {type(item).__name__}")
    return item.encode() if isinstance(item, str) else item


def from_proto(proto):
    """Read a tensor.

    Args:
        proto: A `TensorProto`. Where it has fewer values than its shape, the last is repeated.

    Returns:
        An array of its type; strings are `bytes` objects.

    Raises:
        ValueError: Its type is none that is known here, or values are missing.
    """
    shape = tuple(dim.size for dim in proto.tensor_shape.dim)
    if proto.dtype == _STRING:
        values = np.empty(len(proto.string_val), dtype=object)
        values[:] = list(proto.string_val)
        return _filled(values, math.prod(shape)).reshape(shape)
    if proto.dtype not in _NAMES:
        raise ValueError(f"a tensor of type {proto.dtype} cannot be read")
    name, field = _NAMES[proto.dtype]
    if proto.tensor_content:
        wire = np.dtype(name).newbyteorder("<")
        return np.frombuffer(proto.tensor_content, wire).astype(name).reshape(shape)
    repeated = getattr(proto, field)
    values = np.fromiter(repeated, np.int32 if field == "int_val" else name, len(repeated))
    return _filled(values.astype(name), math.prod(shape)).reshape(shape)


def _filled(values, count):
    if len(values) >= count:
        return values[:count]
    if not len(values):
        raise ValueError(f"a tensor of {count} values came with none")
    return np.concatenate([values, np.repeat(values[-1:], count - len(values))])
