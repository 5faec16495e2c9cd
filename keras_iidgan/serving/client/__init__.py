"""A client of served GANs, of this package's server and of TensorFlow Serving, by REST and gRPC.

`gan` has the client, with the words of a GAN; `rest` and `rpc` carry arrays to a server and back.
A transport is any object with

    url                     what it calls, for messages
    needs_types             whether arrays must have the signature's types when they are sent
    predict(inputs, name)   {alias: array} to {alias: array}, or to the array alone where it is one;
                            sorted, for maps of protos have no order
    status(), metadata()    the JSON of the REST interface
    close()

It raises `ServingError`. Neither TensorFlow nor its protos are imported, which takes seconds:
a client is there at once.
"""

from keras_iidgan.serving.client.errors import ServingError
from keras_iidgan.serving.client.gan import Client
from keras_iidgan.serving.client.retries import Retries

__all__ = ["Client", "Retries", "ServingError"]
