"""gRPC as TensorFlow Serving has it; needs grpcio, TensorFlow and tensorflow-serving-api."""

import contextlib


class Stubs:
    """The calls of a server's gRPC interface.

    Args:
        address: "localhost:8500".
        timeout: Seconds to wait for an answer.

    Raises:
        ImportError: A package is missing.
    """

    def __init__(self, address, timeout=60.0):
        import grpc
        from tensorflow_serving.apis import prediction_service_pb2_grpc

        options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
        self.channel = grpc.insecure_channel(address, options)
        self._stub = prediction_service_pb2_grpc.PredictionServiceStub(self.channel)
        self._timeout = timeout

    def predict(self, model, signature, inputs):
        """Run a signature.

        Args:
            model: The model's name.
            signature: The signature's name; empty for `serving_default`.
            inputs: `{alias: array}`.

        Returns:
            `{alias: array}`.

        Raises:
            OSError: The server refuses or doesn't answer; has its code and message.
        """
        import tensorflow as tf
        from tensorflow_serving.apis import predict_pb2

        request = predict_pb2.PredictRequest()
        request.model_spec.name, request.model_spec.signature_name = model, signature
        for alias, array in inputs.items():
            request.inputs[alias].CopyFrom(tf.make_tensor_proto(array))
        with _as_os_error():
            answer = self._stub.Predict(request, timeout=self._timeout)
        return {alias: tf.make_ndarray(tensor) for alias, tensor in answer.outputs.items()}

    def signatures(self, model):
        """Return the names of a model's signatures; raises as `predict`."""
        from tensorflow_serving.apis import get_model_metadata_pb2

        request = get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=["signature_def"])
        request.model_spec.name = model
        with _as_os_error():
            answer = self._stub.GetModelMetadata(request, timeout=self._timeout)
        found = get_model_metadata_pb2.SignatureDefMap()
        answer.metadata["signature_def"].Unpack(found)
        return set(found.signature_def)


@contextlib.contextmanager
def _as_os_error():
    import grpc

    try:
        yield
    except grpc.RpcError as error:
        raise ConnectionError(f"{error.code().name}: {error.details()}") from error


def toy_checks(stubs):
    """List the checks of the model "toy".

    Args:
        stubs: `Stubs`.

    Returns:
        `{name: function to a fault or None}`.
    """
    import numpy as np

    one = np.array([1, 2], np.float32)

    def gives(signature, inputs, **wanted):
        found = stubs.predict("toy", signature, inputs)
        right = found.keys() == wanted.keys() and all(
            found[key].tolist() == value for key, value in wanted.items()
        )
        return None if right else f"expected {wanted}, got {found}"

    def refuses(part, *arguments):
        try:
            found = stubs.predict(*arguments)
        except ConnectionError as error:
            return None if part in str(error) else f"expected {part!r} in {str(error)!r}"
        return f"expected {part!r}, got {found}"

    pair = {"a": one, "b": one}
    unknown = 'FAILED_PRECONDITION: Serving signature key "nope" not found.'
    servable = "NOT_FOUND: Servable not found for request: Latest(nope)"
    missing = "INVALID_ARGUMENT: input size does not match signature: 1!=2"
    return {
        "grpc_predict": lambda: gives("", {"x": one}, y=[2.5, 3.0]),
        "grpc_predict_two_outputs": lambda: gives("pair", pair, sum=[2.0, 4.0], diff=[0.0, 0.0]),
        "grpc_unknown_signature": lambda: refuses(unknown, "toy", "nope", {"x": one}),
        "grpc_unknown_model": lambda: refuses(servable, "nope", "", {"x": one}),
        "grpc_missing_input": lambda: refuses(missing, "toy", "pair", {"a": one}),
        "grpc_metadata": lambda: _metadata_fault(stubs),
    }


def _metadata_fault(stubs):
    found = stubs.signatures("toy") - {"__saved_model_init_op"}
    wanted = {"serving_default", "pair", "total"}
    return None if found == wanted else f"expected {sorted(wanted)}, got {sorted(found)}"
