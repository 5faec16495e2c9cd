"""What the fuzzer and an audit have found, each as the smallest request that shows it."""

import asyncio
import http.client
import json
import logging
import socket
import threading
import time

import numpy as np
import orjson
import pytest
import toys

from keras_iidgan.serving import auth, connections
from keras_iidgan.serving.admission import SMALL, Admission
from keras_iidgan.serving.codec import parse_examples, parse_predict
from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.limits import Limits
from keras_iidgan.serving.models import Models, Signature, TensorSpec
from keras_iidgan.serving.rest import RestApp

METRICS = "/monitoring/prometheus/metrics"


class Filler:
    """A servable whose answer is as long as the number that it is sent; 0 waits for the gate."""

    version = 1
    signatures = {  # noqa: RUF012
        "serving_default": Signature({"x": TensorSpec("int64", None)}, {}),
    }

    def __init__(self):
        self.gate = threading.Event()

    def run(self, name, inputs):
        length = int(inputs["x"].ravel()[0])
        assert length or self.gate.wait(30)
        return {"y": np.full([1, length], b"a" * 100, object)}


@pytest.fixture
def filler():
    made = Filler()
    yield made
    made.gate.set()


@pytest.fixture
def models(filler):
    models = Models()
    models.add("m", filler)
    return models


def ask(port, method, path, body=None, headers=()):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def predict(length):
    return b"/v1/models/m:predict", b'{"instances":[%d]}' % length


# JSON bodies that take much more memory or time than they have bytes.


@pytest.mark.parametrize("part", ["[", "[],", "{},", '{"":', '{"":0},', "[0],", '{"b64":""},'])
@pytest.mark.parametrize("head", ['{"instances":[', '{"inputs":[', '{"a":['])
def test_the_lists_and_objects_of_a_body_are_counted(head, part):
    body = (head + part * 1000).encode()
    with pytest.raises(StatusError, match="Expecting at most 500 lists and objects"):
        parse_predict(body, lambda name: {"x": "float32"}, max_lists=500)
    with pytest.raises(StatusError, match="Expecting at most 500 lists and objects"):
        parse_examples(body, max_lists=500)
    with pytest.raises(StatusError, match="JSON Parse error"):
        parse_predict(body, lambda name: {"x": "float32"}, max_lists=2100)


def test_brackets_in_strings_are_no_lists():
    body = orjson.dumps({"instances": ["[{" * 1000]})
    found = parse_predict(body, lambda name: {"x": "string"}, max_lists=2)
    assert found.inputs["x"].tolist() == [b"[{" * 1000]


def test_as_many_lists_as_are_allowed():
    body = orjson.dumps({"instances": [[i] for i in range(98)]})
    assert len(parse_predict(body, lambda name: {"x": "int64"}, 100).inputs["x"]) == 98


@pytest.mark.parametrize("text", ["1," * 1000 + "1e999", "1e999," + "1," * 1000, "1,2,1e999,3,NaN"])
def test_a_number_that_is_too_big_is_told_at_its_offset(text):
    body = '{"instances":[' + text + "]}"
    message = f"stored in double. at offset: {body.index('1e999')}$"
    with pytest.raises(StatusError, match=message):
        parse_predict(body.encode(), lambda name: {"x": "float32"})


@pytest.mark.parametrize("row", [b"instances", b"inputs"])
def test_a_large_uint64_beside_a_small_one(row):
    body = b'{"%s":[0,9223372036854775809,18446744073709551615]}' % row
    found = parse_predict(body, lambda name: {"x": "uint64"}).inputs["x"]
    assert found.tolist() == [0, 2**63 + 1, 2**64 - 1]


def test_a_string_of_rank_0_comes_back(call, gan):
    raw = b"a\xff\0"  # Of which NumPy's own strings would forget the end.
    found = gan.run("picture", {"text": np.array(raw, object)})["png_bytes"]
    assert (found.shape, found.item()) == ((), raw)
    for text in ('"abc"', '{"b64":"YWJj"}'):
        body = '{"signature_name":"picture","inputs":%s}' % text
        status, _, answer = call("POST", "/v1/models/gan:predict", body)
        assert (status, json.loads(answer)) == (200, {"outputs": {"b64": "YWJj"}})


# Crowds.


def test_a_line_that_is_too_long(models, filler):
    limits = Limits(max_waiting=3)
    waiting = []
    with toys.serve(RestApp(models, threads=1, limits=limits)) as port:
        path, body = predict(0)
        for _ in range(3):
            waiting.append(http.client.HTTPConnection("127.0.0.1", port, timeout=30))
            waiting[-1].request("POST", path.decode(), body)
        found = until(lambda: ask(port, "POST", *predict_text(1)), lambda one: one[0] == 503)
        assert json.loads(found[2]) == {"error": "3 requests are waiting already"}
        filler.gate.set()
        for connection in waiting:
            assert connection.getresponse().read() == b'{"predictions":[[]]}'
            connection.close()
        assert ask(port, "POST", *predict_text(1))[0] == 200


def predict_text(length):
    path, body = predict(length)
    return path.decode(), body


def until(function, is_right, seconds=30):
    deadline = time.monotonic() + seconds
    while not is_right(found := function()):
        assert time.monotonic() < deadline, found
        time.sleep(0.01)
    return found


def test_large_bodies_have_threads_of_their_own(models, filler):
    large = b" " * (2 << 20)
    with toys.serve(RestApp(models, threads=1)) as port:
        path, body = predict(0)
        held = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(3)]
        for connection in held:
            connection.request("POST", path.decode(), body + large)
        assert ask(port, "POST", *predict_text(1))[0] == 200
        filler.gate.set()
        for connection in held:
            assert connection.getresponse().status == 200
            connection.close()


def test_bodies_take_so_much_memory_and_no_more():
    admission = Admission(max_waiting=1, max_bytes=10 * SMALL)
    with admission.body() as hold:
        hold(SMALL)
        hold(6 * SMALL)
        hold(7 * SMALL)
        with admission.body() as other:
            other(SMALL)
            with pytest.raises(StatusError, match="UNAVAILABLE"):
                other(4 * SMALL)
        with admission.body() as other:
            other(3 * SMALL)
    with admission.body() as hold:
        hold(10 * SMALL)


def test_a_client_that_reads_nothing_is_let_go(models):
    with (
        toys.serve(RestApp(models), http=connections.protocol(0.2)) as port,
        socket.create_connection(("127.0.0.1", port), 30) as connection,
    ):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        path, body = predict(300_000)  # 30 MB
        head = b"POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % (path, len(body))
        connection.sendall(head + body)
        deadline = time.monotonic() + 30
        with pytest.raises(ConnectionError):
            while time.monotonic() < deadline:
                connection.sendall(b" ")
                time.sleep(0.05)


def test_a_client_that_reads_slowly_gets_all(models):
    with (
        toys.serve(RestApp(models), http=connections.protocol(0.3)) as port,
        socket.create_connection(("127.0.0.1", port), 30) as connection,
    ):
        path, body = predict(200_000)  # 20 MB
        head = b"POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % (path, len(body))
        connection.sendall(head + body)
        response = http.client.HTTPResponse(connection)
        response.begin()
        size = 0
        while piece := response.read(2 << 20):
            size += len(piece)
            time.sleep(0.1)
        assert size > 20_000_000


# Tokens.


@pytest.fixture
def tokens(tmp_path):
    (tmp_path / "tokens").write_text("secret\n")
    return auth.Tokens(tmp_path / "tokens")


def test_no_method_gets_the_metrics_without_a_token(models, tokens, caplog):
    app = RestApp(models, metrics_path=METRICS)
    with toys.serve(auth.BearerAuth(app, tokens)) as port, caplog.at_level(logging.ERROR):
        for method in ("GET", "OPTIONS", "HEAD", "POST", "CONNECT"):
            assert ask(port, method, METRICS)[0] == 401, method
        right = {"Authorization": "Bearer secret"}
        assert ask(port, "GET", METRICS, headers=right)[0] == 200
        assert ask(port, "CONNECT", METRICS, headers=right)[0] == 404
    assert not caplog.records


def test_half_a_body_without_a_token_is_answered(models, tokens, monkeypatch):
    monkeypatch.setattr(auth, "_PATIENCE", 0.1)
    with (
        toys.serve(auth.BearerAuth(RestApp(models), tokens)) as port,
        socket.create_connection(("127.0.0.1", port), 30) as connection,
    ):
        connection.sendall(b"POST /v1/models/m HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx")
        assert connection.recv(100).startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize("cors", [True, False])
def test_pages_of_other_origins_may_send_tokens(models, tokens, cors):
    app = RestApp(models, cors=cors, takes_tokens=True)
    with toys.serve(auth.BearerAuth(app, tokens, allows_origins=cors)) as port:
        asked = ask(port, "OPTIONS", "/v1/models/m:predict", headers={"Origin": "http://a.example"})
        refused = ask(port, "GET", "/v1/models/m")
    assert (asked[0], refused[0]) == (200, 401)
    for _, headers, _ in (asked, refused):
        wanted = "Content-Type, Authorization" if cors else None
        assert headers["Access-Control-Allow-Headers"] == wanted
        assert headers["Access-Control-Allow-Origin"] == ("*" if cors else None)


# gRPC.


@pytest.mark.parametrize(
    ("flags", "allowed"),
    [
        ([], True),
        (["--host=localhost"], True),
        (["--host=0.0.0.0"], False),
        (["--host=127.evil.example"], False),
        (["--host=0.0.0.0", "--auth_token_file=/tokens"], True),
        (["--host=0.0.0.0", "--enable_reload_config"], True),
        (["--enable_reload_config=false"], False),
    ],
)
def test_whether_strangers_may_name_folders(flags, allowed):
    from absl import flags as absl_flags

    from keras_iidgan import transport
    from keras_iidgan.flags import define_serve

    values = absl_flags.FlagValues()
    define_serve(values)
    values(["serve", *flags])
    named = []
    if allowed:
        transport.guarded(values, named.append)("config")
        assert named == ["config"]
    else:
        with pytest.raises(StatusError, match="PERMISSION_DENIED: HandleReloadConfigRequest is"):
            transport.guarded(values, named.append)("config")


def test_a_shape_of_many_sizes_costs_nothing():
    from tensorflow.core.framework import tensor_pb2, types_pb2

    from keras_iidgan.serving.rpc import tensors

    proto = tensor_pb2.TensorProto(dtype=types_pb2.DT_FLOAT)
    for _ in range(200_000):  # The product of them has a million digits and more.
        proto.tensor_shape.dim.add().size = 2**62
    with pytest.raises(ValueError, match="too many sizes"):
        tensors.from_proto(proto)


def test_messages_are_bounded_as_bodies_are(gan):
    import rpc_toys

    models = Models()
    models.add("gan", gan)
    x = {"x": np.zeros([1000, 2], np.float32)}
    with rpc_toys.serve(models, limits=Limits(max_body_bytes=4000)) as stubs:
        request = rpc_toys.predict_request(x, "invert")
        code, _ = rpc_toys.refused(stubs.prediction.Predict, request, timeout=60)
        assert code == "RESOURCE_EXHAUSTED"
        assert stubs.predict({"x": x["x"][:400]}, "invert")["z"].shape == (400, 2)


METHODS = ("tensorflow.serving.PredictionService/Predict", "grpc.health.v1.Health/Watch")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("with_tokens", [True, False])
def test_calls_without_a_message_stop_nobody(gan, tokens, method, with_tokens):
    import grpc
    import rpc_toys
    from grpc_health.v1 import health_pb2

    models, over = Models(), threading.Event()
    models.add("gan", gan)
    token = [("authorization", "Bearer secret")]
    tokens = tokens if with_tokens else None
    limits = Limits(read_timeout_in_ms=500)
    with (
        rpc_toys.serve(models, threads=1, tokens=tokens, limits=limits) as stubs,
        grpc.insecure_channel(stubs.address) as channel,
    ):
        begin = channel.stream_unary(f"/{method}", None, None)
        calls = [begin.future(iter(over.wait, True)) for _ in range(10)]
        found = stubs.predict({"seed": np.array([1])}, "sample", metadata=token)
        assert found["z"].tolist() == [[1, 10]]
        assert stubs.health.Check(health_pb2.HealthCheckRequest(), timeout=30).status == 1
        if "Predict" in method:
            assert {call.exception(timeout=30).code().name for call in calls} == {"CANCELLED"}
        over.set()
        for call in calls:
            call.cancel()


def test_health_is_told_while_all_threads_are_busy(gan):
    import rpc_toys
    from grpc_health.v1 import health_pb2

    models, gated = Models(), rpc_toys.Gated(gan)
    models.add("gan", gated)
    with rpc_toys.serve(models, threads=1) as stubs:
        request = rpc_toys.predict_request({"seed": np.array([1])}, "sample")
        running = [stubs.prediction.Predict.future(request, timeout=60) for _ in range(3)]
        assert gated.begun.acquire(timeout=30)
        assert stubs.health.Check(health_pb2.HealthCheckRequest(), timeout=30).status == 1
        assert gated.runs == 1
        gated.gate.set()
        for call in running:
            assert call.result(timeout=30).outputs


def test_the_patience_with_a_body_ends_when_the_client_goes():
    async def receive():
        return {"type": "http.disconnect"}

    assert asyncio.run(auth._is_read(receive)) is False
