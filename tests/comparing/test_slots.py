import pytest

from keras_iidgan.comparing import slots


@pytest.fixture
def machine(monkeypatch):
    def make(cores, gpus=None):
        monkeypatch.setattr(slots, "_cores", lambda: list(range(cores)))
        monkeypatch.setattr(slots, "gpus", lambda: [str(n) for n in range(gpus or 0)])

    return make


def test_cores_are_shared_among_the_jobs(machine):
    machine(cores=8)
    assert [slot.cores for slot in slots.make(2, 10)] == [(0, 1, 2, 3), (4, 5, 6, 7)]
    assert [slot.cores for slot in slots.make(8, 10)] == [(n,) for n in range(8)]


def test_more_jobs_than_cores_share_them(machine):
    machine(cores=2)
    assert [slot.cores for slot in slots.make(3, 10)] == [(0,), (1,), (0,)]


@pytest.mark.parametrize(
    ("cores", "gpus", "runs", "expected"),
    [(2, 0, 9, 2), (64, 0, 99, 8), (16, 4, 9, 4), (8, 0, 3, 3)],
)
def test_by_itself_a_machine_runs_one_for_each_gpu_or_core(machine, cores, gpus, runs, expected):
    machine(cores=cores, gpus=gpus)
    assert len(slots.make(0, runs)) == expected


def test_a_run_sees_its_own_gpu_alone_and_none_is_changed_without_one(machine, monkeypatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    machine(cores=4, gpus=2)
    shares = [slot.environment()["CUDA_VISIBLE_DEVICES"] for slot in slots.make(3, 9)]
    assert shares == ["0", "1", "0"]
    machine(cores=4)
    assert "CUDA_VISIBLE_DEVICES" not in slots.make(1, 1)[0].environment()


@pytest.mark.parametrize(("text", "expected"), [("0,2", ["0", "2"]), ("", []), ("-1", [])])
def test_gpus_are_those_that_the_scheduler_gave(monkeypatch, text, expected):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", text)
    assert slots.gpus() == expected
