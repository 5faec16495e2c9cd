"""JSON values to tensors, with the type rules of TensorFlow Serving."""

import base64
import binascii
import re

import numpy as np

from keras_iidgan.serving.codec.text import describe, type_name
from keras_iidgan.serving.errors import StatusError, invalid

MAX_RANK = 64  # of a NumPy array
_WORDS = {"float32": "float", "float64": "double", "float16": "half"}

# What an integer literal may be; the narrow types are checked as int32 and cut off afterwards.
INTEGER_RANGES = {
    "int8": (-(2**31), 2**31),
    "int16": (-(2**31), 2**31),
    "int32": (-(2**31), 2**31),
    "uint8": (-(2**31), 2**31),
    "int64": (-(2**63), 2**63),
    "uint32": (0, 2**32),
    "uint64": (0, 2**64),
}
_NUMBERS = frozenset((int, float))
FLOATS = ("float32", "float64")


def type_word(dtype):
    """Return the word that error messages have for a type: "float" for "float32"."""
    return _WORDS.get(dtype, dtype)


def flatten(value, dtype):
    """Check a JSON value against a type and take its elements out of their lists.

    Args:
        value: What `reader.read` returns.
        dtype: Name of the tensor's type.

    Returns:
        The shape as a tuple, from the first element at each depth, and the list of elements.

    Raises:
        StatusError: INVALID_ARGUMENT where lists are ragged or an element has another type,
            UNIMPLEMENTED for types that JSON cannot carry.
    """
    shape = _shape(value)
    elements = []
    waiting = [(value, 0)]
    while waiting:
        item, level = waiting.pop()
        if type(item) is list:
            _check_list(item, level, shape)
            if dtype in FLOATS and level + 1 == len(shape) and _NUMBERS.issuperset(map(type, item)):
                elements += item
                continue
            waiting.extend((child, level + 1) for child in reversed(item))
        elif level != len(shape):
            raise invalid(
                f"JSON Value: {describe(item)} found at incorrect level: {level + 1}"
                f" in the JSON DOM. Expected at level: {len(shape)}"
            )
        else:
            elements.append(_element(item, dtype))
    return shape, elements


def _shape(value):
    shape = []
    while type(value) is list:
        shape.append(len(value))
        value = value[0] if value else None
    return tuple(shape)


def _check_list(item, level, shape):
    if level >= len(shape):
        raise invalid(f"Encountered list at unexpected level: {level} expected < {len(shape)}")
    if len(item) != shape[level]:
        raise invalid(
            f"Encountered list at unexpected size: {len(item)} at level: {level}"
            f" expected size: {shape[level]}"
        )


def _element(item, dtype):
    kind = type(item)
    if isinstance(item, dict):
        if dtype == "string":
            return _decode(item)
    elif dtype in FLOATS:
        if kind in (int, float):
            return item
    elif dtype in INTEGER_RANGES:
        low, high = INTEGER_RANGES[dtype]
        if kind is int and low <= item < high:
            return item
    elif dtype in ("string", "bool"):
        if kind is (bytes if dtype == "string" else bool):
            return item
    else:
        raise StatusError(
            "UNIMPLEMENTED",
            f"Conversion of JSON Value: {describe(item)} to type: {type_word(dtype)}",
        )
    raise invalid(
        f"JSON Value: {describe(item)} Type: {type_name(item)}"
        f" is not of expected type: {type_word(dtype)}"
    )


def is_base64(value):
    """Say whether a JSON value is `{"b64": <string>}`, with nothing beside it."""
    return isinstance(value, dict) and value.members == 1 and type(value.get("b64")) is bytes


def _decode(value):
    """Decode `{"b64": ...}`: standard alphabet, optional padding, white space anywhere."""
    if not is_base64(value):
        raise invalid(f"JSON Value: {describe(value)} not formatted correctly for base64 data")
    text = re.sub(rb"[ \t\n\v\f\r]", b"", value["b64"])
    bare = text.rstrip(b"=")
    padding = len(text) - len(bare)
    missing = -len(bare) % 4
    try:
        if padding not in (0, missing):
            raise binascii.Error("wrong padding")
        return base64.b64decode(bare + b"=" * missing, validate=True)
    except binascii.Error:
        raise invalid("Unable to base64 decode") from None


def build(elements, shape, dtype):
    """Make an array of elements that `flatten` has checked.

    Args:
        elements: List of Python scalars in row-major order.
        shape: Tuple of sizes.
        dtype: Name of the tensor's type; strings become an array of `bytes` objects.

    Returns:
        A NumPy array. float32 overflows to infinity, narrow integers keep their low bits.

    Raises:
        StatusError: INVALID_ARGUMENT where the rank is more than an array can have.
    """
    if len(shape) > MAX_RANK:
        raise invalid(f"Expecting a tensor of at most {MAX_RANK} dimensions but got: {len(shape)}")
    if dtype == "string":
        array = np.empty(len(elements), dtype=object)
        array[:] = elements
        return array.reshape(shape)
    wide = {"float32": "float64", "int8": "int64", "int16": "int64", "uint8": "int64"}
    array = np.array(elements, dtype=wide.get(dtype) or _numpy_type(dtype)).reshape(shape)
    return narrow(array, dtype)


def narrow(array, dtype):
    """Convert an array to a type as the reference server converts each number."""
    with np.errstate(over="ignore", under="ignore"):
        return array.astype(_numpy_type(dtype))


def _numpy_type(dtype):
    try:
        return np.dtype(dtype)
    except TypeError:  # bfloat16 and the like, of which an empty list was sent.
        raise StatusError("UNIMPLEMENTED", f"Conversion to type: {type_word(dtype)}") from None
