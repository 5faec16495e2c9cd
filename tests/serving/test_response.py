"""Responses: number tokens against a second implementation, strings, rows and columns."""

import json
import math

import numpy as np
import orjson
import pytest

from keras_iidgan.serving.codec import format_predict
from keras_iidgan.serving.codec.decimals import tokens
from keras_iidgan.serving.codec.response import EXACT_TOKENS
from keras_iidgan.serving.errors import StatusError


def strings(*values):
    array = np.empty(len(values), object)
    array[:] = values
    return array


def naive_token(value):
    """The rule for one number, by the number of digits that reads back."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    full = 9 if value.dtype == np.float32 else 17
    digits = 6 if value.dtype.type(np.format_float_scientific(value, 5, False)) == value else full
    text = f"{float(value):.{digits}g}"
    return text if "." in text or "e" in text else text + ".0"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_tokens_agree_with_the_naive_rule(dtype):
    rng = np.random.default_rng(0)
    bits = rng.integers(0, 2**63, 3000, dtype=np.uint64).view(np.float64)
    with np.errstate(all="ignore"):
        values = np.concatenate([bits.astype(dtype), rng.integers(-999, 999, 300) / dtype(8)])
        values = np.append(values, [0.0, -0.0, 9e6, 3e-5, 0.2, 1 / 3, np.nan, np.inf, -np.inf])
    values = values.astype(dtype)
    found = tokens(values)
    assert found == [naive_token(value) for value in values]
    back = np.array([float(token) for token in found]).astype(dtype)
    np.testing.assert_array_equal(back, values)


@pytest.mark.parametrize("size", [3, EXACT_TOKENS + 1])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_floats_survive_the_journey(size, dtype):
    values = np.random.default_rng(1).standard_normal((size, 2)).astype(dtype)
    text = format_predict({"x": values}, row=True)
    back = np.array(json.loads(text)["predictions"]).astype(dtype)
    np.testing.assert_array_equal(back, values, strict=True)


@pytest.mark.parametrize("size", [3, EXACT_TOKENS + 1])
def test_what_is_not_finite_is_never_null(size):
    values = np.ones(size, np.float32)
    values[:3] = np.nan, np.inf, -np.inf
    text = format_predict({"x": values}, row=False)
    assert text.startswith(b'{"outputs":[NaN,Infinity,-Infinity')


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (np.array([2**64 - 1], np.uint64), b"[18446744073709551615]"),
        (np.array([[-(2**63)]], np.int64), b"[[-9223372036854775808]]"),
        (np.array([-1], np.int8), b"[-1]"),
        (np.array(True), b"true"),
        (np.array(2.5, np.float32), b"2.5"),
        (np.array(7, np.int32), b"7"),
        (np.zeros((2, 0, 3), np.float32), b"[[],[]]"),
        (np.zeros((0,), np.float16), b"[]"),
        (np.arange(6, dtype=np.int32).reshape(2, 3).T, b"[[0,3],[1,4],[2,5]]"),
        (np.array(b"s", object), b'"s"'),
        (strings(b'a"\\\n\x01', "\u00e9".encode()), '["a\\"\\\\\\n\\u0001","\u00e9"]'.encode()),
        (strings(b"\xff"), b'["\xff"]'),
    ],
)
def test_columnar(values, text):
    assert format_predict({"y": values}, row=False) == b'{"outputs":%s}' % text


def test_columnar_objects():
    outputs = {"t": np.array(1, np.int32), "image_bytes": strings(b"\xff")}
    found = orjson.loads(format_predict(outputs, row=False))
    assert found == {"outputs": {"t": 1, "image_bytes": [{"b64": "/w=="}]}}


def test_rows_of_several_outputs():
    big = np.arange(2 * EXACT_TOKENS, dtype=np.float32).reshape(2, -1)
    outputs = {"x": big, "z": np.array([1.5, np.nan], np.float32), "n": np.array([1, 2])}
    rows = json.loads(format_predict(outputs, row=True))["predictions"]
    assert [row["n"] for row in rows] == [1, 2]
    assert rows[1]["x"] == big[1].tolist()
    assert rows[0]["z"] == 1.5
    assert math.isnan(rows[1]["z"])


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        ({}, "Cannot convert empty tensor map to JSON"),
        ({"x": np.zeros(())}, "Tensor name: x has no shape information "),
        (
            {"x": np.zeros(2), "y": np.zeros(3)},
            "Tensor name: y has inconsistent batch size: 3 expecting: 2",
        ),
        ({"x": np.zeros(2, np.uint16)}, "Failed to write JSON value for tensor type: uint16"),
        ({"x": np.zeros(2, np.float16)}, "Failed to write JSON value for tensor type: half"),
    ],
)
def test_errors(outputs, message):
    with pytest.raises(StatusError) as caught:
        format_predict(outputs, row=True)
    assert (caught.value.code, caught.value.message) == ("INVALID_ARGUMENT", message)
