"""Image files in the graph against the pictures of the project and the reader of its data sets."""

import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_iidgan import plots
from keras_iidgan.data import image_files
from keras_iidgan.signatures import png

WIDTH, HEIGHT = 37, 23


def opened(file):
    return np.asarray(Image.open(io.BytesIO(file)))


def test_every_pixel_comes_back_as_it_was():
    pixels = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1).repeat(3, axis=-1)
    x = pixels / np.float32(127.5) - 1
    (grey,), (colour,) = png.encode(x[..., :1]).numpy(), png.encode(x).numpy()
    np.testing.assert_array_equal(opened(grey), pixels[0, ..., 0])
    np.testing.assert_array_equal(opened(colour), pixels[0])
    for file, channels in ((grey, 1), (colour, 3), (grey, 3), (colour, 1)):
        found = png.decode(tf.constant([file]), (16, 16, channels)).numpy()
        np.testing.assert_allclose(found, x[..., :channels], atol=1e-6)


def test_what_no_pixel_has_is_drawn_as_pictures_draw_it():
    x = np.array([np.nan, np.inf, -np.inf, 1.7, -3, 0.2], np.float32).reshape(1, 2, 3, 1)
    (file,) = png.encode(x).numpy()
    expected = np.round(255 * plots.images.pixels("x", x))[0, ..., 0]
    np.testing.assert_array_equal(opened(file), expected)
    assert png.encode(x[:0]).shape == (0,)


def smooth(mode):
    """A picture without steps, so that one step of rounding stays one: every channel its own."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    waves = [np.sin(x / 9 + k) + np.cos(y / (7 + k)) for k in range(4)]
    channels = np.stack([127 + 60 * wave for wave in waves], axis=-1)
    if mode == "I;16":
        return Image.fromarray((channels[..., 0] * 257).astype(np.uint16))
    counts = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "P": 3}
    pixels = channels[..., : counts[mode]].astype(np.uint8)
    image = Image.fromarray(pixels.squeeze(), {"P": "RGB"}.get(mode, mode))
    return image.convert("P") if mode == "P" else image


FILES = [("png", mode) for mode in ("L", "LA", "RGB", "RGBA", "P", "I;16")]


@pytest.mark.filterwarnings("ignore:'mode' parameter is deprecated:DeprecationWarning")
@pytest.mark.parametrize(("suffix", "mode"), [*FILES, ("jpg", "L"), ("jpg", "RGB")])
@pytest.mark.parametrize("side", [8, 23, 40])
def test_files_are_read_as_by_the_data_sets(tmp_path, suffix, mode, side):
    path = tmp_path / f"image.{suffix}"
    smooth(mode).save(path)
    file = image_files.ImageFile(tmp_path, path.name, (0, 0))
    for channels in (1, 3):
        expected = image_files.read(file, side, is_grey=channels == 1).astype(int)
        found = png.decode(tf.constant([path.read_bytes()]), (side, side, channels)).numpy()[0]
        # Pillow rounds and clips between its two passes; the graph at the end alone.
        steps = np.abs((found + 1) * 127.5 - expected)
        assert steps.max() < 4.01 and steps.mean() < 0.5, channels


def test_the_centre_has_the_proportions_of_the_model():
    pixels = np.zeros([10, 30, 3], np.uint8)
    pixels[:, 10:20] = 255
    files = tf.stack([tf.io.encode_png(way) for way in (pixels, pixels.transpose(1, 0, 2))])
    assert (png.decode(files, (4, 4, 3)).numpy() == 1).all()
    across = png.decode(files[:1], (2, 6, 1)).numpy()[0, ..., 0]
    np.testing.assert_allclose(across[0], [-1, -1, 1, 1, -1, -1], atol=0.2)
    assert png.decode(tf.constant([], tf.string), (4, 5, 3)).shape == (0, 4, 5, 3)


def bomb():
    """The head of a PNG that says it has 2^16 x 2^16 pixels."""
    head = tf.io.encode_png(np.zeros([1, 1, 1], np.uint8)).numpy()
    return head[:16] + b"\0\1\0\0" * 2 + head[24:]


def whole(encode):
    return encode(np.random.default_rng(0).integers(0, 256, (9, 9, 3)).astype(np.uint8)).numpy()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: b"", "image_bytes must be PNG or JPEG files"),
        (lambda: b"GIF89a", "image_bytes must be PNG or JPEG files"),
        (lambda: whole(tf.io.encode_png)[:8], "Invalid PNG"),
        (lambda: whole(tf.io.encode_png)[:60], "Invalid PNG"),
        (lambda: whole(tf.io.encode_jpeg)[:4], "Invalid JPEG"),
        (lambda: whole(tf.io.encode_jpeg)[:-40], "Invalid JPEG"),
        (bomb, f"image_bytes must have at most {png.MOST_PIXELS} pixels"),
    ],
)
def test_what_is_no_image_is_the_clients_mistake(make, message):
    good = whole(tf.io.encode_png)
    decode = tf.function(lambda files: png.decode(files, (4, 4, 3)), autograph=False)
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        decode(tf.constant([good, make()]))
