"""Images in [-1, 1] to PNG files, and image files to images in [-1, 1], as operations."""

import tensorflow as tf

MOST_PIXELS = 2**24  # Of a file: to decode them takes 400 MB, whatever the size of the file.
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601, as Pillow has it.


def encode(x):
    """Write each image as a PNG of 8 bits.

    A pixel p/127.5 - 1 becomes p again. Values outside of [-1, 1] are clipped; what isn't finite
    is black.

    Args:
        x: [N, H, W, 1 or 3] float32.

    Returns:
        [N] strings.
    """
    x = tf.where(tf.math.is_finite(x), x, -1.0)
    pixels = tf.round((tf.clip_by_value(x, -1.0, 1.0) + 1) * 127.5)
    return tf.io.encode_png(tf.cast(pixels, tf.uint8))


def decode(files, shape):
    """Read image files as the data sets of image files do.

    The centre of the model's proportions is cut out and resized by the bicubic filter, a = -0.5,
    widened by the factor of the reduction. 16 bits become 8; what is transparent, black; colours
    for a model of one channel, grey; grey for one of three, colours. The orientation that an EXIF
    header states is not applied.

    Args:
        files: [N] strings, PNG or JPEG.
        shape: (H, W, 1 or 3) of the result.

    Returns:
        [N, H, W, C] float32.

    Raises:
        InvalidArgumentError: when run, for another kind of file, a broken one, or one of more
            than `MOST_PIXELS` pixels.
    """
    return tf.map_fn(
        lambda file: _image(file, *shape),
        files,
        fn_output_signature=tf.TensorSpec(shape, tf.float32),
        parallel_iterations=1,  # For the sake of memory.
    )


def _image(file, height, width, channels):
    pixels = _channels(_centre(_pixels(file), height, width), channels)
    resized = tf.image.resize(pixels, [height, width], "bicubic", antialias=True)
    return tf.clip_by_value(tf.round(resized), 0.0, 255.0) / 127.5 - 1


def _pixels(file):
    """Decode to [h, w, 1 to 4] uint8, of which an even number of channels ends in opacity."""
    is_png = tf.strings.substr(file, 0, len(_PNG)) == _PNG
    is_jpeg = tf.strings.substr(file, 0, len(_JPEG)) == _JPEG
    known = tf.debugging.Assert(is_png | is_jpeg, ["image_bytes must be PNG or JPEG files"])
    with tf.control_dependencies([known]):
        size = tf.cond(is_png, lambda: _png_size(file), lambda: _jpeg_size(file))
    fits = tf.reduce_prod(size) <= MOST_PIXELS
    message = f"image_bytes must have at most {MOST_PIXELS} pixels"
    with tf.control_dependencies([tf.debugging.Assert(fits, [message])]):
        return tf.cond(
            is_png,
            lambda: tf.io.decode_png(file, channels=0),
            lambda: tf.io.decode_jpeg(file, channels=0, dct_method="INTEGER_ACCURATE"),
        )


def _png_size(file):
    # The first chunk holds them. The zeros keep a file that is cut short from an error here.
    head = tf.strings.substr(tf.strings.join([file, "\0" * 24]), 16, 8)
    return tf.cast(tf.io.decode_raw(head, tf.int32, little_endian=False), tf.int64)


def _jpeg_size(file):
    return tf.image.extract_jpeg_shape(file, tf.int64)[:2]


def _centre(pixels, height, width):
    """Cut the largest part of the proportions height to width out of the centre."""
    size = tf.shape(pixels, tf.int64)[:2]
    cut = tf.stack([size[1] * height // width, size[0] * width // height])
    cut = tf.clip_by_value(cut, 1, size)
    top, left = tf.unstack((size - cut) // 2)
    return pixels[top : top + cut[0], left : left + cut[1]]


def _channels(pixels, channels):
    """Lay [h, w, 1 to 4] uint8 over black, and return [h, w, 1 or 3] float32."""
    count = tf.shape(pixels)[-1]
    pixels = tf.cast(pixels, tf.float32)
    opaque = tf.where(count % 2 == 0, pixels[..., -1:] / 255, 1.0)
    colours = tf.round(pixels[..., : count - (1 - count % 2)] * opaque) * tf.ones([3])
    if channels == 3:
        return colours
    return tf.round(tf.reduce_sum(colours * _LUMA, axis=-1, keepdims=True))
