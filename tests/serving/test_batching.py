"""The micro-batcher: what goes together, what doesn't, and that nobody can tell from the answer."""

import concurrent.futures
import contextlib
import threading
import time

import numpy as np
import pytest

from keras_iidgan.serving.batching.config import BatchingParameters
from keras_iidgan.serving.batching.servable import Batched
from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.registry.models import Signature, TensorSpec


class Gated:
    """y = 2 x of any shape, except that it waits at a gate and refuses negative numbers."""

    version = 5
    specs = {"x": TensorSpec("float32", None)}  # noqa: RUF012
    two = specs | {"w": TensorSpec("float32", None)}
    signatures = {  # noqa: RUF012
        "serving_default": Signature(specs, specs),
        "total": Signature(specs, specs),
        "two": Signature(two, specs),
    }

    def __init__(self):
        self.gate = threading.Event()
        self.gate.set()
        self.seen = []  # The inputs of each run.

    def run(self, name, inputs):
        self.seen.append({alias: array.tolist() for alias, array in inputs.items()})
        assert self.gate.wait(30)
        x = inputs["x"]
        if (x < 0).any():
            raise StatusError("INVALID_ARGUMENT", f"negative: {x.min()}")
        if name == "total":
            return {"y": x.sum()}
        return {"y": 2 * x[:-1] if x.size and x.flat[0] == 99 else 2 * x}


def wait_until(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


@contextlib.contextmanager
def gathering(servable, parameters, waiting, first=0.0, name="serving_default"):
    """While the body's calls gather behind one that runs; yields the function that makes them."""
    batched = Batched(servable, parameters)
    with concurrent.futures.ThreadPoolExecutor(32) as pool:

        def call(rows, **others):
            inputs = {"x": np.array(rows, np.float32)} | others
            return pool.submit(batched.run, name, inputs)

        servable.gate.clear()
        ahead = call([first])
        try:
            wait_until(lambda: servable.seen)
            yield call
            queue = batched._queue(name)
            wait_until(lambda: sum(len(b.tasks) for b in queue._waiting) >= waiting)
        finally:
            servable.gate.set()
        ahead.exception(30)


def one_thread(**more):
    return BatchingParameters(**{"num_batch_threads": 1} | more)


def values(future):
    return future.result(30)["y"].tolist()


def test_what_comes_while_another_runs_goes_together():
    servable = Gated()
    with gathering(servable, one_thread(), waiting=3) as call:
        answers = [call([1]), call([2, 3]), call([4])]
    assert [values(answer) for answer in answers] == [[2], [4, 6], [8]]
    assert servable.seen[0] == {"x": [0]}
    assert [sorted(run["x"]) for run in servable.seen[1:]] == [[1, 2, 3, 4]]


def test_one_alone_runs_at_once_as_it_is():
    servable = Gated()
    batched = Batched(servable, one_thread())
    x = np.ones([2, 3], np.float32)
    for _ in range(3):
        assert batched.run("", {"x": x})["y"].tolist() == (2 * x).tolist()
    assert servable.seen == [{"x": x.tolist()}] * 3
    assert (batched.version, batched.signatures) == (5, servable.signatures)


def test_an_error_is_only_for_whom_it_concerns():
    with gathering(Gated(), one_thread(), waiting=3) as call:
        answers = [call([1]), call([-2]), call([3])]
    assert values(answers[0]) == [2]
    assert values(answers[2]) == [6]
    with pytest.raises(StatusError, match="negative: -2"):
        answers[1].result(30)


def test_other_shapes_and_types_run_apart():
    servable = Gated()
    with gathering(servable, one_thread(), waiting=4) as call:
        answers = [call([[1, 2]]), call([[3, 4]]), call([[5]]), call([7])]
    assert [values(answer) for answer in answers] == [[[2, 4]], [[6, 8]], [[10]], [14]]
    assert sorted(len(run["x"]) for run in servable.seen) == [1, 1, 1, 2]


def test_a_batch_grows_to_its_limit_and_no_further():
    servable = Gated()
    with gathering(servable, one_thread(max_batch_size=3), waiting=4) as call:
        answers = [call([n, n]) for n in range(4)]
    assert [values(answer) for answer in answers] == [[2 * n, 2 * n] for n in range(4)]
    assert [len(run["x"]) for run in servable.seen] == [1, 2, 2, 2, 2]


def test_a_full_queue_refuses():
    parameters = one_thread(max_batch_size=1, max_enqueued_batches=2)
    with gathering(Gated(), parameters, waiting=2) as call:
        answers = [call([1]) for _ in range(3)]
        done, _ = concurrent.futures.wait(answers, 30, concurrent.futures.FIRST_COMPLETED)
    assert len(done) == 1
    with pytest.raises(StatusError, match=r"UNAVAILABLE: .*currently 2 batches enqueued"):
        done.pop().result()
    assert sorted(answer.exception(30) is None for answer in answers) == [False, True, True]


def test_padding_to_allowed_sizes():
    servable = Gated()
    parameters = one_thread(max_batch_size=4, allowed_batch_sizes=(2, 4))
    with gathering(servable, parameters, waiting=2) as call:
        answers = [call([1, 2]), call([3])]
    assert [values(answer) for answer in answers] == [[2, 4], [6]]
    assert servable.seen[0] == {"x": [0, 0]}
    joined = servable.seen[1]["x"]
    assert (len(joined), joined[3]) == (4, joined[2] if joined[0] == 1 else 1)


def test_padding_of_other_sizes():
    servable = Gated()
    parameters = one_thread(pad_variable_length_inputs=True)
    with gathering(servable, parameters, waiting=2) as call:
        answers = [call([[1, 2, 3]]), call([[4], [5]])]
    assert values(answers[0]) == [[2, 4, 6]]
    assert values(answers[1]) == [[8, 8, 8], [10, 8, 8]]
    assert len(servable.seen) == 2


def test_two_run_at_once_where_there_are_two_places():
    servable = Gated()
    with gathering(servable, BatchingParameters(num_batch_threads=2), waiting=0) as call:
        call([1])
        wait_until(lambda: len(servable.seen) == 2)
    assert [run["x"] for run in servable.seen] == [[0], [1]]


def test_waiting_for_others_where_the_parameters_say_so():
    servable = Gated()
    batched = Batched(servable, one_thread(max_batch_size=2, batch_timeout_micros=60_000_000))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(batched.run, "", {"x": np.array([n])}) for n in range(2)]
        assert [values(run) for run in runs] == [[0], [2]]
    assert len(servable.seen) == 1
    soon = Batched(servable, one_thread(batch_timeout_micros=1000))
    assert soon.run("", {"x": np.array([3])})["y"].tolist() == [6]


def test_large_requests_are_cut_where_the_parameters_say_so():
    servable = Gated()
    parameters = one_thread(enable_large_batch_splitting=True, max_execution_batch_size=2)
    answer = Batched(servable, parameters).run("", {"x": np.arange(5)})
    assert answer["y"].tolist() == [0, 2, 4, 6, 8]
    assert [len(run["x"]) for run in servable.seen] == [2, 2, 1]


@pytest.mark.parametrize(
    ("name", "inputs", "message"),
    [
        ("", {"x": 1.0}, "INVALID_ARGUMENT: Batching Run.. input tensors must have at least one"),
        ("two", {"x": [1], "w": [1, 2]}, "INVALID_ARGUMENT: .*must have equal 0th-dimension size"),
        ("", {"x": [1] * 9}, "INVALID_ARGUMENT: Task size 9 is larger than maximum .* size 8"),
        ("total", {"x": [1, 2]}, "FAILED_PRECONDITION: Batched output tensor has 0 dimensions"),
        ("", {"x": [99, 1]}, "FAILED_PRECONDITION: Batched output tensor's 0th dimension does not"),
        ("no", {"x": [1]}, 'INVALID_ARGUMENT: Serving signature name: "no" not found'),
    ],
)
def test_what_cannot_be_batched_is_refused(name, inputs, message):
    batched = Batched(Gated(), one_thread(max_batch_size=8))
    with pytest.raises(StatusError, match=message) as caught:
        batched.run(name, {alias: np.array(value) for alias, value in inputs.items()})
    assert caught.value.http_status == 400


def test_no_rows_are_not_padded():
    parameters = one_thread(max_batch_size=2, allowed_batch_sizes=(2,))
    assert Batched(Gated(), parameters).run("", {"x": np.zeros([0])})["y"].tolist() == []


def test_a_gan_draws_the_same_by_seed(gan):
    batched = Batched(gan, BatchingParameters(max_batch_size=16, allowed_batch_sizes=(4, 16)))
    seeds = [np.arange(n, n + 1 + n % 3) for n in range(64)]
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = pool.map(lambda seed: batched.run("sample", {"seed": seed}), seeds)
        for seed, answer in zip(seeds, answers, strict=True):
            alone = gan.run("sample", {"seed": seed})
            for alias in ("x", "z"):
                np.testing.assert_array_equal(answer[alias], alone[alias], strict=True)
    strings = {"text": np.array([b"a\0", b""], object)}
    assert batched.run("picture", strings)["png_bytes"].tolist() == [b"a\0", b""]
