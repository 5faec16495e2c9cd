"""Warm-up records: requests that a server runs on a model before it serves it.

TensorFlow Serving finds them in `assets.extra/tf_serving_warmup_requests` of a SavedModel, as
serialized `PredictionLog` messages in a TFRecord file. The messages are those of the package
tensorflow-serving-api, which the extra `serving` installs.
"""

import collections
import importlib.util
import pathlib

import numpy as np

from keras_iidgan.serving.loading.warmup import FILE, request


def is_possible():
    """Say whether the messages are installed."""
    return importlib.util.find_spec("tensorflow_serving") is not None


def write(path, model_name, feeds):
    """Write a request for each signature.

    Args:
        path: folder of the SavedModel.
        model_name: what the requests call the model; servers look at the signature alone.
        feeds: `{"signature|input": array}`.

    Returns:
        Path of the file.
    """
    import tensorflow as tf

    file = pathlib.Path(path) / FILE
    file.parent.mkdir()
    requests = collections.defaultdict(dict)
    for key, value in feeds.items():
        name, alias = key.split("|")
        requests[name][alias] = value
    with tf.io.TFRecordWriter(str(file)) as writer:
        for name, inputs in requests.items():
            writer.write(_log(model_name, name, inputs).SerializeToString())
    return file


def read(file):
    """Read what `write` wrote: `{"signature|input": array}`.

    Raises:
        ImportError: if the messages aren't installed.
        tensorflow.errors.DataLossError: if the file is damaged.
    """
    import tensorflow as tf
    from tensorflow_serving.apis import prediction_log_pb2

    feeds = {}
    for record in tf.data.TFRecordDataset(str(file)).as_numpy_iterator():
        name, inputs = request(prediction_log_pb2.PredictionLog.FromString(record))
        feeds |= {f"{name}|{alias}": value for alias, value in inputs.items()}
    return feeds


def _log(model_name, signature_name, inputs):
    import tensorflow as tf
    from tensorflow_serving.apis import prediction_log_pb2

    log = prediction_log_pb2.PredictionLog()
    made = log.predict_log.request
    made.model_spec.name = model_name
    made.model_spec.signature_name = signature_name
    for alias, value in inputs.items():
        made.inputs[alias].CopyFrom(tf.make_tensor_proto(np.asarray(value)))
    return log
