"""Samples out of files of tf.Examples."""

import io

import numpy as np
import pytest
import toy_examples
from PIL import Image

from keras_iidgan.cli import UsageError
from keras_iidgan.tfx import reading


def file_of(pixels, form):
    with io.BytesIO() as buffer:
        Image.fromarray(pixels).save(buffer, form)
        return buffer.getvalue()


@pytest.fixture
def pixels():
    """Five images [5, 6, 6, 3] uint8."""
    return np.random.default_rng(0).integers(256, size=(5, 6, 6, 3)).astype(np.uint8)


def read(folder, rows, **options):
    return reading.read("train", [toy_examples.write(folder, "train", rows)], **options)


@pytest.mark.parametrize("zipped", [True, False])
def test_floats_and_labels(tmp_path, zipped):
    x = np.random.default_rng(0).normal(size=(2500, 3)).astype(np.float32)
    rows = [toy_examples.example(x=row, label=number % 4) for number, row in enumerate(x)]
    found = reading.read("train", [toy_examples.write(tmp_path, "train", rows, zipped)])
    np.testing.assert_array_equal(found.x, x)
    np.testing.assert_array_equal(found.labels, np.arange(2500) % 4)
    assert not found.is_image


def test_labels_may_be_left_out(tmp_path):
    rows = [toy_examples.example(x=[1.0], label=2)]
    assert read(tmp_path, rows, with_labels=False).labels is None


def test_png_files_come_back_bit_for_bit(tmp_path, pixels):
    rows = [toy_examples.example(image=file_of(image, "PNG")) for image in pixels]
    found = read(tmp_path, rows)
    assert found.is_image and found.x.dtype == np.uint8
    np.testing.assert_array_equal(found.x, pixels)


def test_jpeg_files_come_in_the_size_that_is_asked_for(tmp_path):
    flat = [np.full((16, 16, 3), level, np.uint8) for level in (0, 100, 200)]
    rows = [toy_examples.example(image=file_of(image, "JPEG")) for image in flat]
    x = read(tmp_path, rows, image_size=8).x
    assert x.shape == (3, 8, 8, 3)
    for image, level in zip(x, (0, 100, 200), strict=True):
        assert np.abs(image.astype(int) - level).max() <= 2


def test_raw_bytes_are_pixels_or_floats_by_their_number(tmp_path, pixels):
    floats = np.random.default_rng(1).normal(size=(4, 6)).astype("<f4")
    rows = [toy_examples.example(image=image.tobytes()) for image in pixels]
    np.testing.assert_array_equal(read(tmp_path / "a", rows, shape=(6, 6, 3)).x, pixels)
    rows = [toy_examples.example(x=row.tobytes()) for row in floats]
    np.testing.assert_array_equal(read(tmp_path / "b", rows, shape=(6,)).x, floats)


def test_floats_take_the_shape_that_is_given(tmp_path):
    rows = [toy_examples.example(image=np.arange(4) / 4) for _ in range(3)]
    found = read(tmp_path, rows, shape=(2, 2, 1))
    assert found.x.shape == (3, 2, 2, 1) and found.is_image


def test_an_empty_split_is_named(tmp_path):
    with pytest.raises(UsageError, match="the split 'train' of the examples is empty"):
        read(tmp_path, [])


def schema(**features):
    """A schema of `name=type` as far as it is read: 1 bytes, 2 integers, 3 floats."""
    import types

    made = [types.SimpleNamespace(name=name, type=kind) for name, kind in features.items()]
    return types.SimpleNamespace(feature=made)


png = file_of(np.zeros((4, 4, 3), np.uint8), "PNG")


@pytest.mark.parametrize(
    ("rows", "options", "said"),
    [
        ([{"y": [1.0]}], {}, "must have a feature 'x' or 'image'; they have y"),
        ([{"x": 3}], {}, "feature 'x' must be floats or bytes; the schema has integers"),
        ([{"x": [1.0], "label": [0.5]}], {}, "feature 'label' must be an integer"),
        ([{"x": [1.0, 2.0]}, {"x": [1.0]}], {}, "the split 'train' doesn't fit its schema: "),
        ([{"x": [1.0]}, {"y": [1.0]}], {}, "the split 'train' doesn't fit its schema: "),
        ([{"x": [1.0]}], {"shape": (2,)}, r"'x' must have 2 floats, for shape \[2\]; got 1"),
        ([{"x": b"abc"}], {}, "feature 'x' holds raw bytes, so custom_config must have their"),
        ([{"x": b"abc"}], {"shape": (2,)}, "must have 2 bytes or 2 floats .* got 3 to 3 bytes"),
        ([{"image": png}, {"image": b"?"}], {}, "must be image files in every example, or in none"),
        ([{"image": png[:60]}], {}, "feature 'image' holds a broken image file"),
        ([{"image": png}, {"image": png[:60]}], {}, "feature 'image' holds a broken image file"),
        ([{"x": [1.0]}], {"schema": schema(x=2)}, "floats or bytes; the schema has integers"),
        ([{"y": [1.0]}], {"schema": schema(x=3)}, "has no feature 'x', as the schema says"),
        ([{"x": [1.0]}], {"schema": schema(x=1)}, "the split 'train' doesn't fit its schema: "),
    ],
)
def test_a_mistake_is_one_line(tmp_path, rows, options, said):
    with pytest.raises(UsageError, match=said) as caught:
        read(tmp_path, [toy_examples.example(**row) for row in rows], **options)
    assert "\n" not in str(caught.value)
