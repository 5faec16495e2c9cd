"""Clients that know what they must be answered, over REST and gRPC."""

import http.client
import json
import random
import threading

import numpy as np

SEED = 5  # whose sample is the same before and after everything


def rest_requests():
    """Return (method, path, body, status, what must be in the answer) of every kind."""
    faces, gan, toy = ("/v1/models/" + name for name in ("faces", "gan", "toy"))
    zeros, one = [[0.0] * 6] * 6, {"seed": [1], "label": [1]}

    def call(path, body, status, part):
        return "POST", f"{path}:predict", json.dumps(body), status, part

    return [
        call(faces, {"signature_name": "invert", "instances": [zeros] * 4}, 200, "probability"),
        call(faces, {"signature_name": "sample_png", "inputs": one}, 200, "b64"),
        call(faces, {"signature_name": "invert_refined", "inputs": [zeros]}, 200, "error_before"),
        call(faces, {"instances": [{"z": [0.0] * 3, "label": 1}]}, 200, "predictions"),
        call(faces, {"instances": [{"z": [0.0] * 3, "label": 9}]}, 400, "label must be"),
        call(gan, {"instances": [[1, 2]] * 50}, 200, "[3.0,5.0]"),
        call(gan, {"signature_name": "reciprocal", "inputs": [0.0]}, 200, "Infinity"),
        call(gan, {"signature_name": "none", "inputs": [0.0]}, 400, "not found"),
        call(toy, {"instances": [1.0]}, 200, "2.5"),
        call(toy, {"instances": [[1.0], []]}, 400, "Expecting tensor size"),
        ("POST", f"{toy}:predict", "{", 400, "JSON Parse error"),
        ("POST", f"{toy}:classify", '{"examples":[{"x":1}]}', 400, "SignatureDef"),
        ("POST", "/v1/models/none:predict", '{"instances":[1]}', 404, "Servable not found"),
        ("GET", faces, None, 200, "AVAILABLE"),
        ("GET", f"{faces}/metadata", None, 200, "invert_refined"),
        ("GET", f"{gan}/versions/9", None, 404, "Could not find"),
        ("GET", "/monitoring/prometheus/metrics", None, 200, "request_count"),
        ("GET", "/ui/models.json", None, 200, "latent_dim"),
    ]  # fmt: skip


class Rest:
    """A client that keeps its connection.

    Args:
        port: The server's.
        number: Of the client; decides what it asks.
    """

    def __init__(self, port, number):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._random = random.Random(number)
        self._requests = rest_requests()

    def once(self):
        """Make a request; returns what is wrong with the answer, or `None`."""
        method, path, body, status, part = self._random.choice(self._requests)
        self._connection.request(method, path, body)
        response = self._connection.getresponse()
        text = response.read().decode()
        if response.status != status or part not in text:
            return f"{method} {path} {body}: {response.status} {text[:300]}"
        return None


class Rpc:
    """A client of gRPC; see `Rest`."""

    def __init__(self, port, number):
        import grpc
        from tensorflow_serving.apis import model_service_pb2_grpc, prediction_service_pb2_grpc

        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self._predict = prediction_service_pb2_grpc.PredictionServiceStub(self._channel)
        self._status = model_service_pb2_grpc.ModelServiceStub(self._channel)
        self._random = random.Random(number)
        self.first = None

    def once(self):
        """Make a call; returns what is wrong with the answer, or `None`."""
        kind = self._random.choice(["sample", "sample", "invert", "bad", "status", "metadata"])
        return getattr(self, f"_call_{kind}")()

    def _run(self, signature, **inputs):
        import tensorflow as tf
        from tensorflow_serving.apis import predict_pb2

        request = predict_pb2.PredictRequest()
        request.model_spec.name, request.model_spec.signature_name = "faces", signature
        for alias, value in inputs.items():
            request.inputs[alias].CopyFrom(tf.make_tensor_proto(value))
        return self._predict.Predict(request, timeout=60)

    def sample(self):
        """Return the sample of the seed."""
        import tensorflow as tf

        seed, label = np.array([SEED], np.int64), np.array([1], np.int64)
        return tf.make_ndarray(self._run("sample", seed=seed, label=label).outputs["x"])

    def _call_sample(self):
        x = self.sample()
        self.first = x if self.first is None else self.first
        return None if np.array_equal(x, self.first) else "a seed gave another sample"

    def _call_invert(self):
        x = np.zeros([8, 6, 6], np.float32)
        found = self._run("invert", x=x).outputs["z"].tensor_shape.dim[0].size
        return None if found == 8 else f"{found} codes of 8"

    def _call_bad(self):
        import grpc

        try:
            self._run("invert", x=np.zeros([1, 5, 6], np.float32))
        except grpc.RpcError as error:
            code = error.code().name
            return None if code == "INVALID_ARGUMENT" else f"{code} {error.details()}"
        return "a wrong shape passed"

    def _call_status(self):
        from tensorflow_serving.apis import get_model_status_pb2

        request = get_model_status_pb2.GetModelStatusRequest()
        request.model_spec.name = "faces"
        states = self._status.GetModelStatus(request, timeout=60).model_version_status
        return None if any(each.state == 30 for each in states) else f"none AVAILABLE: {states}"

    def _call_metadata(self):
        from tensorflow_serving.apis import get_model_metadata_pb2

        request = get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=["signature_def"])
        request.model_spec.name = "faces"
        found = self._predict.GetModelMetadata(request, timeout=60)
        return None if found.model_spec.version.value else "no version"


class Crowd:
    """Threads, each with a client, that make so many requests in all.

    Args:
        clients: List of `Rest` and `Rpc`.
        requests: How many in all.
    """

    def __init__(self, clients, requests):
        self._left, self._lock = requests, threading.Lock()
        self.done, self.failures, self.ended = 0, [], threading.Event()
        self._threads = [threading.Thread(target=self._work, args=[one]) for one in clients]
        for thread in self._threads:
            thread.start()

    def _take(self):
        with self._lock:
            self._left -= 1
            return self._left >= 0 and not self.ended.is_set()

    def _work(self, client):
        while self._take():
            try:
                wrong = client.once()
            except Exception as error:
                wrong = repr(error)
            with self._lock:
                self.done += 1
                if wrong:
                    self.failures.append(wrong)
                    print(f"FAILED {wrong[:500]}", flush=True)

    def is_busy(self):
        return any(thread.is_alive() for thread in self._threads)

    def join(self):
        for thread in self._threads:
            thread.join()
