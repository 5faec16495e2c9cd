"""SavedModels small enough to reason about: the fixture of vectors.json, and a GAN of lines."""

import contextlib
import socket
import threading

import tensorflow as tf


def spec(dtype, name, shape=None):
    return tf.TensorSpec(shape, dtype, name=name)


def function(*specs):
    return tf.function(input_signature=specs)


class Toy(tf.Module):
    """What vectors.json calls "toy"."""

    @function(spec(tf.float32, "x"))
    def serving_default(self, x):
        return {"y": 0.5 * x + 2.0}

    @function(spec(tf.float32, "a", [None]), spec(tf.float32, "b", [None]))
    def pair(self, a, b):
        return {"sum": a + b, "diff": a - b}

    @function(spec(tf.float32, "x", [None]))
    def total(self, x):
        return {"t": tf.reduce_sum(x)}


class LineGan(tf.Module):
    """G(z) = 2 z + 1 and its inverse, [N, 2] both, with every signature of an export."""

    def __init__(self):
        super().__init__()
        self.scale = tf.Variable(2.0)

    def _generate(self, z):
        return self.scale * tf.ensure_shape(z, [None, 2]) + 1.0

    def _invert(self, x):
        return (tf.ensure_shape(x, [None, 2]) - 1.0) / self.scale

    @function(spec(tf.float32, "z", [None, 2]))
    def serving_default(self, z):
        return {"x": self._generate(z)}

    @function(spec(tf.int64, "seed", [None]))
    def sample(self, seed):
        z = tf.cast(seed[:, tf.newaxis] * tf.constant([[1, 10]], tf.int64), tf.float32)
        return {"x": self._generate(z), "z": z}

    @function(spec(tf.float32, "x", [None, 2]))
    def invert(self, x):
        return {"z": self._invert(x)}

    @function(spec(tf.float32, "x", [None, 2]))
    def reconstruct(self, x):
        z = self._invert(x)
        return {"x": self._generate(z), "z": z, "error": tf.zeros_like(x[:, 0])}

    @function(spec(tf.float32, "x", [None, 2]))
    def score(self, x):
        norm = tf.reduce_sum(self._invert(x) ** 2, axis=1)
        return {"logit": x[:, 0], "squared_norm": norm, "error": tf.zeros_like(norm)}

    @function(spec(tf.string, "text"))
    def picture(self, text):
        return {"png_bytes": text}

    @function(spec(tf.float32, "x"))
    def reciprocal(self, x):
        return {"y": 1.0 / x}

    @function(spec(tf.float32, "x"))
    def product(self, x):
        return {"y": tf.matmul(x, tf.ones([3, 1]))}


def save(module, path, names):
    signatures = {name: getattr(module, name) for name in names}
    tf.saved_model.save(module, str(path), signatures=signatures)


def save_toy(path):
    save(Toy(), path, ("serving_default", "pair", "total"))


LINE_GAN = "serving_default sample invert reconstruct score picture reciprocal product".split()


def save_line_gan(path):
    save(LineGan(), path, LINE_GAN)


@contextlib.contextmanager
def serve(application, **options):
    """Serve an ASGI application on a free port, with options of uvicorn's; yields the port."""
    import uvicorn

    listener = socket.create_server(("127.0.0.1", 0))
    options = {"lifespan": "off", "http": "h11", "ws": "none", "log_level": "error"} | options
    config = uvicorn.Config(application, **options)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
