"""gRPC with large messages, many calls, callers who give up, and a server that ends."""

import concurrent.futures
import threading

import grpc
import numpy as np
import pytest

from keras_iidgan.serving.rest.limits import Limits


@pytest.fixture
def models(gan):
    from keras_iidgan.serving.registry.models import Models

    models = Models()
    models.add("gan", gan)
    return models


@pytest.fixture
def gated(gan, models):
    """A model "gated", which runs when `gated.gate` is set."""
    import rpc_toys

    servable = rpc_toys.Gated(gan)
    models.add("gated", servable)
    yield servable
    servable.gate.set()


X = {"x": np.zeros([1, 2], np.float32)}


def future(stubs, timeout=60):
    import rpc_toys

    request = rpc_toys.predict_request(X, "invert", "gated")
    return stubs.prediction.Predict.future(request, timeout=timeout)


@pytest.mark.parametrize("as_content", [False, True])
def test_messages_beyond_grpcs_default_limit(models, as_content):
    import rpc_toys

    x = np.random.default_rng(0).normal(size=[1 << 20, 2]).astype(np.float32)  # 8 MiB
    limits = Limits(max_rows=len(x))
    with rpc_toys.serve(models, as_content=as_content, limits=limits) as stubs:
        found = stubs.predict({"x": x}, "invert")["z"]
        response = stubs.prediction.Predict(rpc_toys.predict_request(X, "invert"))
    np.testing.assert_allclose(found, (x - 1) / 2, atol=1e-6)
    assert bool(response.outputs["z"].tensor_content) is as_content


def test_many_calls_at_once(models):
    import rpc_toys

    def ask(seed):
        return stubs.predict({"seed": np.array([seed] * (seed % 3 + 1))}, "sample")

    with rpc_toys.serve(models) as stubs, concurrent.futures.ThreadPoolExecutor(8) as pool:
        for seed, found in enumerate(pool.map(ask, range(60))):
            assert found["z"].tolist() == [[seed, 10 * seed]] * (seed % 3 + 1)
            assert found["x"].tolist() == [[2 * seed + 1, 20 * seed + 1]] * (seed % 3 + 1)


def test_callers_who_give_up_do_not_hold_up_others(models, gated):
    import rpc_toys

    with rpc_toys.serve(models, threads=1) as stubs:
        running = future(stubs)
        assert gated.begun.acquire(timeout=60)
        late, cancelled, patient = future(stubs, timeout=0.05), future(stubs), future(stubs)
        assert cancelled.cancel()
        with pytest.raises(grpc.RpcError) as caught:
            late.result(60)
        assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        gated.gate.set()
        assert running.result(60).outputs["z"].float_val[:] == [-0.5, -0.5]
        assert patient.result(60).outputs["z"].float_val[:] == [-0.5, -0.5]


def test_a_call_whose_caller_has_gone_is_not_run(models, gated):
    import rpc_toys

    from keras_iidgan.serving.rpc.services import PredictionService

    class Gone:
        def is_active(self):
            return False

        def abort(self, code, details):
            raise ConnectionError(code.name)

    request = rpc_toys.predict_request(X, "invert", "gated")
    with pytest.raises(ConnectionError, match="CANCELLED"):
        PredictionService(models).Predict(request, Gone())
    assert gated.runs == 0


def test_the_end_lets_calls_finish_and_takes_no_new_ones(models, gated):
    import rpc_toys

    with rpc_toys.serve(models) as stubs:
        running = future(stubs)
        assert gated.begun.acquire(timeout=60)
        over = stubs.server.stop(60)
        with rpc_toys.channel(stubs.address) as late, pytest.raises(grpc.RpcError) as caught:
            rpc_toys.Stubs(late).predict(X, "invert")
        # gRPC's own choice: by how far the connection had come when the end began.
        refused = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)
        assert caught.value.code() in refused
        assert not over.is_set()
        gated.gate.set()
        assert running.result(60).outputs["z"].float_val[:] == [-0.5, -0.5]
        assert over.wait(60)


def test_the_end_does_not_wait_for_ever(models, gated):
    import rpc_toys

    with rpc_toys.serve(models) as stubs:
        running = future(stubs)
        assert gated.begun.acquire(timeout=60)
        assert stubs.server.stop(0.05).wait(60)
        with pytest.raises(grpc.RpcError):
            running.result(60)
        gated.gate.set()


def check(stubs, service=""):
    from grpc_health.v1 import health_pb2

    request = health_pb2.HealthCheckRequest(service=service)
    status = stubs.health.Check(request, timeout=60).status
    return health_pb2.HealthCheckResponse.ServingStatus.Name(status)


def test_health_follows_the_models(models):
    import rpc_toys

    from keras_iidgan.serving.errors import StatusError
    from keras_iidgan.serving.registry.models import Models
    from keras_iidgan.serving.rpc.health import SERVICES

    empty = Models()
    with rpc_toys.serve(empty) as stubs:
        assert check(stubs) == "NOT_SERVING"
        empty.add("gan", models.lookup("gan"))
        assert [check(stubs, name) for name in SERVICES] == ["SERVING"] * 5
        empty.fail("other", 1, StatusError("INTERNAL", ""))
        assert check(stubs) == "NOT_SERVING"
        with pytest.raises(grpc.RpcError) as caught:
            check(stubs, "unknown")
        assert caught.value.code() is grpc.StatusCode.NOT_FOUND


def test_whoever_watches_is_told_and_does_not_keep_the_server_open(models, gan, monkeypatch):
    import rpc_toys
    from grpc_health.v1 import health_pb2

    monkeypatch.setattr(gan, "close", lambda: None)  # Other tests have it too.
    with rpc_toys.serve(models) as stubs:
        states = stubs.health.Watch(health_pb2.HealthCheckRequest(), timeout=60)
        assert next(states).status == health_pb2.HealthCheckResponse.SERVING
        models.remove("gan", 3)
        assert next(states).status == health_pb2.HealthCheckResponse.NOT_SERVING
        models.add("gan", gan)
        assert next(states).status == health_pb2.HealthCheckResponse.SERVING
        over = stubs.server.stop(60)
        assert [state.status for state in states] == [health_pb2.HealthCheckResponse.NOT_SERVING]
        assert over.wait(30)


def test_a_port_in_use_is_said(models):
    import rpc_toys

    from keras_iidgan.serving.rpc.server import RpcServer

    with rpc_toys.serve(models) as stubs:
        with pytest.raises(OSError, match="Address already in use"):
            RpcServer().bind("127.0.0.1", int(stubs.address.rpartition(":")[2]))


def test_no_thread_is_left(models):
    import rpc_toys

    before = set(threading.enumerate())  # A server of other tests may be there too.
    with rpc_toys.serve(models) as stubs:
        assert check(stubs) == "SERVING"
    left = set(threading.enumerate()) - before
    assert not [thread for thread in left if "_follow" in thread.name]
