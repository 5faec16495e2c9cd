"""Serving: the REST server's parts, and a client.

Imported here is nothing: the client needs no TensorFlow, and the codec and the registry of models
are of use without a server.
"""


def __getattr__(name):
    if name in ("Client", "ServingError"):
        from keras_iidgan.serving import client

        return getattr(client, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return ["Client", "ServingError"]
