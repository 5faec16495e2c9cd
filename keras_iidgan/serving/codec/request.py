"""The body of a predict request to named tensors, in row or in columnar form."""

import dataclasses
import typing

import numpy as np

from keras_iidgan.serving.codec import fast, reader, tensors
from keras_iidgan.serving.codec.text import describe
from keras_iidgan.serving.errors import StatusError, invalid


@dataclasses.dataclass(frozen=True)
class PredictRequest:
    """What a predict request asks for.

    Attributes:
        signature_name: Name of the signature; empty for the default one.
        inputs: Arrays by alias. In row form each has the number of rows as its first size.
        row: Whether the answer is to be in row form ("predictions") or columnar ("outputs").
    """

    signature_name: str
    inputs: typing.Mapping[str, np.ndarray]
    row: bool


def parse_predict(body, input_types, max_lists=reader.MAX_LISTS):
    """Read the body of a predict request.

    Args:
        body: The bytes that were sent.
        input_types: Function from a signature's name to `{alias: name of the type}`. It is called
            once the body is known to be JSON, possibly twice, and may raise `StatusError`.
        max_lists: Lists and objects that it may have.

    Returns:
        A `PredictRequest`.

    Raises:
        StatusError: As TensorFlow Serving would answer; also what `input_types` raises.
    """
    # Each has an opening byte, which is counted in no time.
    is_small = len(body) <= max_lists or body.count(b"[") + body.count(b"{") <= max_lists
    quick = fast.parse(body, input_types) if is_small else None
    if quick:
        return PredictRequest(*quick)
    document, name = read_document(body, max_lists)
    types = input_types(name)
    if not types:
        raise invalid(f"Failed to get input map for signature: {name or 'DEFAULT'}")
    row = _is_row(document)
    if row:
        return PredictRequest(name, _from_rows(document["instances"], types), row)
    return PredictRequest(name, _from_columns(document["inputs"], types), row)


def read_document(body, max_lists=reader.MAX_LISTS):
    """Read the body of any request.

    Args:
        body: The bytes that were sent.
        max_lists: Lists and objects that it may have.

    Returns:
        The `JsonObject` and the signature's name, empty where there is none.

    Raises:
        StatusError: INVALID_ARGUMENT where it isn't an object, or the name not a string.
    """
    document = reader.read(body, max_lists)
    if not isinstance(document, dict):
        raise invalid(f"JSON Value: {describe(document)} Is not object")
    name = document.get("signature_name", b"")
    if type(name) is not bytes:
        raise invalid(
            f"JSON Value: {describe(document)} not formatted correctly."
            " 'signature_name' key must be a string value."
        )
    return document, name.decode("utf-8", "replace")


def _is_row(document):
    """Say which of the two forms it is, once it is known to be well-formed."""
    if "instances" not in document and "inputs" not in document:
        raise invalid("Missing 'inputs' or 'instances' key")
    problem = None
    if "instances" in document and "inputs" in document:
        problem = (
            "Not formatted correctly expecting only one of 'inputs' or 'instances' keys to exist "
        )
    elif "instances" in document:
        if type(document["instances"]) is not list:
            problem = "Expecting 'instances' to be an list/array"
        elif not document["instances"]:
            problem = "No values in 'instances' array"
    if problem:
        raise invalid(f"JSON Value: {describe(document)} {problem}")
    return "instances" in document


def _is_named(value):
    return isinstance(value, dict) and not tensors.is_base64(value)


class _Batch:
    """One input of a request in row form, growing by a row at a time."""

    def __init__(self, dtype):
        self.dtype = dtype
        self.shape = None
        self.size = 0
        self.elements = []

    def add(self, value):
        shape, elements = tensors.flatten(value, self.dtype)
        if self.shape is None:
            self.shape, self.size = shape, len(elements)
        elif len(elements) != self.size:
            raise invalid(f"Expecting tensor size: {self.size} but got: {len(elements)}")
        elif shape != self.shape:
            raise invalid(f"Expecting shape {_text(self.shape)} but got: {_text(shape)}")
        self.elements += elements

    def array(self, rows):
        return tensors.build(self.elements, (rows, *self.shape), self.dtype)


def _text(shape):
    return f"[{','.join(map(str, shape))}]"


def _from_rows(rows, types):
    named = _is_named(rows[0])
    if len(types) > 1 and not named:
        raise invalid(
            "instances is a plain list, but expecting list of objects as multiple"
            " input tensors required as per tensorinfo_map"
        )
    batches = {alias: _Batch(dtype) for alias, dtype in types.items()}
    add = _add_named if named else _add_plain
    for index, row in enumerate(rows):
        add(batches, index, row)
    return {alias: batch.array(len(rows)) for alias, batch in batches.items()}


def _add_plain(batches, index, row):
    if _is_named(row):
        raise invalid(f"Expecting value/list but got object at item {index} of input list")
    (batch,) = batches.values()
    try:
        batch.add(row)
    except StatusError as error:
        raise invalid(
            f"Failed to process element: {index} of 'instances' list. Error: {error}"
        ) from None


def _add_named(batches, index, row):
    if not _is_named(row):
        raise invalid(f"Expecting object but got list at item {index} of input list")
    for alias, value in row.items():
        try:
            if alias not in batches:
                raise invalid(f"JSON object: does not have named input: {alias}")
            batches[alias].add(value)
        except StatusError as error:
            raise invalid(
                f"Failed to process element: {index} key: {alias} of 'instances' list."
                f" Error: {error}"
            ) from None
    if row.keys() != batches.keys():
        raise invalid(
            f"Failed to process element: {index} of 'instances' list."
            f" JSON object: {describe(row)} keys must be equal to: {','.join(sorted(batches))}"
        )


def _from_columns(columns, types):
    if not _is_named(columns):
        if len(types) > 1:
            raise invalid(
                "inputs is a plain value/list, but expecting an object as multiple"
                " input tensors required as per tensorinfo_map"
            )
        columns = dict.fromkeys(types, columns)
    inputs = {}
    for alias, dtype in types.items():
        if alias not in columns:
            raise invalid(f"Missing named input: {alias} in 'inputs' object.")
        shape, elements = tensors.flatten(columns[alias], dtype)
        inputs[alias] = tensors.build(elements, shape, dtype)
    return inputs
