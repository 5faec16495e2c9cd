"""What holds for any bytes: no request is too strange to answer, and what is written is read."""

import json
import string

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from keras_iidgan.serving.codec import format_predict, parse_examples, parse_predict
from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.registry.models import Models, Signature, TensorSpec
from keras_iidgan.serving.rest.app import RestApp

bounded = hypothesis.settings(
    derandomize=True, deadline=None, database=None, max_examples=150, suppress_health_check=list(
        hypothesis.HealthCheck
    )
)  # fmt: skip

INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint32", "uint64")
DTYPES = ("float32", "float64", *INTEGERS, "bool", "string")

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=5),
    st.fixed_dictionaries({"b64": st.text("YWJj=-_ ", max_size=6)}),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(["x", "a", "b64"]), inner)
    ),
    max_leaves=12,
)
keys = st.sampled_from(["instances", "inputs", "signature_name", "examples", "context", "k"])
documents = st.dictionaries(keys, values, max_size=3)
near_json = documents.map(lambda document: json.dumps(document).encode("utf-8", "replace"))


@st.composite
def spoilt(draw):
    """JSON with some bytes changed."""
    text = bytearray(draw(near_json))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        text[at : at + draw(st.integers(0, 2))] = draw(st.binary(max_size=2))
    return bytes(text)


bodies = st.one_of(spoilt(), st.binary(max_size=60), near_json)


@pytest.mark.parametrize("aliases", [("x",), ("x", "a")])
@bounded
@hypothesis.given(bodies, st.sampled_from([*DTYPES, "float16", "bfloat16", "complex64", "invalid"]))
def test_any_body_is_read_or_refused(aliases, body, dtype):
    try:
        request = parse_predict(body, lambda name: dict.fromkeys(aliases, dtype))
        assert set(request.inputs) == set(aliases)
    except StatusError as error:
        assert error.code in ("INVALID_ARGUMENT", "UNIMPLEMENTED")


@bounded
@hypothesis.given(bodies)
def test_any_examples_are_read_or_refused(body):
    try:
        assert isinstance(parse_examples(body), str)
    except StatusError as error:
        assert error.code == "INVALID_ARGUMENT"


def arrays(dtype, least):
    """Arrays of a type of up to three axes, none of them empty."""
    shapes = st.lists(st.integers(1, 4), min_size=least, max_size=3)
    if dtype == "string":
        element = st.binary(max_size=6)
    elif dtype == "bool":
        element = st.booleans()
    elif dtype in INTEGERS:
        info = np.iinfo(dtype)
        element = st.integers(int(info.min), int(info.max))
    else:
        element = st.floats(width=32 if dtype == "float32" else 64)

    def fill(shape):
        count = int(np.prod(shape))
        return st.lists(element, min_size=count, max_size=count).map(
            lambda found: np.array(found, object if dtype == "string" else dtype).reshape(shape)
        )

    return shapes.flatmap(fill)


@pytest.mark.parametrize("row", [True, False])
@pytest.mark.parametrize("dtype", DTYPES)
@hypothesis.settings(bounded, max_examples=25)
@hypothesis.given(st.data())
def test_what_is_written_is_read(dtype, row, data):
    array = data.draw(arrays(dtype, least=int(row)))
    alias = "x_bytes" if dtype == "string" else "x"
    text = format_predict({alias: array}, row)
    answer, question = (b"predictions", b"instances") if row else (b"outputs", b"inputs")
    body = text.replace(answer, question, 1)
    found = parse_predict(body, lambda name: {alias: dtype}).inputs[alias]
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    if dtype in ("float32", "float64"):
        np.testing.assert_array_equal(found, array)
        np.testing.assert_array_equal(np.signbit(found)[array == 0], np.signbit(array)[array == 0])
    else:
        assert found.tolist() == array.tolist()


class Echo:
    """A servable of any type that gives back what it gets."""

    version = 1

    def __init__(self):
        self.signatures = {
            dtype: Signature({"x": TensorSpec(dtype, None)}, {"y": TensorSpec(dtype, None)})
            for dtype in DTYPES
        }
        self.signatures["serving_default"] = self.signatures["float32"]

    def run(self, name, inputs):
        return {"y": inputs["x"]}

    def metadata(self):
        return {}

    def signature_text(self, name):
        return name


@pytest.fixture(scope="module")
def app():
    models = Models(labels={"m": {"stable": 1}})
    models.add("m", Echo())
    return RestApp(models)


methods = st.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "get"])
PARTS = (
    "/v1 /models /m /labels/stable /versions/1 :predict :classify :regress /metadata"
    " // /.. %2F %00 %ff ?x :"
).split()
parts = st.sampled_from([*PARTS, "/versions/" + "9" * 30])
paths = st.one_of(
    st.lists(parts, max_size=6).map("".join),
    st.sampled_from(["/v1/models/m:predict", "/v1/models/m/versions/1:classify"]),
    st.text(string.printable, max_size=30),
)


@pytest.mark.parametrize("encoding", [b"", b"gzip"])
@hypothesis.settings(bounded, max_examples=150)
@hypothesis.given(method=methods, path=paths, body=bodies)
def test_any_request_is_answered(app, encoding, method, path, body):
    status, text = app.answer(method, path, body, encoding)
    assert status in (200, 400, 404, 501)
    if status != 200:
        assert list(json.loads(text)) == ["error"]


@hypothesis.settings(bounded, max_examples=150)
@hypothesis.given(body=near_json, dtype=st.sampled_from(DTYPES))
def test_any_json_is_answered(app, body, dtype):
    named = (
        body[:-1] + (b"," if len(body) > 2 else b"") + b'"signature_name":"%s"}' % dtype.encode()
    )
    status, _ = app.answer("POST", "/v1/models/m:predict", named)
    assert status in (200, 400)
