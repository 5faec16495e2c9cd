"""The batches as a function of seed and step."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan.data import base
from keras_iidgan.training import pipeline

SIZE = 10


def numbered(size=SIZE):
    """Rows that say which they are."""
    return np.arange(size, dtype=np.float32)[:, None] * [1, -1]


def taken(count, batch_size=4, size=SIZE, **options):
    """The row numbers of the first `count` batches."""
    dataset = pipeline.batches(numbered(size), batch_size, **options)
    batches = [batch.numpy() for batch in itertools.islice(dataset, count)]
    for batch in batches:
        assert batch.shape == (batch_size, 2)
        np.testing.assert_array_equal(batch[:, 0], -batch[:, 1])  # Rows stay whole.
    return [list(batch[:, 0].astype(int)) for batch in batches]


def test_each_epoch_is_a_permutation_and_batches_span_epochs():
    batches = taken(10)  # 40 rows of 10: four epochs, the third batch begins in one, ends in two.
    stream = list(itertools.chain.from_iterable(batches))
    epochs = [tuple(stream[i : i + SIZE]) for i in range(0, 40, SIZE)]
    assert all(sorted(epoch) == list(range(SIZE)) for epoch in epochs)
    assert len(set(epochs)) == 4


@pytest.mark.parametrize("first_step", [1, 7, 31, 32, 33, 100])
def test_a_first_step_continues_exactly(first_step):
    assert taken(40, first_step=first_step) == taken(first_step + 40)[first_step:]


def test_a_late_step_comes_at_once_and_is_still_of_a_permutation():
    late = 2_500_000_000  # Beyond 32 bits, a multiple of the steps in five epochs.
    stream = list(itertools.chain.from_iterable(taken(5, first_step=late)))
    assert sorted(stream) == sorted([*range(SIZE), *range(SIZE)])


def test_the_seed_decides():
    assert taken(5, seed=1) == taken(5, seed=1)
    assert taken(5, seed=1) != taken(5, seed=2)


def test_a_batch_may_be_a_whole_epoch_and_an_epoch_a_row():
    assert all(sorted(batch) == list(range(SIZE)) for batch in taken(4, batch_size=SIZE))
    assert taken(3, batch_size=1, size=1) == [[0], [0], [0]]


def test_rows_are_shuffled_beyond_their_neighbours():
    stream = np.array(taken(10, batch_size=100, size=1000)).ravel()
    correlation = np.corrcoef(stream, np.arange(1000))[0, 1]
    assert abs(correlation) < 4 / np.sqrt(1000)


def test_batches_have_a_static_shape_and_keep_their_dtype():
    dataset = pipeline.batches(np.zeros([9, 8, 8, 3], np.float32), 4)
    assert dataset.element_spec == tf.TensorSpec([4, 8, 8, 3], tf.float32)


def test_stored_pixels_are_scaled_as_the_data_set_scales_them():
    stored = np.arange(256, dtype=np.uint8).reshape(16, 4, 4, 1)
    (batch,) = itertools.islice(pipeline.batches(stored, 16), 1)
    order = np.argsort(batch.numpy()[:, 0, 0, 0])
    np.testing.assert_array_equal(batch.numpy()[order], base.pixels(stored))
    assert (batch.numpy().min(), batch.numpy().max()) == (-1, 1)


@pytest.mark.parametrize("batch_size", [0, -1, 11])
def test_a_batch_that_the_data_cannot_fill_is_refused(batch_size):
    message = rf"batch_size must be in 1..10, the size of the data; got {batch_size}"
    with pytest.raises(ValueError, match=message):
        pipeline.batches(numbered(), batch_size)


def test_labels_stay_with_their_rows_and_leave_the_order_alone():
    labels = 7 * np.arange(SIZE)
    dataset = pipeline.batches(numbered(), 4, labels=labels, seed=3, first_step=2)
    pairs = [[part.numpy() for part in pair] for pair in itertools.islice(dataset, 5)]
    assert all(y.dtype == np.int32 and (y == 7 * x[:, 0]).all() for x, y in pairs)
    assert [list(x[:, 0]) for x, _ in pairs] == taken(5, seed=3, first_step=2)


def test_labels_of_another_number_are_refused():
    with pytest.raises(ValueError, match="labels must be 10, one for each row; got 9"):
        pipeline.batches(numbered(), 4, labels=np.zeros(9))


def mirrored(count, **options):
    """Which of the images of `count` batches were mirrored, and their rows."""
    x = np.zeros([SIZE, 1, 2, 1], np.float32)
    x[:, 0, 0, 0] = np.arange(SIZE) + 1
    dataset = pipeline.batches(x, 4, flip=True, **options)
    rows = [batch.numpy().reshape(4, 2) for batch in itertools.islice(dataset, count)]
    assert all(((row > 0).sum(axis=1) == 1).all() for row in rows)
    return [(row[:, 1] > 0).tolist() for row in rows], [(row.sum(1) - 1).tolist() for row in rows]


def test_half_of_the_images_are_mirrored_anew_in_every_epoch():
    flips, rows = mirrored(500)
    assert 0.45 < np.mean(flips) < 0.55
    of_first = [f for f, r in zip(np.ravel(flips), np.ravel(rows), strict=True) if r == 0]
    assert 0.35 < np.mean(of_first) < 0.65
    assert rows == [[float(r) for r in batch] for batch in taken(500)]  # The order stays.


def test_large_batches_come_in_smaller_blocks_of_the_same_rows(monkeypatch):
    expected = taken(70)
    monkeypatch.setattr(pipeline, "_BLOCK_BYTES", 3 * 4 * 4 * 2)  # Three batches of 4 rows of 2.
    assert taken(70) == expected
    assert taken(50, first_step=20) == expected[20:]


def test_points_are_not_mirrored():
    with pytest.raises(ValueError, match=r"flip needs images \[N, H, W, C\]; got shape \(10, 2\)"):
        pipeline.batches(numbered(), 4, flip=True)


@pytest.mark.parametrize("seed", [5, 2**32 - 1])
def test_mirroring_is_a_function_of_seed_and_step(seed):
    flips, _ = mirrored(40, seed=seed)
    assert mirrored(20, seed=seed, first_step=20)[0] == flips[20:]
    assert mirrored(40, seed=6)[0] != flips
