"""Requests that go into batches without a thread of their own: nobody can tell from the answers."""

import concurrent.futures
import contextlib
import gzip
import http.client
import json
import threading
import time

import numpy as np
import pytest
import toys
from test_vectors import CASES

from keras_iidgan.serving.batching.config import BatchingParameters
from keras_iidgan.serving.batching.servable import Batched
from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.monitoring import Registry
from keras_iidgan.serving.registry.models import Models, Signature, TensorSpec
from keras_iidgan.serving.rest.app import RestApp
from keras_iidgan.serving.rest.limits import Limits

ANY = TensorSpec("float32", None)


class Gated:
    """y = 2 x once its gate is open; refuses -1 and fails of -2."""

    version = 1
    signatures = {"serving_default": Signature({"x": ANY}, {"y": ANY})}  # noqa: RUF012

    def __init__(self):
        self.gate = threading.Event()
        self.gate.set()
        self.seen, self.closed = [], False

    def run(self, name, inputs):
        assert not self.closed
        x = inputs["x"]
        self.seen.append(x.ravel().tolist())
        assert self.gate.wait(30)
        if (x == -1).any():
            raise StatusError("INVALID_ARGUMENT", "negative: -1")
        if (x == -2).any():
            raise KeyError("a bug")
        if (x == 7).any():  # A large answer.
            return {"y": np.repeat(x[:, np.newaxis], 5000, axis=1)}
        return {"y": 2 * x}

    def close(self):
        self.closed = True


@contextlib.contextmanager
def server(servable, parameters=None, **limits):
    """A server of a batched servable, called "m"; yields a function that asks it, and the rest."""
    models, metrics = Models(), Registry()
    models.add("m", Batched(servable, parameters or BatchingParameters()))
    app = RestApp(models, limits=Limits(**limits), metrics=metrics)
    with toys.serve(app) as port, concurrent.futures.ThreadPoolExecutor(32) as pool:

        def ask(*rows):
            body = json.dumps({"instances": rows})
            return pool.submit(post, port, "/v1/models/m:predict", body.encode())

        try:
            yield ask, models, metrics
        finally:
            servable.gate.set()


def post(port, path, body, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(connection):
        connection.request("POST", path, body, headers or {})
        response = connection.getresponse()
        return response.status, json.loads(response.read())


def wait_until(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def queued(models):
    """The tasks that wait for the model's thread."""
    with models.lookup("m") as lease:
        (queue,) = lease.thing._queues.values()
        return [task for batch in queue._waiting for task in batch.tasks]


@contextlib.contextmanager
def behind_one_that_runs(servable, ask):
    servable.gate.clear()
    first = ask(0)
    wait_until(lambda: servable.seen)
    try:
        yield
    finally:
        servable.gate.set()
    assert first.result(30) == (200, {"predictions": [0]})


def test_what_gathers_runs_as_one_and_each_gets_its_own_rows():
    servable = Gated()
    with server(servable) as (ask, models, metrics):
        with behind_one_that_runs(servable, ask):
            found = [ask(1), ask(2, 3), ask(4)]
            wait_until(lambda: len(queued(models)) == 3)
        answers = [future.result(30) for future in found]
        page = metrics.page()
    assert answers == [(200, {"predictions": rows}) for rows in ([2], [4, 6], [8])]
    assert [sorted(rows) for rows in servable.seen] == [[0], [1, 2, 3, 4]]
    assert ':tensorflow:serving:request_count{model_name="m",status="OK"} 4\n' in page
    latency = 'request_latency_count{model_name="m",API="predict",entrypoint="REST"} 4\n'
    assert latency in page
    assert 'runtime_latency_count{model_name="m",API="Predict",runtime="TF1"} 4\n' in page


def test_an_error_is_only_for_whom_it_concerns(caplog):
    servable = Gated()
    with server(servable) as (ask, models, _):
        with behind_one_that_runs(servable, ask):
            found = [ask(1), ask(-1), ask(-2)]
            wait_until(lambda: len(queued(models)) == 3)
        answers = [future.result(30) for future in found]
    assert answers[0] == (200, {"predictions": [2]})
    assert answers[1] == (400, {"error": "negative: -1"})
    assert answers[2] == (500, {"error": "KeyError: 'a bug'"})
    assert "a bug" in caplog.text


def test_a_full_queue_refuses_at_once():
    servable = Gated()
    parameters = BatchingParameters(max_batch_size=1, max_enqueued_batches=2)
    with server(servable, parameters) as (ask, models, metrics):
        with behind_one_that_runs(servable, ask):
            found = [ask(1), ask(2)]
            wait_until(lambda: len(queued(models)) == 2)
            status, answer = ask(3).result(30)
        assert [future.result(30)[0] for future in found] == [200, 200]
        assert 'status="UNAVAILABLE"} 1\n' in metrics.page()
    assert status == 503
    assert "max_enqueued_batches is 2" in answer["error"]


def test_a_line_that_is_too_long_refuses_at_once():
    servable = Gated()
    with server(servable, max_waiting=1) as (ask, *_):
        with behind_one_that_runs(servable, ask):
            assert ask(1).result(30) == (503, {"error": "1 requests are waiting already"})
        assert ask(1).result(30) == (200, {"predictions": [2]})


def test_a_version_stays_until_what_nobody_waits_for_any_more_has_run():
    servable = Gated()
    servable.gate.clear()
    with server(servable, rest_api_timeout_in_ms=100) as (ask, models, _):
        late = 504, {"error": "Timed out waiting for notification"}
        assert ask(1).result(30) == late
        models.remove("m", 1)
        assert not servable.closed
        assert models.status("m", 1)[0].state == "UNLOADING"
        servable.gate.set()
        wait_until(lambda: servable.closed)
        wait_until(lambda: models.status("m", 1)[0].state == "END")


def test_a_large_answer():
    with server(Gated()) as (ask, *_):
        assert ask(7, 1).result(30) == (200, {"predictions": [[7.0] * 5000, [1.0] * 5000]})


BODIES = [
    *(case["request"]["body"] for case in CASES if case["layer"] == "http"),
    '{"instances": [1, NaN, -Infinity, 1e39]}',
    '{"instances": [[1, 2], [3]]}',
    '{"instances": [{"x": 1}, {"x": 2}]}',
    '{"instances": [{"y": 1}]}',
    '{"signature_name": "nonesuch", "instances": [1]}',
    '{"signature_name": "pair", "instances": [{"a": 1, "b": 2}]}',
    '{"signature_name": "total", "inputs": [1, 2]}',
    '{"inputs": 3}',
    json.dumps({"instances": [0.125] * 4000}),  # Too large for the event loop.
    "{",
]


@pytest.mark.parametrize("compress", [False, True])
def test_answers_are_those_of_a_thread(toy, compress):
    models = Models()
    models.add("toy", Batched(toy, BatchingParameters()))
    app, path = RestApp(models), "/v1/models/toy:predict"
    with toys.serve(app) as port:
        for text in BODIES:
            body = (text or "").encode()
            expected = app.answer("POST", path, body)
            sent = (gzip.compress(body), {"Content-Encoding": "gzip"}) if compress else (body, {})
            status, answer = post(port, path, *sent)
            assert (status, str(answer)) == (expected[0], str(json.loads(expected[1]))), text
