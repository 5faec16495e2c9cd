"""Servers and stubs for the tests of gRPC, and servables that do what a test needs."""

import contextlib
import threading

import grpc
import pytest

CLIENT_OPTIONS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


class Stubs:
    """Both services and the health check on one channel."""

    def __init__(self, channel):
        from grpc_health.v1 import health_pb2_grpc
        from tensorflow_serving.apis import model_service_pb2_grpc, prediction_service_pb2_grpc

        self.channel = channel
        self.prediction = prediction_service_pb2_grpc.PredictionServiceStub(channel)
        self.model = model_service_pb2_grpc.ModelServiceStub(channel)
        self.health = health_pb2_grpc.HealthStub(channel)

    def predict(self, inputs, signature="", model="gan", timeout=60, metadata=None, **more):
        """Predict with arrays; returns arrays."""
        import tensorflow as tf

        request = predict_request(inputs, signature, model, **more)
        response = self.prediction.Predict(request, timeout=timeout, metadata=metadata)
        return {alias: tf.make_ndarray(proto) for alias, proto in response.outputs.items()}


def predict_request(inputs, signature="", model="gan", filtered=(), **spec):
    import tensorflow as tf
    from tensorflow_serving.apis import predict_pb2

    request = predict_pb2.PredictRequest(output_filter=filtered)
    request.model_spec.name, request.model_spec.signature_name = model, signature
    if "version" in spec:
        request.model_spec.version.value = spec["version"]
    if "label" in spec:
        request.model_spec.version_label = spec["label"]
    for alias, value in inputs.items():
        value = value if hasattr(value, "tensor_content") else tf.make_tensor_proto(value)
        request.inputs[alias].CopyFrom(value)
    return request


@contextlib.contextmanager
def serve(models, credentials=None, root=None, client=None, tokens=None, threads=None, **start):
    """Serve models over gRPC on a free port; yields `Stubs`.

    `root` is what the client trusts, `client` its own (key, certificate).
    """
    from keras_iidgan.serving.rpc.server import RpcServer

    server = RpcServer(threads, tokens=tokens, credentials=credentials, limits=start.get("limits"))
    address = f"localhost:{server.bind('127.0.0.1', 0)}"
    server.start(models, **start)
    try:
        with channel(address, root, client) as opened:
            stubs = Stubs(opened)
            stubs.server, stubs.address = server, address
            yield stubs
    finally:
        server.stop(0).wait()


def channel(address, root=None, client=None):
    if root is None:
        return grpc.insecure_channel(address, CLIENT_OPTIONS)
    credentials = grpc.ssl_channel_credentials(root, *(client or ()))
    return grpc.secure_channel(address, credentials, CLIENT_OPTIONS)


def refused(call, *arguments, **named):
    """Call what must fail; returns the code's name and the message."""
    with pytest.raises(grpc.RpcError) as caught:
        call(*arguments, **named)
    return caught.value.code().name, caught.value.details()


class Wrapped:
    """A servable with something about it that is not as in the one that it wraps."""

    def __init__(self, servable, version=None):
        self._servable = servable
        self.version = version or servable.version
        self.signatures = servable.signatures

    def run(self, name, inputs):
        return self._servable.run(name, inputs)

    def metadata(self):
        return self._servable.metadata()

    def signature_text(self, name):
        return self._servable.signature_text(name)


class Gated(Wrapped):
    """Runs when the gate is open; counts the runs that have begun."""

    def __init__(self, servable):
        super().__init__(servable)
        self.gate = threading.Event()
        self.begun = threading.Semaphore(0)
        self.runs = 0

    def run(self, name, inputs):
        self.runs += 1
        self.begun.release()
        assert self.gate.wait(60)
        return super().run(name, inputs)
