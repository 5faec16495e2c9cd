"""Requests that a version has answered before it is AVAILABLE, so that no client waits for them.

The file lies in the version's folder, as TensorFlow Serving has it: TFRecords of `PredictionLog`.
"""

import logging
import pathlib

from keras_iidgan.serving.errors import StatusError, invalid
from keras_iidgan.serving.loading import tf_records

FILE = pathlib.PurePath("assets.extra", "tf_serving_warmup_requests")
MAX_RECORDS = 1000

_log = logging.getLogger(__name__)


def replay(servable, path, iterations=1):
    """Run the warm-up requests of a version.

    Args:
        servable: The version, see `registry.models`.
        path: The version's folder; it need not have the file.
        iterations: How often each request is run; below 1 counts as 1.

    Returns:
        The number of records.

    Raises:
        StatusError: A record can't be read or parsed, a request fails, or there are too many.
    """
    file = pathlib.Path(path) / FILE
    if not file.is_file():
        return 0
    try:
        from tensorflow_serving.apis import prediction_log_pb2
    except ImportError:
        _log.warning("%s is left out: it needs pip install 'keras-iidgan[serving]'", file)
        return 0
    count = 0
    for data in _records(file):
        count += 1
        if count > MAX_RECORDS:
            message = f"Number of warmup records exceeds the maximum ({MAX_RECORDS}) at {file}"
            raise invalid(message)
        name, inputs = request(_parse(prediction_log_pb2.PredictionLog(), data, file))
        for _ in range(max(iterations, 1)):
            servable.run(name, inputs)
    return count


def _records(file):
    try:
        yield from tf_records.read(file)
    except StatusError as error:
        message = f"{error.message}. Please verify your warmup data is in TFRecord format."
        raise StatusError(error.code, message) from error


def _parse(log, data, file):
    from google.protobuf.message import DecodeError

    try:
        log.ParseFromString(data)
    except DecodeError:
        raise invalid(f"Failed to parse warmup record: {data[:64]!r} from {file}") from None
    return log


def request(log):
    """Return the signature's name and `{alias: array}` of a `PredictionLog`."""
    import tensorflow as tf

    kind = log.WhichOneof("log_type")
    if kind != "predict_log":
        message = f"Unsupported log_type for warmup: {kind or 'none'}; only predict_log is served"
        raise StatusError("UNIMPLEMENTED", message)
    request = log.predict_log.request
    try:
        inputs = {alias: tf.make_ndarray(proto) for alias, proto in request.inputs.items()}
    except (TypeError, ValueError) as error:
        raise invalid(f"tensor parsing error: {error}") from error
    return request.model_spec.signature_name, inputs
