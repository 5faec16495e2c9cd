"""The quick way says what the exact reader says, or leaves it to that one."""

import json
import random

import numpy as np
import pytest

from keras_iidgan.serving.codec import fast, parse_predict
from keras_iidgan.serving.errors import StatusError

DTYPES = ["float32", "float64", "int8", "uint8", "int32", "int64", "uint32", "uint64", "bool"]


def outcome(body, types):
    try:
        request = parse_predict(body, lambda name: types)
    except StatusError as error:
        return error.code, error.message
    arrays = {
        alias: (array.dtype.name, array.shape, array.tobytes())
        for alias, array in request.inputs.items()
    }
    return request.signature_name, request.row, arrays


def same_both_ways(body, types):
    # A byte behind the document is ignored, but not by orjson.
    assert outcome(body, types) == outcome(body + b"x", types), body


def random_leaf(rng):
    choice = rng.random()
    if choice < 0.02:
        return rng.choice([True, None, "1", {"b64": "AA=="}, [1], {}])
    if choice < 0.1:
        return rng.choice([2**31, -(2**31), 2**53 + 1, 2**63, 2**64 - 1, -1, 300, 1e-300, 1e300])
    return rng.choice([rng.randrange(-9, 9), rng.uniform(-1, 1)])


def random_tensor(rng, shape):
    if not shape:
        return random_leaf(rng)
    size = shape[0] + (rng.random() < 0.03)
    return [random_tensor(rng, shape[1:]) for _ in range(size)]


def random_body(rng, aliases):
    shape = [rng.randrange(3) if rng.random() < 0.1 else 2 for _ in range(rng.randrange(4))]
    if rng.random() < 0.5:
        content = {alias: random_tensor(rng, shape) for alias in aliases}
        content = content if rng.random() < 0.7 else next(iter(content.values()))
        body = {"inputs": content}
    elif rng.random() < 0.5:
        rows = rng.randrange(1, 3)
        named = [{alias: random_tensor(rng, shape) for alias in aliases} for _ in range(rows)]
        body = {"instances": named}
    else:
        body = {"instances": random_tensor(rng, [2, *shape])}
    return json.dumps(body).encode()


def test_random_bodies():
    rng = random.Random(1)
    for _ in range(1500):
        aliases = ["x"] if rng.random() < 0.6 else ["x", "y"]
        types = {alias: rng.choice(DTYPES) for alias in aliases}
        same_both_ways(random_body(rng, aliases), types)


@pytest.mark.parametrize(
    "body",
    [
        b'{"instances":[1],"instances":[2]}',
        b'{"instances":[{"x":1,"x":2}]}',
        b'{"inputs":{"x":1,"x":2}}',
        b'{"signature_name":"a","signature_name":"b","instances":[1]}',
        b'{"instances":[1,true]}',
        b'{"instances":[1,null]}',
        b'{"instances":[[1,2],[false,2]]}',
        b'{"instances":[{"x":true},{"x":[1]}]}',
        b'{"instances":[1,{}]}',
        b'{"inputs":true}',
        b'{"inputs":{"x":true}}',
        b'{"inputs":null,"signature_name":"a[]"}',
        b'{"instances":["1"]}',
        b'{"instances":[[1],2]}',
        b'{"instances":[[],{}]}',
        b'{"instances":[[[1],[2]],[[3],{}]]}',
        b'{"instances":[1,NaN]}',
        b'{"instances":[1],"other":0}',
        b'{"inputs":{"x":1,"other":2}}',
        b'{"instances":[1]} x',
        b'{"inst\\u0061nces":[1]}',
        b"\xef\xbb\xbf" + b'{"instances":[1]}',
        b'{"instances":[' + b"[" * 70 + b"1" + b"]" * 70 + b"]}",
        b"[1]",
        b"{}",
    ],
)
def test_what_it_leaves_to_the_exact_reader(body):
    assert fast.parse(body, lambda name: {"x": "float32"}) is None
    same_both_ways(body, {"x": "float32"})


def test_words_outside_of_lists():
    body = b'{"inputs":{"x":true,"y":[1]}}'
    types = {"x": "float32", "y": "float32"}
    assert fast.parse(body, lambda name: types) is None
    same_both_ways(body, types)


def test_a_name_may_have_the_letters_of_words():
    body = b'{"instances":[{"true":1},{"true":2}],"signature_name":"null"}'
    name, inputs, _ = fast.parse(body, lambda name: {"true": "float32"})
    assert (name, inputs["true"].tolist()) == ("null", [1, 2])


def test_what_it_takes():
    body = b' {"signature_name": "s", "instances": [[1, 2.5], [3, -4]]}\n'
    name, inputs, row = fast.parse(body, lambda name: {"x": "float32"})
    assert (name, row) == ("s", True)
    want = np.array([[1, 2.5], [3, -4]], np.float32)
    np.testing.assert_array_equal(inputs["x"], want, strict=True)


def test_a_signature_without_inputs_is_refused_as_the_exact_reader_does():
    assert fast.parse(b'{"inputs":{}}', lambda name: {}) is None
    same_both_ways(b'{"inputs":{}}', {})
    same_both_ways(b'{"signature_name":"__saved_model_init_op","inputs":{}}', {})


def test_the_lookup_may_refuse():
    def refuse(name):
        raise StatusError("NOT_FOUND", name)

    with pytest.raises(StatusError, match="NOT_FOUND: s"):
        fast.parse(b'{"signature_name":"s","instances":[1]}', refuse)
