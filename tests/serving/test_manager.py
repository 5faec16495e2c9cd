"""Polling, policies, retries and labels, with servables that cost nothing to load."""

import types

import pytest
from tensorflow_serving.config import model_server_config_pb2

from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.registry.attempt import Options
from keras_iidgan.serving.registry.manager import Manager
from keras_iidgan.serving.registry.models import Models
from keras_iidgan.serving.registry.policy import ModelConfig, Policy
from keras_iidgan.serving.registry.states import VersionStatus

MICROS = 60_000_000


class Fake:
    def __init__(self, version):
        self.version = version
        self.closed = 0

    def close(self):
        self.closed += 1


class World:
    """A folder of models, a manager over it, and a clock that a test turns."""

    def __init__(self, base, **options):
        self.base = base
        self.models = Models()
        self.now = 0.0
        self.broken = set()
        self.loads = []
        self.loaded = {}
        self.manager = Manager(self.models, self.load, Options(**options), lambda: self.now)

    def load(self, path):
        version = int(path.name)
        self.loads.append(version)
        self.seen = {status.version: status.state for status in self.models.status("m")}
        if version in self.broken:
            raise StatusError("DATA_LOSS", f"{version} is broken")
        self.loaded[version] = Fake(version)
        return self.loaded[version]

    def put(self, *names):
        for name in names:
            (self.base / str(name)).mkdir()

    def configure(self, policy=None, labels=None):
        self.manager.configure([self.config(policy, labels)])

    def config(self, policy=None, labels=None):
        return ModelConfig("m", str(self.base), policy or Policy(), labels or {})

    def states(self):
        return [(status.version, status.state) for status in self.models.status("m")]


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


@pytest.mark.parametrize(
    ("policy", "served"),
    [
        (Policy(), [9]),
        (Policy(num_versions=0), [9]),
        (Policy(num_versions=2), [9, 7]),
        (Policy("all"), [9, 7, 3]),
        (Policy("specific", versions=frozenset({3, 7, 8})), [7, 3]),
    ],
)
def test_policies(world, policy, served):
    world.put("3", "007", "9", "10-writing", "eleven")
    world.configure(policy)
    assert world.states() == [(version, "AVAILABLE") for version in served]
    assert world.loads == served


def test_a_new_version_is_there_before_the_old_one_goes(world):
    world.put(1)
    world.configure()
    world.put(2)
    world.manager.poll()
    assert world.seen == {1: "AVAILABLE", 2: "LOADING"}
    assert world.states() == [(2, "AVAILABLE"), (1, "END")]
    assert (world.loaded[1].closed, world.loaded[2].closed) == (1, 0)
    world.manager.poll()
    assert world.loads == [1, 2]


def test_a_version_is_closed_when_its_last_request_has_ended(world):
    world.put(1)
    world.configure()
    first, second = world.models.lookup("m"), world.models.lookup("m", version=1)
    world.put(2)
    world.manager.poll()
    assert world.states() == [(2, "AVAILABLE"), (1, "UNLOADING")]
    with first as servable:
        assert servable.version == 1
    first.release()  # Once more, which does nothing.
    assert (world.loaded[1].closed, world.states()[1]) == (0, (1, "UNLOADING"))
    del second  # A request that forgot its lease ends it too.
    assert (world.loaded[1].closed, world.states()[1]) == (1, (1, "END"))


def test_a_version_that_comes_back_while_it_unloads(world):
    world.put(1)
    world.configure()
    held, old = world.models.lookup("m"), world.loaded[1]
    (world.base / "1").rmdir()
    world.manager.poll()
    world.put(1)
    world.manager.poll()
    held.release()
    assert (old.closed, world.loaded[1].closed) == (1, 0)
    assert world.states() == [(1, "AVAILABLE")]


def test_a_broken_version_leaves_the_old_one_and_is_tried_again(world):
    world.put(1)
    world.configure()
    world.broken = {2}
    world.put(2)
    world.manager.poll()
    assert world.states() == [(2, "LOADING"), (1, "AVAILABLE")]
    world.now = MICROS / 1e6 - 1
    world.manager.poll()
    assert world.loads == [1, 2]
    for tries in range(2, 9):
        world.now += MICROS / 1e6
        world.manager.poll()
        assert world.loads.count(2) == min(tries, 6)
    assert world.models.status("m", 2) == [VersionStatus(2, "END", "DATA_LOSS", "2 is broken")]
    assert world.models.lookup("m").version == 1
    world.put(3)
    world.manager.poll()
    assert world.states() == [(3, "AVAILABLE"), (2, "END"), (1, "END")]


def test_the_highest_of_the_old_versions_stays(world):
    world.put(1, 2)
    world.configure(Policy(num_versions=2))
    for name in ("1", "2"):
        (world.base / name).rmdir()
    world.put(3)
    world.broken = {3}
    world.manager.poll()
    assert world.states() == [(3, "LOADING"), (2, "AVAILABLE"), (1, "END")]
    (world.base / "3").rmdir()
    world.manager.poll()
    assert world.models.status("m")[0] == VersionStatus(3, "END", "DATA_LOSS", "3 is broken")
    assert world.models.available("m") == set()


def test_a_version_that_is_complete_at_the_second_try(tmp_path):
    world = World(tmp_path, load_retry_interval_micros=-1)
    world.put(1)
    world.configure()
    world.put(2)
    world.broken = {2}
    world.manager.poll()
    world.broken = set()
    world.manager.poll()
    assert world.states() == [(2, "AVAILABLE"), (1, "END")]


def test_a_broken_version_that_is_withdrawn(tmp_path):
    world = World(tmp_path, max_num_load_retries=0)
    world.put(1)
    world.configure()
    world.put(2)
    world.broken = {2}
    world.manager.poll()
    ended = world.models.status("m", 2)
    assert ended == [VersionStatus(2, "END", "DATA_LOSS", "2 is broken")]
    (tmp_path / "2").rmdir()
    world.manager.poll()
    assert world.models.status("m", 2) == ended
    world.put(2)
    world.broken = set()
    world.manager.poll()
    assert world.states() == [(2, "AVAILABLE"), (1, "END")]


def test_errors_that_nobody_foresaw_end_a_load_and_not_the_server(tmp_path, caplog):
    world = World(tmp_path, max_num_load_retries=0)
    world.put(1)
    world.manager._load = lambda path: {}[path]
    with pytest.raises(StatusError, match=r"UNKNOWN: 1 model\(s\) did not become .* KeyError"):
        world.configure()
    assert world.models.status("m")[0].error_code == "INTERNAL"


def test_an_empty_folder_unloads_and_a_vanished_one_does_not(world, caplog):
    world.put(1)
    world.configure()
    (world.base / "1").rmdir()
    elsewhere = world.base.rename(world.base.with_name("elsewhere"))
    for _ in range(3):
        world.manager.poll()
    assert world.states() == [(1, "AVAILABLE")]
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "Could not read base path" in caplog.text
    elsewhere.rename(world.base)
    world.manager.poll()
    assert world.states() == [(1, "END")]
    with pytest.raises(StatusError, match=r"NOT_FOUND: .*Latest\(m\)"):
        world.models.lookup("m")


def test_labels(world):
    world.put(1, 2)
    with pytest.raises(StatusError, match=r"UNAVAILABLE: Model labels does not init yet\.stable"):
        world.models.lookup("m", label="stable")
    with pytest.raises(StatusError) as caught:
        world.configure(labels={"stable": 2})
    assert (
        str(caught.value) == "FAILED_PRECONDITION: Request to assign label to version 2 of"
        " model m, which is not currently available for inference"
    )
    assert world.loads == []
    world.configure()
    with pytest.raises(StatusError, match=r"INVALID_ARGUMENT: Unrecognized .* label: stable"):
        world.models.lookup("m", label="stable")
    world.configure(labels={"stable": 2})
    assert world.models.lookup("m", label="stable").version == 2


def test_labels_of_versions_to_come(tmp_path):
    world = World(tmp_path, allow_version_labels_for_unavailable_models=True)
    world.put(1)
    world.configure(labels={"stable": 1, "canary": 2})
    with pytest.raises(StatusError, match=r"NOT_FOUND: .*Specific\(m, 2\)"):
        world.models.lookup("m", label="canary")
    with pytest.raises(StatusError, match=r"FAILED_PRECONDITION: .* version 2 of model m"):
        world.configure(labels={"stable": 2, "canary": 2})
    world.put(2)
    world.manager.poll()
    assert world.models.lookup("m", label="canary").version == 2
    world.configure(labels={"stable": 2})
    assert world.models.lookup("m", label="stable").version == 2


def message(*models):
    config = model_server_config_pb2.ModelServerConfig()
    config.model_config_list.SetInParent()
    for name, base in models:
        entry = config.model_config_list.config.add(name=name, base_path=str(base))
        entry.model_platform = "tensorflow"
    return config


def test_reload(world):
    world.put("m", "n", "m/1", "n/5")
    reload = world.manager.reload
    reload(message(("m", world.base / "m")))
    reload(message(("m", world.base / "m"), ("n", world.base / "n")))
    assert world.models.lookup("n").version == 5
    reload(model_server_config_pb2.ModelServerConfig())
    with pytest.raises(StatusError, match="INVALID_ARGUMENT: Illegal to list model n multiple"):
        reload(message(("n", world.base / "n"), ("n", world.base / "n")))
    assert world.models.lookup("m").version == 1
    with pytest.raises(StatusError, match=r"UNKNOWN: 1 model\(s\) .*{name: o} due to error: Could"):
        reload(message(("m", world.base / "m"), ("o", world.base / "o")))
    assert [world.models.available(name) for name in "mno"] == [{1}, set(), set()]
    world.put("o", "o/4")
    world.manager.poll()
    assert world.models.lookup("o").version == 4
    reload(message())
    assert [status.state for status in world.models.status("o")] == ["END"]


def test_ready(world):
    world.put("m", "n", "m/1", "n/5")
    assert not world.models.is_ready()
    world.manager.reload(message(("m", world.base / "m"), ("n", world.base / "n")))
    assert world.models.is_ready()
    (world.base / "n" / "5").rmdir()
    world.manager.poll()
    assert not world.models.is_ready()
    world.manager.reload(message(("m", world.base / "m")))
    assert world.models.is_ready()


def test_a_lease_is_the_servable():
    models = Models()
    models.add("m", types.SimpleNamespace(version=1, run=lambda: 3, close=lambda: None))
    with models.lookup("m") as servable:
        assert (servable.version, servable.run()) == (1, 3)
        assert servable.thing is models.lookup("m").thing
