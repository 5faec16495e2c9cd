"""Versions that come and go under requests, with real SavedModels and real connections."""

import contextlib
import gc
import http.client
import json
import shutil
import threading
import time

import numpy as np
import pytest

from keras_iidgan.serving.loading import loader
from keras_iidgan.serving.registry.manager import Manager
from keras_iidgan.serving.registry.models import Models
from keras_iidgan.serving.registry.policy import ModelConfig
from keras_iidgan.serving.rest.app import RestApp

SWAPS = 50


class Served:
    """A server over a folder that begins with version 1, and a record of what was closed."""

    def __init__(self, source, base):
        self._source, self._base = source, base
        self.models = Models()
        self.manager = Manager(self.models, self._load)
        self.loaded = []
        self.closed = []
        self.publish(1)
        self.manager.configure([ModelConfig("m", str(base))])

    def _load(self, path):
        servable = loader.load(path)
        close = servable.close
        servable.close = lambda: (self.closed.append(servable.version), close())
        self.loaded.append(servable)
        return servable

    def publish(self, version):
        """Write a version aside, and give it its number when it is complete."""
        aside = self._base / "writing"
        shutil.copytree(self._source, aside)
        aside.rename(self._base / str(version))


@pytest.fixture
def served(toy_folder, tmp_path):
    gc.freeze()  # As `serve` does; otherwise each swap goes through all of TensorFlow's objects.
    yield Served(toy_folder / "007", tmp_path)
    gc.unfreeze()


class Caller(threading.Thread):
    """A client that asks again and again, and remembers what was not as it should be."""

    def __init__(self, port):
        super().__init__()
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.ended = threading.Event()
        self.version = 0
        self.count = 0
        self.failed = []

    def run(self):
        try:
            while not self.ended.wait(0.002):  # The server needs the processor too.
                self._once()
        except Exception as error:
            self.failed.append(repr(error))
        finally:
            self._connection.close()

    def _once(self):
        status, answer = self._ask("POST", ":predict", b'{"instances":[1.0,5.0]}')
        if (status, answer) != (200, {"predictions": [2.5, 4.5]}):
            self.failed.append((status, answer))
        status, answer = self._ask("GET", "/metadata")
        if status != 200:
            self.failed.append((status, answer))
        else:
            self.version = int(answer["model_spec"]["version"])
        self.count += 1

    def _ask(self, method, path, body=None):
        self._connection.request(method, f"/v1/models/m{path}", body)
        response = self._connection.getresponse()
        return response.status, json.loads(response.read())


@contextlib.contextmanager
def calling(port, count):
    callers = [Caller(port) for _ in range(count)]
    for caller in callers:
        caller.start()
    try:
        yield callers
    finally:
        for caller in callers:
            caller.ended.set()
        for caller in callers:
            caller.join()


def wait(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_no_request_fails_while_versions_come_and_go(served):
    import toys

    with toys.serve(RestApp(served.models)) as port, calling(port, 3) as callers:
        for version in range(2, SWAPS + 2):
            served.publish(version)
            served.manager.poll()
            wait(lambda: all(c.version == version or c.failed for c in callers))  # noqa: B023
    assert [caller.failed for caller in callers] == [[], [], []]
    assert min(caller.count for caller in callers) >= SWAPS
    assert sorted(served.closed) == list(range(1, SWAPS + 1))
    assert [servable._session._closed for servable in served.loaded] == [True] * SWAPS + [False]
    states = [(status.version, status.state) for status in served.models.status("m")]
    assert states == [(51, "AVAILABLE"), *((version, "END") for version in range(50, 0, -1))]


def test_a_request_that_runs_keeps_its_version(served):
    with served.models.lookup("m") as servable:
        served.publish(2)
        served.manager.poll()
        assert served.models.lookup("m").version == 2
        assert served.models.status("m", 1)[0].state == "UNLOADING"
        assert servable.run("", {"x": np.float32([1])})["y"].tolist() == [2.5]
        assert served.closed == []
    assert served.closed == [1]


def test_a_version_that_is_not_complete_yet(served, tmp_path):
    (tmp_path / "2").mkdir()
    served.manager.poll()
    assert served.models.status("m", 2)[0].state == "LOADING"
    assert served.models.lookup("m").version == 1
