"""The values of the vectors, and JSON values that are the same."""

import base64
import math
import struct


def raw(value, dtype):
    """Return an element of a vector's tensor as a Python value.

    Args:
        value: As it stands in the file: non-finite numbers and bytes have words of their own.
        dtype: Name of the tensor's type.

    Returns:
        `bytes` for strings, else a number or `bool`.
    """
    if isinstance(value, dict):
        return base64.b64decode(value["b64"])
    if dtype == "string":
        return value.encode()
    return float(value) if isinstance(value, str) else value


def nested(tensor):
    """Write a vector's tensor as the JSON value that an answer has for it.

    Args:
        tensor: Dict with `dtype`, `shape` and flat `values`. Strings become base64.

    Returns:
        Lists in lists, or a scalar.
    """
    dtype = tensor["dtype"]
    elements = iter([_json(raw(value, dtype), dtype) for value in tensor["values"]])

    def build(shape):
        return [build(shape[1:]) for _ in range(shape[0])] if shape else next(elements)

    return build(tensor["shape"])


def _json(value, dtype):
    if isinstance(value, bytes):
        return {"b64": base64.b64encode(value).decode()}
    return float(value) if dtype.startswith("float") else value


def same(left, right, single):
    """Compare JSON values, types included: 1 is not 1.0.

    Args:
        left: What `json.loads` returns.
        right: The same, or the words of the vectors for what is not finite.
        single: Whether numbers are compared as float32.

    Returns:
        A `bool`.
    """
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(
            same(a, b, single) for a, b in zip(left, right, strict=True)
        )
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(
            same(left[key], right[key], single) for key in left
        )
    if isinstance(left, float) and not math.isfinite(left):
        return str(left) == str(float(right))
    if isinstance(left, float) and isinstance(right, float) and single:
        return _float32(left) == _float32(right)
    return left == right and type(left) is type(right)


def _float32(value):
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)
