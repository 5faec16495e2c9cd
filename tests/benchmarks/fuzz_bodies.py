"""Bodies of requests, from valid to absurd, each made of a seeded random generator."""

import base64
import json

import fuzz_files

NUMBERS = [
    *"0 1 -1 2 7 0.5 -0.25 1e2 1.0 -0 -0.0 1e-400 1e308 -1e308 1e400 1e999999999 5e-324 "
    "2147483647 2147483648 -2147483649 9223372036854775807 9223372036854775808 "
    "18446744073709551615 18446744073709551616 3.4028236e38 00 01 +1 .5 1. 1e 1e+ - -- 0x10 1_0 "
    "NaN -NaN nan Inf -Inf Infinity -Infinity Infinit InfinityNaN 1e5e5 1.2.3".split(),
    "9" * 400,
    "0." + "3" * 3000,
    "1" + "0" * 5000,
    "1e" + "9" * 500,
]
SCALARS = ("null", "true", "false", "nul", "True", "undefined", "{}", "[]", "", "[[]]", "{}{}")
STRINGS = (
    '""', '"a"', '"\\u0000"', '"\\ud800"', '"\\ud83d\\ude00"', '"\\x"', '"\n"', '"', "'a'",
    '"\u00e9\u4e2d\U0001f600"', '"' + "k" * 70_000 + '"', '"\\"', '"../../etc/passwd"', '"%s%n"',
)  # fmt: skip
BASE64 = (
    '{"b64":"YWJj"}', '{"b64":""}', '{"b64":"YWJ"}', '{"b64":"Y W J j"}', '{"b64":"-_-_"}',
    '{"b64":"===="}', '{"b64":1}', '{"b64":null}', '{"b64":"YWJj","x":1}', '{"b64":["YWJj"]}',
    '{"b64":"YWJj","b64":"ZGVm"}', '{"b64":"\\u0041"}', '{"b64":"YQ\u00e9"}',
)  # fmt: skip


def scalar(rng, dtype="float32"):
    """Write one value, which the type takes unless the body is to be an odd one."""
    if rng.random() < rng.oddness:
        return rng.choice(rng.choice([NUMBERS, SCALARS, STRINGS, BASE64]))
    if dtype == "string":
        return rng.choice(['"abc"', '{"b64":"YWJj"}', picture_json(rng), '""'])
    if dtype.startswith("int"):
        return str(
            rng.choice([0, 1, 2, 3] if rng.oddness == 0 else [-1, 2**40, -(2**63), 2**63 - 1])
        )
    return rng.choice([str(round(rng.uniform(-2, 2), 4)), str(rng.randrange(-3, 4))])


def tensor(rng, shape, dtype):
    """Write nested lists of a shape, now and then ragged or with a value where a list should be."""
    if rng.random() < rng.oddness / 5:
        return rng.choice(["[]", "{}", "1", '"a"', "[[[[]]]]", "null"])
    if not shape:
        return scalar(rng, dtype)
    size = shape[0] + (rng.random() < rng.oddness / 5)
    return "[" + ",".join(tensor(rng, shape[1:], dtype) for _ in range(size)) + "]"


def predict(rng, signatures):
    """Write a body for one of the signatures `{name: {alias: (dtype, shape)}}`."""
    rng.oddness = rng.choice([0, 0, 0.002, 0.05])
    name = rng.choice(list(signatures))
    inputs, rows = signatures[name], rng.choice([1, 1, 2, 3, 17])
    shapes = {alias: _sizes(rng, rest) for alias, (_, rest) in inputs.items()}
    if rng.random() < 0.5:
        items = [_row(rng, inputs, shapes) for _ in range(rows)]
        members = ['"instances":[' + ",".join(items) + "]"]
    else:
        parts = {a: tensor(rng, [rows, *shapes[a]], inputs[a][0]) for a in inputs}
        members = ['"inputs":' + _named(rng, parts)]
    if name != "serving_default" or rng.random() < 0.1:
        members.append(f'"signature_name":{json.dumps(name)}')
    for _ in range(rng.choice([0] * 20 + [1, 2])):
        members.insert(rng.randrange(len(members) + 1), odd_member(rng))
    if rng.random() < 0.1:
        rng.shuffle(members)
    return ("{" + ",".join(members) + "}").encode("utf-8", "surrogatepass")


def _sizes(rng, rest):
    if rest is None:
        return [rng.randrange(1, 4) for _ in range(rng.randrange(3))]
    return [rng.randrange(1, 6) if size is None else size for size in rest]


def _row(rng, inputs, shapes):
    return _named(rng, {a: tensor(rng, shapes[a], dtype) for a, (dtype, _) in inputs.items()})


def _named(rng, parts):
    if len(parts) == 1 and rng.random() < 0.7:
        return next(iter(parts.values()))
    members = [f"{json.dumps(alias)}:{text}" for alias, text in parts.items()]
    if rng.random() < 0.02:
        members.append(odd_member(rng))
    return "{" + ",".join(members) + "}"


def odd_member(rng):
    """Write a member that doesn't belong there."""
    key = rng.choice(
        [
            "a",
            "",
            "instances",
            "inputs",
            "signature_name",
            "examples",
            "context",
            "b64",
            "é",
            "k" * rng.choice([10, 1000, 100000]),
            "\\ud800",
            "\\u0000",
            "x\\",
        ]
    )
    return f'"{key}":' + rng.choice([odd_value, deep, lambda r: scalar(r)])(rng)


def odd_value(rng, depth=0):
    """Write any JSON or nearly JSON value."""
    if depth > 5 or rng.random() < 0.5:
        return rng.choice(rng.choice([NUMBERS, SCALARS, STRINGS, BASE64]))
    items = [odd_value(rng, depth + 1) for _ in range(rng.randrange(4))]
    if rng.random() < 0.5:
        return "[" + rng.choice([",", ", ", ",,", " "]).join(items) + rng.choice(["]", "]", "}"])
    keys = [f'"{rng.choice("abc")}"{rng.choice([":", ":", ": ", "", "="])}' for _ in items]
    return "{" + ",".join(map(str.__add__, keys, items)) + "}"


def deep(rng):
    """Write a deep or broad value, closed or not."""
    count = rng.choice([10, 64, 65, 255, 1000, 1025, 5000, 50_000])
    opening, closing = rng.choice([("[", "]"), ('{"a":', "}"), ("[[],", "]"), ("[1,", "]")])
    return opening * count + rng.choice(["1", "", "[]", "}"]) + closing * rng.choice([count, 0, 1])


def huge(rng, limit):
    """Make a body near the limit, or a little above it, of one pattern."""
    size = rng.choice([limit // 4, limit - 2, limit, limit + 1])
    head = rng.choice([b"", b'{"instances":', b'{"a":', b'{"inputs":[', b'{"context":'])
    pattern = rng.choice(
        [
            b"[",
            b"[],",
            b"{},",
            b'{"":',
            b"0,",
            b"[0],",
            b'"",',
            b"1e9,",
            b'{"b64":""},',
            b"\\",
            b" ",
        ]
    )
    return (head + pattern * (size // len(pattern)))[:size]


def examples(rng):
    """Write a body for classify and regress."""
    feature = rng.choice(['{"x":[1.0,2]}', '{"x":1}', '{"x":"a"}', '{"x":[]}', '{"x":[[1]]}'])
    some = ",".join(rng.choice([feature, odd_value(rng)]) for _ in range(rng.randrange(4)))
    context = rng.choice(["", f'"context":{feature},', f'"context":{odd_value(rng)},'])
    return ("{" + context + f'"examples":[{some}]' + "}").encode("utf-8", "surrogatepass")


def picture_json(rng):
    return '{"b64":"' + base64.b64encode(fuzz_files.picture(rng)).decode() + '"}'


def body(rng, signatures):
    """Return any body for a POST."""
    rng.oddness = 0.05
    choice = rng.random()
    if choice < 0.45:
        return predict(rng, signatures)
    if choice < 0.65:
        return fuzz_files.mutate(rng, predict(rng, signatures))
    if choice < 0.75:
        return examples(rng)
    if choice < 0.9:
        return odd_value(rng).encode("utf-8", "surrogatepass")
    if choice < 0.95:
        return ("{" + odd_member(rng) + "}").encode("utf-8", "surrogatepass")
    return rng.randbytes(rng.choice([0, 1, 10, 1000, 20_000]))
