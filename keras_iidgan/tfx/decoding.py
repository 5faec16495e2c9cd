"""From the feature of tf.Examples that holds samples to arrays."""

import math

import numpy as np
import tensorflow as tf

from keras_iidgan.cli import UsageError
from keras_iidgan.signatures import png

_FILES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")  # How PNG and JPEG files begin.
_CHUNK = 1024


def samples(name, values, shape, image_size=0):
    """Decode samples.

    Args:
        name: of the feature, for messages.
        values: [N, D] float32, or [N] bytes: PNG or JPEG files, which are cut and resized to the
            shape; or raw bytes, row by row, of uint8 pixels or little-endian float32.
        shape: of one sample; None for what the first one has.
        image_size: height and width of files where the shape isn't given; 0 is those of the first.

    Returns:
        [N, *shape]: uint8 pixels of files and raw bytes of 8 bits, else float32.

    Raises:
        UsageError: names the feature and what is wrong with it.
    """
    if values.dtype != object:
        return _floats(name, values, shape)
    if all(value.startswith(_FILES) for value in values):
        return _of_files(name, values, shape or _file_shape(name, values[0], image_size))
    if any(value.startswith(_FILES) for value in values):
        raise UsageError(f"feature {name!r} must be image files in every example, or in none")
    return _raw(name, values, shape)


def _floats(name, values, shape):
    shape = shape or values.shape[1:]
    if values.shape[1] != math.prod(shape):
        raise UsageError(
            f"feature {name!r} must have {math.prod(shape)} floats, for shape {list(shape)}; "
            f"got {values.shape[1]}"
        )
    return values.reshape(-1, *shape)


def _file_shape(name, file, image_size):
    try:
        height, width, channels = tf.io.decode_image(file, expand_animations=False).shape
    except tf.errors.InvalidArgumentError:
        raise UsageError(f"feature {name!r} holds a broken image file: the first") from None
    channels = 1 if channels < 3 else 3
    return (image_size or height, image_size or width, channels)


def _of_files(name, files, shape):
    if len(shape) != 3 or shape[-1] not in (1, 3):
        raise UsageError(
            f"feature {name!r} has image files, which must be of shape [H, W, 1 or 3]; "
            f"got {list(shape)}"
        )
    decode = tf.function(lambda some: png.decode(some, shape), autograph=False)
    parts = []
    for start in range(0, len(files), _CHUNK):
        try:
            x = decode(tf.constant(list(files[start : start + _CHUNK]), tf.string)).numpy()
        except tf.errors.InvalidArgumentError as error:
            reason = error.message.partition("\n")[0]
            raise UsageError(f"feature {name!r} holds a broken image file: {reason}") from None
        parts.append(np.round((x + 1) * 127.5).astype(np.uint8))
    return np.concatenate(parts)


def _raw(name, values, shape):
    if shape is None:
        raise UsageError(
            f"feature {name!r} holds raw bytes, so custom_config must have their shape"
        )
    size, lengths = math.prod(shape), {len(value) for value in values}
    types = {size: np.dtype(np.uint8), 4 * size: np.dtype("<f4")}
    if len(lengths) > 1 or not lengths <= set(types):
        raise UsageError(
            f"feature {name!r} must have {size} bytes or {size} floats of 4 bytes in every "
            f"example, for shape {list(shape)}; got {min(lengths)} to {max(lengths)} bytes"
        )
    (length,) = lengths
    found = np.frombuffer(b"".join(values), types[length]).reshape(-1, *shape)
    return found if found.dtype == np.uint8 else found.astype(np.float32)
