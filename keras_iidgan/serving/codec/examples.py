"""The body of a classify or regress request, checked."""

from keras_iidgan.serving.codec.reader import MAX_LISTS
from keras_iidgan.serving.codec.request import read_document
from keras_iidgan.serving.codec.tensors import flatten, is_base64
from keras_iidgan.serving.codec.text import describe, type_name
from keras_iidgan.serving.errors import invalid

_KINDS = {bool: "int64", int: "int64", float: "float", bytes: "bytes"}


def parse_examples(body, max_lists=MAX_LISTS):
    """Read the body of a classify or regress request.

    Args:
        body: The bytes that were sent.
        max_lists: Lists and objects that it may have.

    Returns:
        The signature's name; empty for the default one.

    Raises:
        StatusError: INVALID_ARGUMENT for what can't be made a list of tf.Examples, as TensorFlow
            Serving would answer.
    """
    document, name = read_document(body, max_lists)
    if "context" in document:
        _check_example(document["context"])
    problem = None
    if "examples" not in document:
        # The reference server has this for regress too.
        problem = "When method is classify, key 'examples' is expected and was not found"
    elif type(document["examples"]) is not list:
        problem = "Expecting 'examples' value to be an list/array"
    elif not document["examples"]:
        problem = "'examples' value is an empty array"
    if problem:
        raise invalid(f"JSON Value: {describe(document)} {problem}")
    for example in document["examples"]:
        _check_example(example)
    return name


def _check_example(value):
    if not isinstance(value, dict):
        raise invalid(f"Example must be JSON object but got JSON {type_name(value)}")
    for name, content in value.items():
        kind = None
        for item in content if type(content) is list else [content]:
            kind = _check_element(name, item, kind)


def _check_element(name, item, kind):
    """Check one element of a feature whose elements so far were of a kind; returns its kind."""
    own = "bytes" if is_base64(item) else _KINDS.get(type(item))
    if own is None:
        raise invalid(f"Feature: {name} has element with unexpected JSON type: {type_name(item)}")
    if kind not in (None, own):
        raise invalid(f"Unexpected element type in feature: {name} expecting type: {kind}")
    if own == "int64" and item >= 2**63:
        raise invalid(f"Feature: {name} has uint64_t element. Only int64_t is supported.")
    if isinstance(item, dict):
        flatten(item, "string")  # Which says what is wrong with its base64 text.
    return own
