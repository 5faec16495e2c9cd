"""Arrays to the JSON of a predict request, and JSON answers to arrays, for the client."""

import base64
import json

import numpy as np
import orjson


def encode(inputs, signature_name):
    """Write the body of a predict request in columnar form.

    Args:
        inputs: `{alias: array}`, or one array.
        signature_name: The signature's name.

    Returns:
        JSON text as `bytes`, with `NaN` and `Infinity` where there are such numbers.
    """
    if isinstance(inputs, dict):
        content = {alias: _tensor(value) for alias, value in inputs.items()}
        tensors = list(content.values())
    else:
        content = _tensor(inputs)
        tensors = [content]
    body = {"signature_name": signature_name, "inputs": content}
    if all(map(_is_finite, tensors)):
        return orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY)
    return json.dumps(body, default=lambda array: array.tolist()).encode()


def _tensor(value):
    """Turn numbers into an array, or a scalar, and nested strings into lists."""
    first = value
    while isinstance(first, (list, tuple)) and first:
        first = first[0]
    if isinstance(first, (str, bytes)):
        return _strings(value)  # As an array, bytes would lose the zeros at their end.
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        return _strings(array.tolist())
    return np.ascontiguousarray(array) if array.ndim else array[()]


def _is_finite(tensor):
    return not isinstance(tensor, (np.ndarray, np.generic)) or bool(np.isfinite(tensor).all())


def _strings(value):
    """Wrap the bytes among nested strings as base64, which is how JSON carries them."""
    if isinstance(value, (list, tuple)):
        return [_strings(item) for item in value]
    return {"b64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def decode(text):
    """Read JSON, with `NaN` and `Infinity`, which orjson does not know.

    Args:
        text: The body of an answer, as `bytes`.

    Returns:
        The value; `None` where the text is not JSON.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(text)
    except ValueError:
        return None


def to_array(value):
    """Turn nested lists into an array.

    Args:
        value: Nested lists of numbers, booleans, strings or `{"b64": ...}` objects.

    Returns:
        float32 for decimal numbers, int64 (uint64 where need be) for integers, bool, or an array
        of `str` and `bytes` objects.
    """
    array = np.array(value)
    if array.dtype.kind == "f":
        return array.astype(np.float32)
    if array.dtype.kind in "biu":
        return array
    objects = np.array(value, dtype=object)
    flat = np.empty(objects.size, dtype=object)
    flat[:] = [_plain(item) for item in objects.ravel().tolist()]
    return flat.reshape(objects.shape)


def _plain(item):
    return base64.b64decode(item["b64"]) if isinstance(item, dict) else item
