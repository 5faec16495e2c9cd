"""PredictionService and ModelService over a registry of models."""

import functools
import logging
import time

import grpc
from google.protobuf import any_pb2
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_management_pb2,
    model_service_pb2_grpc,
    prediction_service_pb2_grpc,
    status_pb2,
)

from keras_iidgan.serving.errors import StatusError, invalid
from keras_iidgan.serving.monitoring import Registry
from keras_iidgan.serving.rest.limits import Limits
from keras_iidgan.serving.rpc import classify, predict
from keras_iidgan.serving.running import Runner

_log = logging.getLogger(__name__)
_MESSAGE_LIMIT = 1024  # bytes, as in the reference server
_SIGNATURE_DEF = "signature_def"


def truncate(message):
    """Cut an error message as the reference server does, so that it fits a header."""
    encoded = message.encode("utf-8", "replace")
    if len(encoded) <= _MESSAGE_LIMIT:
        return encoded.decode()
    return encoded[:_MESSAGE_LIMIT].decode("utf-8", "ignore") + "...TRUNCATED"


def _answered(method):
    """Turn what a method raises into the status of the call."""

    @functools.wraps(method)
    def handler(self, request, context):
        try:
            # Whoever waited in line for a thread until the deadline has been answered already.
            if context.is_active():
                return method(self, request)
            error = StatusError("CANCELLED", "the caller has gone")
        except StatusError as raised:
            error = raised
        except Exception as raised:
            _log.exception("%s failed", method.__name__)
            error = StatusError("INTERNAL", f"{type(raised).__name__}: {raised}")
        context.abort(grpc.StatusCode[error.code], truncate(error.message))

    return handler


def _counted(method):
    """Count the requests to a method, and time those that go well."""

    @functools.wraps(method)
    def handler(self, request):
        started, code = time.perf_counter(), "OK"
        try:
            return method(self, request)
        except StatusError as error:
            code = error.code
            raise
        except Exception:
            code = "INTERNAL"
            raise
        finally:
            seconds = time.perf_counter() - started
            name = request.model_spec.name
            self._metrics.observe(name, method.__name__, "GRPC", code, seconds)

    return handler


class PredictionService(prediction_service_pb2_grpc.PredictionServiceServicer):
    """Predict and its kin.

    Args:
        models: A `Models`.
        as_content: Whether answers have numbers as `tensor_content`.
        limits: The `Limits`, of which that of the rows counts.
        metrics: The `Registry` that counts the requests.
    """

    def __init__(self, models, as_content=False, limits=None, metrics=None):
        self._models = models
        self._as_content = as_content
        self._metrics = metrics or Registry()
        self._runner = Runner(limits or Limits(), self._metrics)

    @_answered
    @_counted
    def Predict(self, request):
        """Run a signature."""
        return predict.predict(self._models, request, self._runner, self._as_content)

    @_answered
    def GetModelMetadata(self, request):
        """Describe the signatures of a model."""
        if not request.HasField("model_spec"):
            raise invalid("Missing ModelSpec")
        if not request.metadata_field:
            raise invalid("GetModelMetadataRequest must specify at least one metadata_field")
        for field in request.metadata_field:
            if field != _SIGNATURE_DEF:
                raise invalid(f"Metadata field {field} is not supported")
        servable = predict.find(self._models, request)
        signatures = get_model_metadata_pb2.SignatureDefMap(
            signature_def=predict.definitions(servable)
        )
        packed = any_pb2.Any()
        packed.Pack(signatures)
        response = get_model_metadata_pb2.GetModelMetadataResponse(
            metadata={_SIGNATURE_DEF: packed}
        )
        predict.fill_spec(response.model_spec, request.model_spec.name, "", servable)
        return response

    @_answered
    @_counted
    def Classify(self, request):
        """Refuse, as no signature of a GAN is one for classification."""
        classify.classify(self._models, request)

    @_answered
    @_counted
    def Regress(self, request):
        """Refuse, as no signature of a GAN is one for regression."""
        classify.regress(self._models, request)

    @_answered
    def MultiInference(self, request):
        """Refuse, as `Classify` and `Regress` do."""
        classify.multi_inference(self._models, request)


class ModelService(model_service_pb2_grpc.ModelServiceServicer):
    """States of versions, and another list of models.

    Args:
        models: A `Models`.
        reload: Function that takes a `ModelServerConfig` and raises `StatusError`, or `None`.
    """

    def __init__(self, models, reload=None):
        self._models = models
        self._reload = reload

    @_answered
    def GetModelStatus(self, request):
        """List the states of a model's versions; a label is ignored."""
        if not request.HasField("model_spec"):
            raise invalid("Missing ModelSpec")
        spec = request.model_spec
        version = spec.version.value if spec.HasField("version") else None
        states = self._models.status(spec.name, version)
        return get_model_status_pb2.GetModelStatusResponse(
            model_version_status=[_state(status) for status in states]
        )

    @_answered
    def HandleReloadConfigRequest(self, request):
        """Serve another list of models."""
        if self._reload is None:
            raise StatusError("UNIMPLEMENTED", "this server's models cannot be configured anew")
        if request.config.WhichOneof("config") != "model_config_list":
            raise invalid(
                "ServerModelConfig type not supported by HandleReloadConfigRequest."
                " Only ModelConfigList is currently supported"
            )
        self._reload(request.config)
        return model_management_pb2.ReloadConfigResponse(
            status=status_pb2.StatusProto(error_code="OK")
        )


def _state(status):
    error = status_pb2.StatusProto(error_code=status.error_code, error_message=status.error_message)
    return get_model_status_pb2.ModelVersionStatus(
        version=status.version, state=status.state, status=error
    )
