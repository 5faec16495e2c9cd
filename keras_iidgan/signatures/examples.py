"""The signature that takes serialized tf.Examples, as pipelines pass them on."""

import functools

import tensorflow as tf

from keras_iidgan.signatures import plain, png
from keras_iidgan.signatures.parts import error


def feature(parts):
    """Return the name and the spec of the one feature that is read of an example.

    Of grey and colour images it is `image`, one PNG or JPEG file, as TensorFlow Datasets stores
    them. Of everything else it is `x`, a list of floats, a sample row by row.
    """
    if parts.is_image:
        return "image", tf.io.FixedLenFeature([], tf.string)
    return "x", tf.io.FixedLenFeature(parts.data_shape, tf.float32)


def signatures(parts):
    """Return `examples`, which inverts; other features, as a label, are passed over."""
    if parts.encoder is None:
        return {}
    serialized = tf.TensorSpec([None], tf.string, name="examples")
    return {"examples": (functools.partial(_examples, parts), [serialized])}


def _examples(parts, serialized):
    name, spec = feature(parts)
    x = tf.io.parse_example(serialized, {name: spec})[name]
    if parts.is_image:
        x = png.decode(x, parts.data_shape)
    outputs = plain.invert(parts, x)
    label = [outputs["label"]] if "label" in outputs else []
    return outputs | {"error": error(x, parts.generate(outputs["z"], *label))}
