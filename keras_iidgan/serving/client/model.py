"""A client of any served model, over either transport."""

import importlib.util

import numpy as np

from keras_iidgan.serving.client import address, signatures
from keras_iidgan.serving.client.errors import ServingError
from keras_iidgan.serving.client.rest import RestTransport
from keras_iidgan.serving.client.retries import Retries


class ModelClient:
    """Calls a served model with NumPy arrays.

    Several threads may share one. Over gRPC it holds a connection, which `close`, or leaving a
    `with` block, ends.

    Args:
        url: Of the server, "http://localhost:8501" or "grpc://localhost:8500" (https and grpcs
            with TLS), or of the model on it, "http://localhost:8501/v1/models/iidgan_ring".
        model: The model's name, where the URL does not have it.
        timeout: Seconds that a call may take; it counts anew for every retry and every chunk.
        token: Bearer token that the server asks for.
        token_file: Path of a file whose first line is that token, instead of `token`.
        ca_file: Certificates, PEM, that are trusted instead of the system's.
        chunk: Most rows of a request; what has more is sent in several, one after the other. By
            default all rows go in one, and a server with a limit below that refuses them.
        retries: A `Retries`; by default three, within 30 seconds.

    Raises:
        ValueError: An argument is wrong, or gRPC is asked for and grpcio is not installed.
    """

    def __init__(
        self,
        url,
        model=None,
        timeout=30.0,
        *,
        token=None,
        token_file=None,
        ca_file=None,
        chunk=None,
        retries=None,
    ):
        place = address.parse(url, model)
        if not timeout > 0:
            raise ValueError(f"timeout: expected a number above 0, got {timeout!r}")
        if chunk is not None and chunk < 1:
            raise ValueError(f"chunk: expected at least 1, got {chunk!r}")
        if ca_file is not None and not place.is_secure:
            raise ValueError(f"ca_file: expected an https or grpcs url with it, got {url!r}")
        self.model, self.url = place.model, place.url
        token = address.read_token(token, token_file)
        self._transport = _transport(place)(place, timeout, token, ca_file)
        self._chunk = chunk
        self._retries = Retries() if retries is None else retries
        self._known = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """End the connection, if there is one."""
        self._transport.close()

    def status(self):
        """List the model's versions: dicts with `version`, `state` and `status`."""
        return self._retries.call(self._transport.status)

    def metadata(self):
        """Return the version and the signatures, as the server describes them."""
        return self._retries.call(self._transport.metadata)

    def signatures(self):
        """Return `{name: Signature}`, with the types and shapes of inputs and outputs by alias."""
        try:
            return signatures.read(self.metadata())
        except (KeyError, TypeError, ValueError) as error:
            message = f"{self.url} did not describe its signatures as TensorFlow Serving does"
            raise ServingError(message) from error

    def predict(self, inputs, signature_name="serving_default"):
        """Run any signature.

        Args:
            inputs: `{alias: array}`, or the array alone where the signature has one input. Over
                gRPC the signature's types are asked for once, and numbers converted to them.
            signature_name: The signature's name.

        Returns:
            `{alias: array}`, or the array alone where the signature has one output. Over gRPC
            they have their types, strings being `bytes` objects. JSON has no types: there, decimal
            numbers become float32, integers int64, strings `str` and base64 data `bytes` objects.

        Raises:
            ServingError: The server refused, with its message; or there is no server.
            ValueError: Over gRPC, an input is of another kind than the signature's.
        """
        if self._transport.needs_types:
            inputs = signatures.typed(inputs, self._signature(signature_name))
        return self._retries.call(self._transport.predict, inputs, signature_name)

    def _signature(self, name):
        """Return a signature, or `None`; a name that is new may be of a new version."""
        if self._known is None or name not in self._known:
            self._known = self.signatures()
        return self._known.get(name)

    def _run(self, signature_name, inputs, alias):
        """Run a signature on typed arrays with one row for each row of the answer, in chunks.

        Where a server sends one output bare, it gets the name `alias`.
        """
        rows = len(next(iter(inputs.values())))
        size = self._chunk or rows
        parts = []
        for i in range(0, rows, size):
            part = {name: array[i : i + size] for name, array in inputs.items()}
            outputs = self._retries.call(self._transport.predict, part, signature_name)
            parts.append(outputs if isinstance(outputs, dict) else {alias: outputs})
        if len(parts) == 1:
            return parts[0]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def _of(self, outputs, alias, signature_name):
        """Return the output of an alias."""
        if alias not in outputs:
            raise ServingError(
                f"{self.url}: expected output {alias!r} of signature {signature_name!r},"
                f" got {', '.join(outputs)}"
            )
        return outputs[alias]


def _transport(place):
    if not place.is_rpc:
        return RestTransport
    if importlib.util.find_spec("grpc") is None:
        raise ValueError(
            f"url: {place.scheme}:// needs the package grpcio (pip install 'keras-iidgan[serving]')"
        )
    from keras_iidgan.serving.client.rpc import RpcTransport

    return RpcTransport
