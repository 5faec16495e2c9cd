"""The exact reader against literal cases, and against Python's own reader on random documents."""

import json
import math
import random

import pytest

from keras_iidgan.serving.codec.reader import read
from keras_iidgan.serving.codec.text import describe
from keras_iidgan.serving.errors import StatusError

VALUES = {
    "0": 0,
    "-0": 0,
    "-0.0": -0.0,
    "12": 12,
    "1.0": 1.0,
    "1e2": 100.0,
    "1E+2": 100.0,
    "25e-1": 2.5,
    "9223372036854775807": 2**63 - 1,
    "-9223372036854775808": -(2**63),
    "18446744073709551615": 2**64 - 1,
    "18446744073709551616": 2.0**64,
    "-9223372036854775809": -(2.0**63),
    "1" + "0" * 300: 1e300,
    "0." + "3" * 5000: 1 / 3,
    "1e-400": 0.0,
    "Inf": math.inf,
    "-Infinity": -math.inf,
    "true": True,
    "null": None,
    '"a\\u0000b"': b"a\0b",
    '"\\ud83d\\ude00"': "\U0001f600".encode(),
    '"\\udc00"': b"\xed\xb0\x80",
    '"\\"\\\\\\/\\b\\f\\n\\r\\t"': b'"\\/\b\f\n\r\t',
    "[]": [],
    "[ ]": [],
    "{ }": {},
    "[1,2.5, 3 ]": [1, 2.5, 3],
    "[[1],[2,[3]]]": [[1], [2, [3]]],
    '{"a":1,"a":2}': {"a": 1},
    '{"a":1}garbage': {"a": 1},
    '{"a":[1]}}}': {"a": [1]},
    "[1]\0": [1],
    "[ 18446744073709551615           ,   -1 ]": [2**64 - 1, -1],
    "\ufeff[1]": [1],
    " \t\r\n[1]": [1],
}

ERRORS = {
    "": ("The document is empty.", 0),
    "  ": ("The document is empty.", 2),
    "]": ("The document is empty.", 0),
    "x": ("Invalid value.", 0),
    "nul": ("Invalid value.", 3),
    "[+1]": ("Invalid value.", 1),
    "[.5]": ("Invalid value.", 1),
    "[-]": ("Invalid value.", 2),
    "[1,]": ("Invalid value.", 3),
    "[,1]": ("Invalid value.", 1),
    "[1": ("Missing a comma or ']' after an array element.", 2),
    "[01]": ("Missing a comma or ']' after an array element.", 2),
    "[1 2]": ("Missing a comma or ']' after an array element.", 3),
    "[1.]": ("Miss fraction part in number.", 3),
    "[1,2.,3]": ("Miss fraction part in number.", 5),
    "[1e]": ("Miss exponent in number.", 3),
    "[1e+]": ("Miss exponent in number.", 4),
    "[1,2,1e999,3]": ("Number too big to be stored in double.", 5),
    "[" + "9" * 310 + "]": ("Number too big to be stored in double.", 1),
    "[Infinit]": ("Invalid value.", 1),
    "[nan]": ("Invalid value.", 2),
    "{1:2}": ("Missing a name for object member.", 1),
    '{"a":1,}': ("Missing a name for object member.", 7),
    '{"a"}': ("Missing a colon after a name of object member.", 4),
    '{"a":1 "b":2}': ("Missing a comma or '}' after an object member.", 7),
    "{'a':1}": ("Missing a name for object member.", 1),
    '["a': ("Missing a closing quotation mark in string.", 3),
    '["a\n"]': ("Invalid escape character in string.", 3),
    '["\\x"]': ("Invalid escape character in string.", 2),
    '["\\u12g4"]': ("Incorrect hex digit after \\u escape in string.", 2),
    '["\\ud800"]': ("The surrogate pair in string is invalid.", 2),
    '["\\ud800\\u0041"]': ("The surrogate pair in string is invalid.", 2),
    "[1\0]": ("Missing a comma or ']' after an array element.", 2),
    "[1, // one\n 2]": ("Invalid value.", 4),
}


@pytest.mark.parametrize("text", VALUES)
def test_values(text):
    value = read(text.encode())
    assert value == VALUES[text]
    assert type(value) is type(VALUES[text]) or isinstance(value, dict)
    if isinstance(value, float):
        assert math.copysign(1, value) == math.copysign(1, VALUES[text])


@pytest.mark.parametrize("text", ERRORS)
def test_errors(text):
    with pytest.raises(StatusError) as caught:
        read(text.encode())
    reason, offset = ERRORS[text]
    assert caught.value.code == "INVALID_ARGUMENT"
    assert caught.value.message == f"JSON Parse error: {reason} at offset: {offset}"


def test_nan_and_raw_bytes():
    assert all(map(math.isnan, read(b"[NaN, -NaN]")))
    assert read(b'["\xff\xfe"]') == [b"\xff\xfe"]
    assert read(b'{"\xff":1}') == {"\ufffd": 1}


def random_value(rng, depth):
    kind = rng.randrange(9 if depth else 6)
    if kind < 3:
        return [rng.randrange(-(10**6), 10**6), rng.uniform(-1e9, 1e9), rng.getrandbits(64)][kind]
    if kind < 6:
        return ["".join(chr(rng.randrange(1, 0x2FF)) for _ in range(5)), None, True][kind - 3]
    values = [random_value(rng, depth - 1) for _ in range(rng.randrange(4))]
    return {f"k{i}": value for i, value in enumerate(values)} if kind == 6 else values


def text_values(value):
    """Python's strings as the reader has them."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, dict):
        return {key: text_values(item) for key, item in value.items()}
    return [text_values(item) for item in value] if isinstance(value, list) else value


def test_random_documents_agree_with_python():
    rng = random.Random(0)
    for _ in range(300):
        value = random_value(rng, 5)
        text = json.dumps(value, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, 1]))
        assert read(text.encode()) == text_values(value)


def test_truncated_documents_never_pass():
    text = b'{"a": [1, 2.5, {"b": "c\\u0041"}], "d": [true, null, NaN]}'
    for end in range(len(text)):
        with pytest.raises(StatusError, match="JSON Parse error"):
            read(text[:end])


def test_nesting_is_bounded_by_memory_only():
    deep = read(b"[" * 50_000 + b"]" * 50_000)
    assert describe(deep) == "[" * 256
    with pytest.raises(StatusError, match="offset: 50000"):
        read(b"[" * 50_000)
