"""The transport over gRPC; it needs the package grpcio."""

import grpc
from google.protobuf import json_format

from keras_iidgan.serving.client.address import read
from keras_iidgan.serving.client.errors import ServingError
from keras_iidgan.serving.client.messages import CLASSES
from keras_iidgan.serving.client.tensors import from_proto, to_proto
from keras_iidgan.serving.errors import HTTP_STATUS

_SERVICE = "/tensorflow.serving."
_SIGNATURES = "signature_def"
# Codes that a call may have without a word of the server.
_OWN = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
_OPTIONS = [
    ("grpc.max_receive_message_length", -1),  # 4 MiB by default: few images.
    ("grpc.max_send_message_length", -1),
    # A lost connection is taken up again as often as a call is tried again.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1000),
]


class RpcTransport:
    """Carries arrays as TensorFlow Serving's own messages, on one connection that stays.

    Args:
        address: An `Address`.
        timeout: Seconds that a call may take.
        token: Bearer token, or `None`.
        ca_file: Certificates, PEM, that are trusted instead of the system's, or `None`.

    Raises:
        ValueError: The file cannot be read.
    """

    needs_types = True

    def __init__(self, address, timeout, token=None, ca_file=None):
        self.url = address.url
        self._model = address.model
        self._timeout = timeout
        self._metadata = [("authorization", f"Bearer {token}")] if token else []
        if address.is_secure:
            root = read("ca_file", ca_file) if ca_file else None
            credentials = grpc.ssl_channel_credentials(root)
            self._channel = grpc.secure_channel(address.host, credentials, _OPTIONS)
        else:
            self._channel = grpc.insecure_channel(address.host, _OPTIONS)

    def predict(self, inputs, signature_name):
        """Run a signature; see the package."""
        request = self._request("Predict")
        request.model_spec.signature_name = signature_name
        for alias, value in inputs.items():
            request.inputs[alias].CopyFrom(to_proto(value))
        response = self._call("PredictionService", "Predict", request)
        try:
            outputs = {
                alias: from_proto(proto) for alias, proto in sorted(response.outputs.items())
            }
        except ValueError as error:
            raise ServingError(f"{self.url} sent what cannot be read: {error}") from None
        return outputs if len(outputs) != 1 else next(iter(outputs.values()))

    def status(self):
        """List the model's versions."""
        response = self._call("ModelService", "GetModelStatus", self._request("GetModelStatus"))
        return _json(response).get("model_version_status", [])

    def metadata(self):
        """Describe the model's signatures."""
        request = self._request("GetModelMetadata")
        request.metadata_field.append(_SIGNATURES)
        response = self._call("PredictionService", "GetModelMetadata", request)
        signatures = CLASSES["SignatureDefMap"]()
        response.metadata[_SIGNATURES].Unpack(signatures)
        return {
            "model_spec": _json(response.model_spec),
            "metadata": {_SIGNATURES: _json(signatures)},
        }

    def close(self):
        """End the connection."""
        self._channel.close()

    def _request(self, method):
        request = CLASSES[f"{method}Request"]()
        request.model_spec.name = self._model
        return request

    def _call(self, service, method, request):
        call = self._channel.unary_unary(
            f"{_SERVICE}{service}/{method}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=CLASSES[f"{method}Response"].FromString,
        )
        try:
            return call(request, timeout=self._timeout, metadata=self._metadata)
        except grpc.RpcError as error:
            code = error.code()
            message = error.details() or code.name
            if code in _OWN:
                message = f"{self.url}: {' '.join(message.split())}"
            is_temporary = code is grpc.StatusCode.UNAVAILABLE
            raise ServingError(message, HTTP_STATUS[code.name], is_temporary) from None


def _json(message):
    return json_format.MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )
