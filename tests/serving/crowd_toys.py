"""A servable that takes its time and gives long answers, and one who asks it."""

import http.client
import threading

import numpy as np

from keras_iidgan.serving.registry.models import Models, Signature, TensorSpec


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


def registry(servable):
    models = Models()
    models.add("m", servable)
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


def predict_text(length):
    path, body = predict(length)
    return path.decode(), body
