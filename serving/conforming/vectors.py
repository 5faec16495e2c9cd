"""The cases of the vectors as requests over HTTP.

Cases of the layer "http" are requests already. A "parse" case says what tensors a body becomes: the
body goes to a model that returns its inputs. A "format" case says how tensors are written: a model
has a signature for it, whose outputs are these tensors whatever comes in.
"""

import gzip
import json
import re

from conforming import values

ANSWERS = "answers"
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[-+.\w]+')


def echo_model(inputs):
    """Name the model that returns such inputs.

    Args:
        inputs: `{alias: {"dtype": ..., "shape": ...}}`.

    Returns:
        The name, "echo_x_float32" say.
    """
    words = ["echo"]
    for alias, spec in sorted(inputs.items()):
        words += [alias, spec["dtype"]]
        words += ["n" if size < 0 else str(size) for size in spec["shape"] or ()]
    return "_".join(words) if inputs else "no_inputs"


def echo_alias(alias, dtype):
    """Name the output for an input: strings return as base64, for they may be any bytes."""
    return f"{alias}_bytes" if dtype == "string" else alias


def models(cases):
    """List the models that the cases need."""
    found = {case["fixture"] for case in cases if case["layer"] == "http"}
    found |= {echo_model(c["signature"]["inputs"]) for c in cases if c["layer"] == "parse"}
    return sorted(found | {ANSWERS for case in cases if case["layer"] == "format"})


def request(case):
    """Make the request of a case.

    Args:
        case: One of the file's cases.

    Returns:
        Arguments of `Server.ask`.
    """
    if case["layer"] == "http":
        asked = case["request"]
        body = asked["body"] and asked["body"].encode()
        if "gzip" in asked["headers"].get("Content-Encoding", ""):
            body = gzip.compress(body)
        return asked["method"], asked["path"], body, asked["headers"]
    if case["layer"] == "parse":
        model, body = echo_model(case["signature"]["inputs"]), case["request_body"]
    else:
        key = "instances" if case["format"] == "row" else "inputs"
        model, body = ANSWERS, json.dumps({"signature_name": case["name"], key: [0]})
    return "POST", f"/v1/models/{model}:predict", body.encode(), {}


def fault(case, answer, strict=False):
    """Say what is wrong with the answer to a case.

    Args:
        case: One of the file's cases.
        answer: The `Answer`.
        strict: Whether numbers must be written with the very characters of the case.

    Returns:
        A line, or `None` where nothing is.
    """
    expect = case["expect"]
    status = expect.get("status", 200)
    if answer.status != status:
        return f"expected status {status}, got {answer.status}: {_short(answer.body)}"
    if case["layer"] == "http":
        return _http_fault(expect, answer)
    try:
        found = json.loads(answer.body)
    except ValueError:
        return f"not JSON: {_short(answer.body)}"
    if expect["kind"] == "error":
        return _error_fault(expect["message_contains"], found)
    check = _parse_fault if expect["kind"] == "tensors" else _format_fault
    return check(case, found) or (strict and _token_fault(expect, answer.body)) or None


def _http_fault(expect, answer):
    if "Content-Encoding" in answer.headers:
        return "the answer is compressed"
    for name, value in expect.get("response_headers", {}).items():
        if answer.headers[name] != value:
            return f"expected {name}: {value}, got {answer.headers[name]}"
    if expect.get("empty_body") and answer.body:
        return f"expected no body, got {_short(answer.body)}"
    if "json" not in expect and "error_contains" not in expect:
        return None
    try:
        found = json.loads(answer.body)
    except ValueError:
        return f"not JSON: {_short(answer.body)}"
    if "json" in expect and not values.same(found, expect["json"], single=True):
        return f"expected {_short(expect['json'])}, got {_short(found)}"
    return _error_fault(expect["error_contains"], found) if "error_contains" in expect else None


def _error_fault(part, found):
    if not isinstance(found, dict) or found.keys() != {"error"}:
        return f"expected an error and nothing else, got {_short(found)}"
    return None if part in found["error"] else f"expected {part!r} in {found['error']!r}"


def _parse_fault(case, found):
    """Compare what was echoed with what the body should have become."""
    expect = case["expect"]
    wanted = {
        echo_alias(alias, tensor["dtype"]): values.nested(tensor)
        for alias, tensor in expect["tensors"].items()
    }
    row = expect["format"] == "row"
    if len(wanted) == 1:
        (wanted,) = wanted.values()
    elif row:
        columns = zip(*wanted.values(), strict=True)
        wanted = [dict(zip(wanted, column, strict=True)) for column in columns]
    wanted = {"predictions" if row else "outputs": wanted}
    single = all(tensor["dtype"] != "float64" for tensor in expect["tensors"].values())
    if values.same(found, wanted, single):
        return None
    return f"expected {_short(wanted)}, got {_short(found)}"


def _format_fault(case, found):
    single = all(tensor["dtype"] != "float64" for tensor in case["tensors"].values())
    wanted = case["expect"]["value"]
    if values.same(found, wanted, single):
        return None
    return f"expected {_short(wanted)}, got {_short(found)}"


def _token_fault(expect, body):
    tokens = [word for word in _TOKEN.findall(body.decode()) if not word.startswith('"')]
    if tokens == expect.get("number_tokens", tokens):
        return None
    return f"expected the numbers {' '.join(expect['number_tokens'])}, got {' '.join(tokens)}"


def _short(value):
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else json.dumps(value)
    text = " ".join(text.split())
    return text if len(text) <= 200 else text[:200] + "..."
