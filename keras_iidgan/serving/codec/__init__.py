"""JSON text to tensors and back, as the REST interface of TensorFlow Serving has it.

Nothing here knows of sessions, of HTTP or of TensorFlow: tensors are NumPy arrays, and types
are named as `tf.DType.name` names them ("float32", "string", "bfloat16").
"""

from keras_iidgan.serving.codec.examples import parse_examples
from keras_iidgan.serving.codec.request import PredictRequest, parse_predict
from keras_iidgan.serving.codec.response import format_predict

__all__ = ["PredictRequest", "format_predict", "parse_examples", "parse_predict"]
