"""Real servers that are busy or gone, and come back."""

import pytest
from waits import Waits

from keras_iidgan.serving import Client, ServingError


class Busy:
    """A servable that is busy so many times."""

    def __init__(self, servable, count):
        self._servable, self.count = servable, count
        self.version, self.signatures = servable.version, servable.signatures
        self.metadata = servable.metadata

    def run(self, name, inputs):
        from keras_iidgan.serving.errors import StatusError

        if self.count:
            self.count -= 1
            raise StatusError("UNAVAILABLE", "the queue is full")
        return self._servable.run(name, inputs)


def test_both_transports_ask_a_full_queue_again(gan):
    import rpc_toys
    import toys

    from keras_iidgan.serving.registry.models import Models
    from keras_iidgan.serving.rest.app import RestApp

    models = Models()
    busy = Busy(gan, 2)
    models.add("gan", busy)
    with rpc_toys.serve(models) as stubs, toys.serve(RestApp(models)) as port:
        for url in (f"http://127.0.0.1:{port}", f"grpc://{stubs.address}"):
            waits, busy.count = Waits(), 2
            with Client(url, "gan", retries=waits.retries()) as client:
                assert client.invert([[1, 1]]).tolist() == [[0, 0]]
                assert len(waits.waited) == 2
                with pytest.raises(ServingError, match="404: Servable not found for request"):
                    Client(url, "nope", retries=waits.retries()).sample([1])
                assert len(waits.waited) == 2


def test_a_grpc_server_that_comes_back_is_found(gan):
    import grpc
    import rpc_toys

    from keras_iidgan.serving.registry.models import Models
    from keras_iidgan.serving.rpc.server import RpcServer

    models, servers = Models(), []
    models.add("gan", gan)
    with rpc_toys.serve(models) as stubs:
        port = int(stubs.address.rpartition(":")[2])
        waits = Waits()
        client = Client(f"grpc://127.0.0.1:{port}", "gan", retries=waits.retries())
        assert client.status()[0]["state"] == "AVAILABLE"

    def restart():
        if not servers:
            servers.append(RpcServer())
            servers[0].bind("127.0.0.1", port)
            servers[0].start(models)
        grpc.channel_ready_future(client._transport._channel).result(timeout=60)

    waits.then = restart
    try:
        assert client.invert([[1, 1]]).tolist() == [[0, 0]]
    finally:
        client.close()
        for server in servers:
            server.stop(0).wait()
    assert len(waits.waited) == 1


def test_a_body_that_is_refused_before_its_end_has_its_answer(gan):
    import toys

    from keras_iidgan.serving.registry.models import Models
    from keras_iidgan.serving.rest.app import RestApp
    from keras_iidgan.serving.rest.limits import Limits

    models, waits = Models(), Waits()
    models.add("gan", gan)
    with toys.serve(RestApp(models, limits=Limits(max_body_bytes=1000))) as port:
        client = Client(f"http://127.0.0.1:{port}", "gan", retries=waits.retries())
        for size in (1000, 20 << 20):
            with pytest.raises(ServingError, match="400: Expecting a body of at most 1000 bytes"):
                client.predict([bytes(size)], "picture")
    assert not waits.waited
