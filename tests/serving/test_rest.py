"""A real server on a free port, and what it does with requests good and bad."""

import concurrent.futures
import gzip
import json

import pytest

import keras_iidgan.serving.rest.app as rest
from keras_iidgan.serving.registry.models import Models
from keras_iidgan.serving.rest.app import RestApp


def error(call, *request):
    status, headers, body = call(*request)
    assert headers["Content-Type"] == "application/json"
    return status, json.loads(body)["error"]


def predict(call, model, body, **more):
    body = json.dumps(body).encode() if isinstance(body, dict) else body
    status, _, answer = call("POST", f"/v1/models/{model}:predict", body, **more)
    return status, json.loads(answer)


def test_columnar_and_scalar(call):
    assert predict(call, "toy", {"inputs": 4}) == (200, {"outputs": 4.0})
    total = {"signature_name": "total", "inputs": {"x": [1, 2, 3]}}
    assert predict(call, "toy", total) == (200, {"outputs": 6.0})
    total = {"signature_name": "total", "instances": [1, 2, 3]}
    found = predict(call, "toy", total)
    assert found == (400, {"error": "Tensor name: t has no shape information "})


def test_bytes_and_non_finite(call):
    picture = {"signature_name": "picture", "instances": [{"b64": "/wA="}]}
    assert predict(call, "gan", picture) == (200, {"predictions": [{"b64": "/wA="}]})
    body = b'{"signature_name":"reciprocal","instances":[0, -0.0, NaN, Inf]}'
    status, _, text = call("POST", "/v1/models/gan:predict", body)
    assert (status, text) == (200, b'{"predictions":[Infinity,-Infinity,NaN,0.0]}')


def test_errors_of_the_graph(call):
    wide = {"signature_name": "product", "instances": [[1, 2]]}
    status, answer = predict(call, "gan", wide)
    assert status == 400
    assert "Matrix size-incompatible: In[0]: [1,2], In[1]: [3,1]" in answer["error"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/models/toy/version/7"),
        ("GET", "/v1/models/toy/"),
        ("GET", "/v1/models/toy/versions/x"),
        ("POST", "/v1/models/toy"),
        ("POST", "/v1/models/toy:PREDICT"),
        ("POST", "/v1/models/toy:predict?x=1"),
        ("POST", "/v1/models/toy/versions/-7:predict"),
        ("PATCH", "/v1/models/toy:predict"),
        ("GET", "/v1/"),
    ],
)
def test_malformed(call, method, path):
    assert error(call, method, path) == (400, f"Malformed request: {method} {path}")


def test_odd_paths(call):
    assert call("HEAD", "/v1/models/toy")[0::2] == (400, b"")
    for path in ("/", "/v2/models/toy", "/v1", "/metrics"):
        status, headers, _ = call("GET", path)
        assert (status, headers["Content-Type"]) == (404, "text/html")
    assert call("GET", "/V1/Models/toy/VERSIONS/007")[0] == 200
    assert error(call, "GET", "/v1/models/m?x=1") == (
        404,
        "Could not find any versions of model m?x=1",
    )
    assert error(call, "GET", "/v1/models/a%2Fb%3Ac")[1].endswith("model a/b:c")
    assert error(call, "GET", "/v1/models/%ff")[1].endswith("model \ufffd")
    assert error(call, "GET", f"/v1/models/toy/versions/{2**63}")[0] == 400
    assert error(call, "GET", f"/v1/models/toy/versions/{'9' * 5000}")[0] == 400
    assert error(call, "GET", "/v1/models/versions/7") == (400, "Missing model name in request.")
    assert error(call, "GET", "/v1/models/toy/versions/9") == (
        404,
        "Could not find version 9 of model toy",
    )


def test_metadata(call, toy):
    for path in ("/v1/models/toy", "/v1/models/toy/versions/7", "/v1/models/toy/labels/stable"):
        status, _, body = call("GET", path + "/metadata")
        assert status == 200
        assert json.loads(body) == {
            "model_spec": {"name": "toy", "signature_name": "", "version": "7"},
            "metadata": {"signature_def": {"signature_def": toy.metadata()}},
        }


def test_gzip(call):
    gzipped = {"headers": {"Content-Encoding": "gzip"}}
    good = gzip.compress(b'{"instances":[0]}')
    assert predict(call, "toy", good, **gzipped) == (200, {"predictions": [2.0]})
    for bad in (b'{"instances":[0]}', good[:-4], b""):
        status, answer = predict(call, "toy", bad, **gzipped)
        assert (status, "The document is empty" in answer["error"]) == (400, True)
    assert rest.inflate(gzip.compress(b"a" * 100), limit=99) == b""
    assert rest.inflate(gzip.compress(b"a" * 100), limit=100) == b"a" * 100


def test_many_requests_at_once(call):
    def ask(seed):
        body = {"signature_name": "sample", "instances": [seed] * (seed % 3 + 1)}
        return predict(call, "gan", body)[1]["predictions"]

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for seed, rows in enumerate(pool.map(ask, range(40))):
            row = {"x": [2.0 * seed + 1, 20.0 * seed + 1], "z": [1.0 * seed, 10.0 * seed]}
            assert rows == [row] * (seed % 3 + 1)


def test_cors(toy):
    import http.client

    from toys import serve

    models = Models()
    models.add("toy", toy)
    with serve(RestApp(models, cors=True)) as port:
        for method, path in (("OPTIONS", "/v1/x"), ("GET", "/v1/models/toy"), ("GET", "/v1/x")):
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request(method, path, headers={"Origin": "http://a.example"})
            headers = connection.getresponse().headers
            connection.close()
            assert headers["Access-Control-Allow-Origin"] == "*"
            assert headers["Access-Control-Allow-Methods"] == "POST, GET"
            assert headers["Access-Control-Allow-Headers"] == "Content-Type"
