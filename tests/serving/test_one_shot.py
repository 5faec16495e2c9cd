"""Classify and regress of models that do neither: the reference server's refusals, in its order."""

import json

import pytest


def post(call, action, body, model="gan"):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    status, headers, answer = call("POST", f"/v1/models/{model}:{action}", body)
    assert headers["Content-Type"] == "application/json"
    return status, json.loads(answer)["error"]


EXAMPLES = [{"a": 1, "b": [1.5, 2.5], "c": "text", "d": [{"b64": "AA=="}, "x"], "e": [True, 2]}]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "JSON Parse error: The document is empty"),
        (b"[1]", "Is not object"),
        (b'{"signature_name": 1}', "'signature_name' key must be a string value."),
        (b'{"context": 1}', "Example must be JSON object but got JSON Number"),
        (b"{}", "When method is classify, key 'examples' is expected and was not found"),
        (b'{"examples": {}}', "Expecting 'examples' value to be an list/array"),
        (b'{"examples": []}', "'examples' value is an empty array"),
        (b'{"examples": [[1]]}', "Example must be JSON object but got JSON Array"),
        (b'{"examples": [{"a": null}]}', "Feature: a has element with unexpected JSON type: Null"),
        (b'{"examples": [{"a": [[1]]}]}', "has element with unexpected JSON type: Array"),
        (b'{"examples": [{"a": {"b": 1}}]}', "has element with unexpected JSON type: Object"),
        (b'{"examples": [{"a": [1, 1.0]}]}', "in feature: a expecting type: int64"),
        (b'{"examples": [{"a": [1.5, true]}]}', "in feature: a expecting type: float"),
        (b'{"examples": [{"a": ["x", 1]}]}', "in feature: a expecting type: bytes"),
        (b'{"examples": [{"a": 9223372036854775808}]}', "a has uint64_t element. Only int64_t is"),
        (b'{"examples": [{"a": {"b64": "?"}}]}', "Unable to base64 decode"),
    ],
)
@pytest.mark.parametrize("action", ["classify", "regress"])
def test_the_body_comes_first(call, action, text, message):
    status, error = post(call, action, text, model="no_such_model")
    assert (status, message in error) == (400, True), error


def test_then_model_and_signature(call):
    body = {"examples": EXAMPLES, "context": {"f": []}}
    assert post(call, "classify", body, model="none") == (
        404,
        "Servable not found for request: Latest(none)",
    )
    assert post(call, "regress", body | {"signature_name": "none"}) == (
        400,
        "No signature was found with the name: none",
    )


@pytest.mark.parametrize(
    ("model", "signature", "action", "message"),
    [
        ("gan", "", "classify", "No classification inputs found in SignatureDef: inputs {\n"),
        ("gan", "", "regress", "No regression inputs found in SignatureDef: inputs {\n"),
        ("toy", "pair", "classify", "Expected one input Tensor."),
        ("toy", "pair", "regress", "Expected one input Tensor."),
        ("gan", "score", "classify", "Expected one or two output Tensors, found 3"),
        ("gan", "score", "regress", "Expected one output Tensor."),
    ],
)
def test_then_what_the_signature_has(call, model, signature, action, message):
    body = {"examples": EXAMPLES, "signature_name": signature}
    status, error = post(call, action, body, model)
    assert (status, error[: len(message)]) == (400, message)
