"""The signatures that put out and take image files, of models of grey or colour images."""

import functools

import tensorflow as tf

from keras_iidgan.signatures import plain, png


def signatures(parts):
    """Return `generate_png`, `sample_png` and `invert_png`.

    The output is called `image_bytes`, by whose ending a REST server knows to send base64.
    """
    if not parts.is_image:
        return {}
    bound = functools.partial
    seed = tf.TensorSpec([None], tf.int64, name="seed")
    found = {
        "generate_png": (bound(_generate_png, parts), [parts.z(), *parts.label]),
        "sample_png": (bound(_sample_png, parts), [seed, *parts.label]),
    }
    if parts.encoder is not None:
        files = tf.TensorSpec([None], tf.string, name="image_bytes")
        found["invert_png"] = (bound(_invert_png, parts), [files])
    return found


def _generate_png(parts, z, *label):
    return {"image_bytes": png.encode(parts.generate(z, *label))}


def _sample_png(parts, seed, *label):
    outputs = plain.sample(parts, seed, *label)
    return {"image_bytes": png.encode(outputs.pop("x"))} | outputs


def _invert_png(parts, image_bytes):
    return plain.invert(parts, png.decode(image_bytes, parts.data_shape))
