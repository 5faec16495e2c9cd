"""Requests in row and columnar form: types, shapes, and which of several errors is told."""

import numpy as np
import pytest

from keras_iidgan.serving.codec import parse_predict
from keras_iidgan.serving.errors import StatusError, invalid


def parse(text, **types):
    body = text if isinstance(text, bytes) else text.encode()
    return parse_predict(body, lambda name: types or {"x": "float32"}).inputs


def error(text, **types):
    with pytest.raises(StatusError) as caught:
        parse(text, **types)
    return caught.value.http_status, caught.value.message


def row_error(text, **types):
    status, message = error(text, **types)
    assert status == 400
    prefix = "Failed to process element: "
    assert message.startswith(prefix)
    return message.removeprefix(prefix)


@pytest.mark.parametrize(
    ("dtype", "text", "values"),
    [
        ("float32", "[1e300, -1e300, 1e-300, 0.1]", [np.inf, -np.inf, 0.0, 0.1]),
        ("float64", "[1e300, 18446744073709551616]", [1e300, 2.0**64]),
        ("uint8", "[255, 256, 300, -1]", [255, 0, 44, 255]),
        ("int8", "[127, 128]", [127, -128]),
        ("int16", "[65536, 32768]", [0, -32768]),
        ("uint32", "[4294967295, 0]", [2**32 - 1, 0]),
        ("uint64", "[18446744073709551615]", [2**64 - 1]),
        ("int64", "[-9223372036854775808]", [-(2**63)]),
        ("bool", "[true, false]", [True, False]),
    ],
)
@pytest.mark.parametrize("tail", ["", "x"], ids=["quick", "exact"])
def test_numbers(dtype, text, values, tail):
    x = parse(f'{{"inputs":{text}}}{tail}', x=dtype)["x"]
    np.testing.assert_array_equal(x, np.array(values).astype(dtype), strict=True)


@pytest.mark.parametrize(
    ("dtype", "value"),
    [
        ("int32", "1.0"),
        ("int32", "100.0"),
        ("int32", "NaN"),
        ("int8", "2147483648"),
        ("uint32", "4294967296"),
        ("uint64", "1.8446744073709552e+19"),
        ("uint64", "-1"),
        ("float32", "true"),
        ("float32", "null"),
        ("bool", "0"),
        ("string", "false"),
    ],
)
def test_wrong_types(dtype, value):
    word = {"float32": "float"}.get(dtype, dtype)
    status, message = error(f'{{"inputs":[{value}]}}', x=dtype)
    assert status == 400
    kind = {"t": "True", "f": "False", "n": "Null"}.get(value[0], "Number")
    assert message == f"JSON Value: {value} Type: {kind} is not of expected type: {word}"
    assert row_error(f'{{"instances":[{value}]}}', x=dtype).endswith(message)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "complex64", "uint16", "qint8"])
def test_types_that_json_cannot_carry(dtype):
    word = {"float16": "half"}.get(dtype, dtype)
    message = f"Conversion of JSON Value: 1 to type: {word}"
    assert error('{"inputs":[1]}', x=dtype) == (501, message)
    tail = f"0 of 'instances' list. Error: UNIMPLEMENTED: {message}"
    assert row_error('{"instances":[1]}', x=dtype) == tail


@pytest.mark.parametrize("text", ["Z2Fu", "Z2FuIQ==", "Z2FuIQ", " Z2\\nFu IQ = = ", ""])
def test_base64(text):
    found = parse(f'{{"instances":[{{"b64":"{text}"}}]}}', x="string")["x"]
    plain = text.replace("\\n", "").replace(" ", "")
    assert found.tolist() == [{"Z2Fu": b"gan", "": b""}.get(plain, b"gan!")]


@pytest.mark.parametrize("text", ["Z2Fu=", "Z", "_-__", "Z2=u", "Z2FuIQ="])
def test_bad_base64(text):
    found = error(f'{{"inputs":{{"b64":"{text}"}}}}', x="string")
    assert found == (400, "Unable to base64 decode")


def test_base64_with_company_is_none():
    for company in ('"other":1', '"b64":"AA=="'):
        body = f'{{"instances":[["a"],[{{"b64":"AA==",{company}}}]]}}'
        assert "not formatted correctly for base64 data" in row_error(body, x="string")
    message = row_error('{"instances":[[{"b64":"AA=="}]]}', x="float32")
    assert message.endswith("Type: Object is not of expected type: float")


def test_strings_are_raw_bytes():
    found = parse(b'{"instances":["\xff","\\u00e9"]}', x="string")["x"]
    assert found.dtype == object
    assert found.tolist() == [b"\xff", b"\xc3\xa9"]


def test_columnar_shapes():
    assert parse('{"inputs":5}')["x"].shape == ()
    assert parse('{"inputs":{"x":[[[1]]],"other":{}}}')["x"].shape == (1, 1, 1)
    assert parse('{"inputs":[[],[]]}', x="string")["x"].shape == (2, 0)
    assert error('{"inputs":{"x":[1]}}', x="int32", y="int32") == (
        400,
        "Missing named input: y in 'inputs' object.",
    )
    assert "inputs is a plain value/list" in error('{"inputs":[1]}', x="int32", y="int32")[1]


def test_rows_of_several_inputs():
    text = '{"instances":[{"a":1,"b":["x"]},{"b":["y"],"a":2}]}'
    found = parse(text, a="int32", b="string")
    np.testing.assert_array_equal(found["a"], np.array([1, 2], np.int32), strict=True)
    assert found["b"].tolist() == [[b"x"], [b"y"]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[{"a":1}]',
            "0 of 'instances' list. JSON object: {\n    \"a\": 1\n} keys must be equal to: a,b",
        ),
        (
            '[{"a":1,"b":2},{"a":1,"c":3}]',
            "1 key: c of 'instances' list. Error: INVALID_ARGUMENT:"
            " JSON object: does not have named input: c",
        ),
        (
            '[{"a":1,"b":2},{"a":[1],"b":2}]',
            "1 key: a of 'instances' list. Error: INVALID_ARGUMENT:"
            " Expecting shape [] but got: [1]",
        ),
    ],
)
def test_named_row_errors(text, message):
    assert row_error(f'{{"instances":{text}}}', a="int32", b="int32") == message


def test_rows_must_be_alike():
    assert "got list at item 1 " in error('{"instances":[{"x":1},2]}')[1]
    assert "got object at item 1 " in error('{"instances":[1,{"x":2}]}')[1]
    assert "instances is a plain list" in error('{"instances":[1]}', a="int32", b="int32")[1]
    assert (
        "instances is a plain list" in error('{"instances":[{"b64":""}]}', a="string", b="bool")[1]
    )


def test_first_error_in_reading_order_is_told():
    text = '{"instances":[[[1,"a"],[2]]]}'
    assert '"a" Type: String' in row_error(text)
    assert "unexpected size: 1" in row_error('{"instances":[[[1,2],[2],["a"]]]}')


def test_order_of_checks():
    def refuse(name):
        raise invalid(f"no {name}")

    for body, message in [
        (b'{"signature_name":1', "JSON Parse error"),
        (b"[1]", "JSON Value: \\[1\\] Is not object"),
        (b'{"signature_name":[]}', "key must be a string value"),
        (b'{"signature_name":"s"}', "no s"),
        (b'{"instances":[1],"inputs":[1]}', "no "),
    ]:
        with pytest.raises(StatusError, match=message):
            parse_predict(body, refuse)
    assert error("{}") == (400, "Missing 'inputs' or 'instances' key")
    with pytest.raises(StatusError, match="Failed to get input map for signature: DEFAULT"):
        parse_predict(b"{}", lambda name: {})


def test_echoes_are_short():
    message = error('{"instances":"' + "a" * 10_000 + '"}')[1]
    assert len(message) > 9000  # One string is never cut ...
    message = error('{"other":[' + "1.5," * 10_000 + '1],"instances":1}')[1]
    assert 256 <= len(message) < 350  # ... but what follows it is.
    assert '{\n    "other": [1.5, 1.5' in message


def test_absurd_ranks():
    assert "at most 64 dimensions" in error('{"inputs":' + "[" * 5000 + "1" + "]" * 5000 + "}")[1]
