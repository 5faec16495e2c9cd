"""Every case of vectors.json: what TensorFlow Serving was seen or read to do."""

import base64
import gzip
import json
import math
import pathlib
import re

import ml_dtypes
import numpy as np
import pytest

from keras_iidgan.serving.codec import format_predict, parse_predict
from keras_iidgan.serving.errors import StatusError

CASES = json.loads((pathlib.Path(__file__).parent / "vectors.json").read_text())["cases"]


def cases(layer):
    chosen = [case for case in CASES if case["layer"] == layer]
    return pytest.mark.parametrize("case", chosen, ids=[case["name"] for case in chosen])


def value_of(value, dtype):
    if isinstance(value, dict):
        return base64.b64decode(value["b64"])
    if dtype == "string":
        return value.encode()
    return float(value) if isinstance(value, str) else value


def array_of(tensor):
    dtype = tensor["dtype"]
    values = [value_of(value, dtype) for value in tensor["values"]]
    if dtype == "string":
        array = np.empty(len(values), object)
        array[:] = values
    else:
        array = np.array(values, getattr(ml_dtypes, dtype, dtype))
    return array.reshape(tensor["shape"])


def same(left, right):
    """Compare JSON values; the strings of the vectors stand for what is not finite."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, float) and not math.isfinite(left):
        return str(left) == str(float(right))
    return left == right and type(left) is type(right)


def check_error(case, error):
    expect = case["expect"]
    assert expect["kind"] == "error", error
    assert error.http_status == expect["status"]
    assert expect["message_contains"] in error.message


@cases("parse")
def test_parse(case):
    inputs = {alias: spec["dtype"] for alias, spec in case["signature"]["inputs"].items()}
    try:
        request = parse_predict(case["request_body"].encode(), lambda name: inputs)
    except StatusError as error:
        return check_error(case, error)
    expect = case["expect"]
    assert expect["kind"] == "tensors"
    assert request.row == (expect["format"] == "row")
    assert request.inputs.keys() == expect["tensors"].keys()
    for alias, tensor in expect["tensors"].items():
        assert request.inputs[alias].dtype == array_of(tensor).dtype
        np.testing.assert_array_equal(request.inputs[alias], array_of(tensor), strict=True)


@cases("format")
def test_format(case):
    tensors = {alias: array_of(tensor) for alias, tensor in case["tensors"].items()}
    try:
        text = format_predict(tensors, row=case["format"] == "row")
    except StatusError as error:
        return check_error(case, error)
    expect = case["expect"]
    assert expect["kind"] == "json"
    assert same(json.loads(text), expect["value"])
    if "number_tokens" in expect:
        tokens = re.findall(r"[-+.\w]+", text.decode())
        assert tokens[1:] == expect["number_tokens"]  # After the key "predictions" or "outputs".


@cases("http")
def test_http(case, call):
    request, expect = case["request"], case["expect"]
    body = request["body"] and request["body"].encode()
    if request["headers"].get("Content-Encoding") == "gzip":
        body = gzip.compress(body)
    status, headers, answer = call(request["method"], request["path"], body, request["headers"])
    assert status == expect["status"], answer
    assert "Content-Encoding" not in headers
    if "json" in expect:
        assert same(json.loads(answer), expect["json"])
    if "error_contains" in expect:
        assert expect["error_contains"] in json.loads(answer)["error"]
    if expect.get("empty_body"):
        assert answer == b""
    for name, value in expect.get("response_headers", {}).items():
        assert headers[name] == value
