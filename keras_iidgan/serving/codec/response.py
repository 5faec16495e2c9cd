"""Named output tensors to the body of a predict response."""

import base64

import numpy as np
import orjson

from keras_iidgan.serving.codec import decimals
from keras_iidgan.serving.codec.tensors import type_word
from keras_iidgan.serving.codec.text import quote
from keras_iidgan.serving.errors import invalid

# Above this size orjson writes the shortest text that reads back as the same number, ten times
# faster than the reference server's digits, which small answers get.
EXACT_TOKENS = 256

_FLOATS = ("float32", "float64")
_PLAIN = ("int8", "int16", "int32", "int64", "uint8", "uint32", "uint64", "bool")


def format_predict(outputs, row):
    """Write the body of a predict response.

    Args:
        outputs: `{alias: array}`; strings are arrays of `bytes` objects.
        row: Whether the request was in row form. Then each array has the rows as its first axis.

    Returns:
        The JSON text as `bytes`: `predictions`, a list with a value or an object per row, or
        `outputs`, a value or an object.

    Raises:
        StatusError: INVALID_ARGUMENT where a type cannot be written, or where the outputs have no
            common number of rows.
    """
    if not outputs:
        raise invalid("Cannot convert empty tensor map to JSON")
    if row:
        rows = _count_rows(outputs)
    values = {alias: _encodable(alias, array) for alias, array in outputs.items()}
    if len(values) == 1:
        (content,) = values.values()
    elif row:
        content = [{alias: value[i] for alias, value in values.items()} for i in range(rows)]
    else:
        content = values
    body = {"predictions" if row else "outputs": content}
    return orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY)


def _count_rows(outputs):
    rows = None
    for alias, array in outputs.items():
        if array.ndim == 0:
            raise invalid(f"Tensor name: {alias} has no shape information ")
        if rows is not None and len(array) != rows:
            raise invalid(
                f"Tensor name: {alias} has inconsistent batch size: {len(array)} expecting: {rows}"
            )
        rows = len(array)
    return rows


def _encodable(alias, array):
    """Make of a tensor what orjson can write and a row can be taken of."""
    name = array.dtype.name
    if array.size == 0:
        return array.tolist()
    if name in _PLAIN or (name in _FLOATS and _may_be_shortest(array)):
        return array.copy(order="C") if array.ndim else array[()]
    if name in _FLOATS:
        leaves = [text.encode() for text in decimals.tokens(array)]
    elif array.dtype.kind in "OS":
        write = _base64 if alias.endswith("_bytes") else quote
        leaves = [write(bytes(item)) for item in array.ravel().tolist()]
    else:
        raise invalid(f"Failed to write JSON value for tensor type: {type_word(name)}")
    nested = np.empty(len(leaves), dtype=object)
    nested[:] = [orjson.Fragment(leaf) for leaf in leaves]
    return nested.reshape(array.shape).tolist()


def _may_be_shortest(array):
    # orjson has no text for what is not finite: it writes null.
    return array.size > EXACT_TOKENS and bool(np.isfinite(array).all())


def _base64(raw):
    return b'{"b64":"%s"}' % base64.b64encode(raw)
