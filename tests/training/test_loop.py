"""Many steps in one XLA program behave as the same steps one by one."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan.training import pipeline


class Record(keras.callbacks.Callback):
    """Keeps the batch number and the logs of every call of Keras after a batch."""

    def __init__(self):
        super().__init__()
        self.batches, self.logs = [], []

    def on_train_batch_end(self, batch, logs=None):
        self.batches.append(batch)
        self.logs.append({name: float(value) for name, value in logs.items()})


def one_by_one(model, batches):
    """Train without loop and XLA; the logs of every step."""
    return [model.train_on_batch(batch, return_dict=True) for batch in batches]


def mean_of(logs):
    """The mean of each term, to be compared."""
    return {k: pytest.approx(np.mean([each[k] for each in logs]), rel=1e-3) for k in logs[0]}


def assert_same_weights(one, other):
    mine, theirs = one.state(), other.state()
    assert int(one.step.numpy()) == int(other.step.numpy())
    for key in mine:
        np.testing.assert_allclose(
            mine[key].numpy(), theirs[key].numpy(), rtol=1e-3, atol=2e-5, err_msg=key
        )


def test_looped_steps_equal_single_ones_and_logs_are_means_over_them(make_model, rows):
    batches = pipeline.batches(rows(50), 8)
    single, looped = make_model("iidgan", ema=0.9), make_model("iidgan", ema=0.9, steps=5, jit=True)
    steps = one_by_one(single, itertools.islice(batches, 20))
    record = Record()
    fit = {"steps_per_epoch": 10, "epochs": 2, "callbacks": [record]}
    history = looped.fit(batches, shuffle=False, verbose=0, **fit).history
    assert_same_weights(single, looped)
    assert record.batches == [4, 9, 4, 9]
    so_far = [steps[:5], steps[:10], steps[10:15], steps[10:]]
    for logs, expected in zip(record.logs, so_far, strict=True):
        assert logs == mean_of(expected)
    for epoch in range(2):
        expected = mean_of(steps[10 * epoch : 10 * epoch + 10])
        assert {term: values[epoch] for term, values in history.items()} == expected


def test_an_epoch_that_the_calls_do_not_divide_is_trained_whole(make_model, rows):
    labels = np.arange(56) % 3
    dataset = tf.data.Dataset.from_tensor_slices((rows(56), labels)).batch(8, drop_remainder=True)
    single, looped = make_model("gan"), make_model("gan", steps=3, jit=True)
    steps = one_by_one(single, 2 * [x for x, _ in dataset])
    history = looped.fit(dataset, epochs=2, shuffle=False, verbose=0).history
    assert int(looped.step.numpy()) == 14
    assert_same_weights(single, looped)
    for epoch in range(2):
        expected = mean_of(steps[7 * epoch : 7 * epoch + 7])
        assert {term: values[epoch] for term, values in history.items()} == expected


def test_batches_of_unequal_sizes_are_trained_by_keras_own_loop(make_model, rows):
    dataset = tf.data.Dataset.from_tensor_slices(rows(20)).batch(8)  # 8, 8 and 4 rows.
    single, looped = make_model("gan"), make_model("gan", steps=3, jit=True)
    one_by_one(single, dataset)
    looped.fit(dataset, shuffle=False, verbose=0)
    assert_same_weights(single, looped)


def test_a_learning_rate_schedule_moves_inside_a_call(make_model, rows):
    """A rate that falls to 0 after two steps: a call of four must stop moving there."""
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay([1], [0.05, 0.0])
    x, models = rows(32), []
    for steps, jit in ((1, False), (4, True)):
        optimizer = keras.optimizers.SGD(schedule)
        models.append(make_model("gan", optimizer=optimizer, steps=steps, jit=jit))
    single, looped = models
    one_by_one(single, [x[:8], x[8:16]])
    looped.fit(x, batch_size=8, shuffle=False, verbose=0)
    for mine, theirs in zip(looped.generator.weights, single.generator.weights, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-6)
