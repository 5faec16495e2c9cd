"""The quick way for plain numeric bodies: orjson and NumPy instead of the exact reader.

It answers only where it is certain to give what the exact reader gives, and leaves everything
else, every error among it, to that one. What orjson or NumPy would let pass is ruled out first:
two equal keys (by counting quotation marks), and what isn't a number, or is one of another kind
(by the letters in the text, or by the types of the elements).
"""

import itertools

import numpy as np
import orjson

from keras_iidgan.serving.codec.tensors import FLOATS, INTEGER_RANGES, MAX_RANK, narrow

_KEYS = ({"instances"}, {"instances", "signature_name"}, {"inputs"}, {"inputs", "signature_name"})


def parse(body, input_types):
    """Read a predict request if it is a plain one.

    Args:
        body: The bytes that were sent.
        input_types: See `request.parse_predict`.

    Returns:
        The signature's name, `{alias: array}` and whether it is in row form; or `None` where the
        exact reader must decide.

    Raises:
        StatusError: What `input_types` raises.
    """
    document = _document(body)
    if document is None:
        return None
    name = document.get("signature_name", "")
    row = "instances" in document
    columns = (_columns_of_rows if row else _columns)(document["instances" if row else "inputs"])
    if columns is None or _count_marks(body) != _quotation_marks(document, columns, row):
        return None
    types = input_types(name)
    if not types:  # A signature without inputs, which is not for predicting.
        return None
    if None in columns and len(types) == 1:
        columns = dict.fromkeys(types, columns[None])
    if columns.keys() != types.keys():
        return None
    numbers = type(document["instances" if row else "inputs"]) is list and _holds_no_words(body)
    inputs = {alias: _array(columns[alias], dtype, numbers) for alias, dtype in types.items()}
    return None if any(array is None for array in inputs.values()) else (name, inputs, row)


def _document(body):
    if b"\\" in body:
        return None
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if type(document) is not dict or document.keys() not in _KEYS:
        return None
    return document if type(document.get("signature_name", "")) is str else None


def _columns_of_rows(rows):
    """Turn the list of rows into `{alias: values}`, with alias `None` where they are not named."""
    if type(rows) is not list or not rows:
        return None
    if type(rows[0]) is not dict:
        return {None: rows}
    keys = rows[0].keys()
    if not keys or any(type(row) is not dict or row.keys() != keys for row in rows):
        return None
    return {key: [row[key] for row in rows] for key in keys}


def _columns(value):
    return value if type(value) is dict else {None: value}


def _count_marks(body):
    """Count quotation marks; within lists, most of a body, it is enough to see that none is."""
    start, end = body.find(b"["), body.rfind(b"]")
    if body.find(b'"', start, end) < 0 <= start:
        return body.count(b'"', 0, start) + body.count(b'"', end)
    return body.count(b'"')


def _quotation_marks(document, columns, row):
    """Count the marks of a body in which no key comes twice and no value is a string."""
    named = 0 if None in columns else len(columns) * (len(document["instances"]) if row else 1)
    return 2 * (len(document) + ("signature_name" in document) + named)


def _holds_no_words(body):
    """Say whether true, false and null, which NumPy takes for numbers, can't be in any list.

    To look for two letters takes no time; to look at the type of every element takes as long as to
    make an array of them.
    """
    span = body.find(b"["), body.rfind(b"]")
    return body.find(b"u", *span) < 0 and body.find(b"f", *span) < 0


def _array(values, dtype, numbers):
    shape, elements = _flatten(values)
    if not elements or len(shape) > MAX_RANK:
        return None
    if dtype in FLOATS and (numbers or set(map(type, elements)) <= {int, float}):
        return _floats(elements, shape, dtype)
    if dtype in INTEGER_RANGES and set(map(type, elements)) == {int}:
        low, high = INTEGER_RANGES[dtype]
        if low <= min(elements) and max(elements) < high:
            # Left to itself NumPy takes floats where one needs 64 bits and another is signed.
            wide = np.uint64 if dtype == "uint64" else np.int64
            return narrow(np.array(elements, wide), dtype).reshape(shape)
    return None


def _floats(elements, shape, dtype):
    """Make an array of numbers; `None` where there are lists or objects among them."""
    try:
        # Through float64, so that a large integer is rounded twice as in the exact reader.
        wide = np.array(elements, np.float64)
    except (TypeError, ValueError):  # An object, or a list beside a number.
        return None
    return narrow(wide, dtype).reshape(shape) if wide.ndim == 1 else None


def _flatten(values):
    """Return the shape of nested lists and their elements; no elements where they are ragged.

    Level by level, as NumPy, which looks at each list by itself, takes three times as long.
    """
    shape, level = [], [values]
    while level and type(level[0]) is list:
        try:
            sizes = set(map(len, level))
        except TypeError:  # A number beside a list.
            return shape, []
        if len(sizes) > 1:
            return shape, []
        shape += sizes
        # Of an object, which has a length too, nothing or the name of a member comes out here.
        level = list(itertools.chain.from_iterable(level))
    return shape, level
