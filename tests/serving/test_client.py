"""The client against a real server, and against what is none."""

import subprocess
import sys

import numpy as np
import pytest

from keras_iidgan.serving import Client, ServingError
from keras_iidgan.serving.client.json_form import decode, encode, to_array


@pytest.fixture(scope="module")
def client(port):
    return Client(f"http://127.0.0.1:{port}", model="gan")


def equal(found, want):
    np.testing.assert_array_equal(found, np.array(want, np.float32), strict=True)


def test_sample(client):
    equal(client.sample([1, 2]), [[3, 21], [5, 41]])
    x, z = client.sample(np.array([2], np.int32), return_z=True)
    equal(x, [[5, 41]])
    equal(z, [[2, 20]])
    for seeds in (3, [0.5], [[1]], ["1"]):
        with pytest.raises(ValueError, match="seeds: expected a list of integers, got"):
            client.sample(seeds)
    with pytest.raises(ValueError, match="seeds: expected at most 9223372036854775807, got 9223"):
        client.sample(np.array([1, 2**63], np.uint64))


def test_there_and_back(client):
    z = np.random.default_rng(0).standard_normal((5, 2)).astype(np.float32)
    x = client.generate(z)
    equal(x, 2 * z + 1)
    equal(client.invert(x), (x - 1) / 2)
    again = client.reconstruct(x.tolist())
    assert again.keys() == {"x", "z", "error"}
    equal(again["x"], 2 * ((x - 1) / 2) + 1)
    score = client.score([[1, 1], [3, 5]])
    assert {name: value.tolist() for name, value in score.items()} == {
        "logit": [1, 3],
        "squared_norm": [0, 5],
        "error": [0, 0],
    }


def test_predict(client):
    found = client.predict([b"\xff\0", "text"], "picture")
    assert found.tolist() == [b"\xff\0", b"text"]
    assert client.predict(np.array(["a"]), "picture").tolist() == [b"a"]
    equal(client.predict(np.inf, "reciprocal"), 0)
    equal(client.predict({"x": [0, np.nan, -np.inf]}, "reciprocal"), [np.inf, np.nan, 0])


def test_status_and_metadata(client):
    assert [(state["version"], state["state"]) for state in client.status()] == [("3", "AVAILABLE")]
    assert "invert" in client.metadata()["metadata"]["signature_def"]["signature_def"]


def test_urls(port):
    for url in ("http://127.0.0.1:{}/", "http://127.0.0.1:{}/v1/models/gan"):
        equal(Client(url.format(port), model="gan").sample([0]), [[1, 1]])
    assert Client("https://h/prefix/v1/models/a%20b/").url == "https://h/prefix/v1/models/a%20b"
    with pytest.raises(ValueError, match=r"model: got none, .* Client\(url, model='iidgan_ring'\)"):
        Client("http://127.0.0.1")
    with pytest.raises(ValueError, match="model: expected the url's 'a', got 'b'"):
        Client("http://h/v1/models/a", model="b")
    for url in ("127.0.0.1:8501", "localhost:8501", "ftp://h", "http://"):
        with pytest.raises(ValueError, match="url: expected http://host:port or grpc"):
            Client(url, model="m")


def test_errors_carry_status_and_message(client, port):
    with pytest.raises(ServingError, match=r"400: Shape of tensor .* not compatible") as caught:
        client.invert([[1, 2, 3]])
    assert caught.value.status == 400
    with pytest.raises(ServingError) as caught:
        Client(f"http://127.0.0.1:{port}/v1/models/nope").sample([1])
    assert caught.value.message == "Servable not found for request: Latest(nope)"
    assert caught.value.status == 404
    with pytest.raises(ServingError, match="expected output 'z' of signature 'product', got x"):
        client._of({"x": np.ones((1, 3))}, "z", "product")


def test_no_server(port):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1/models/m"
        with pytest.raises(ServingError, match=f"no answer from {url}: timed out") as caught:
            Client(url, timeout=0.05).status()
        assert caught.value.status is None
    with pytest.raises(ServingError, match=f"no answer from {url}: Connection refused"):
        Client(url).status()
    with pytest.raises(ServingError, match="did not answer in JSON: <html>") as caught:
        Client(f"http://127.0.0.1:{port}/not/here", model="m").status()
    assert caught.value.status == 404


def test_arrays():
    assert decode(b'{"a":[NaN,-Infinity]}')["a"][1] == -np.inf
    assert decode(b"<html>") is None
    assert to_array([1, 2]).dtype == np.int64
    assert to_array([2**64 - 1]).dtype == np.uint64
    assert to_array([[True]]).dtype == np.bool_
    assert to_array(1.5).shape == ()
    assert to_array({"b64": "AA=="})[()] == b"\0"
    assert to_array([["a", "b"]]).shape == (1, 2)
    wide = np.arange(6, dtype=np.float32).reshape(2, 3)
    assert encode({"x": wide.T}, "s") == (
        b'{"signature_name":"s","inputs":{"x":[[0.0,3.0],[1.0,4.0],[2.0,5.0]]}}'
    )


def test_it_needs_no_tensorflow():
    code = (
        "import sys; from keras_iidgan.serving import Client, codec;"
        "from keras_iidgan.serving.registry import models;"
        "from keras_iidgan.serving.rest import app;"
        "assert not {'tensorflow', 'keras'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
