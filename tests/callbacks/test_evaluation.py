"""Measuring at the end of an epoch, and the time of training."""

import time

import keras
import pytest

from keras_iidgan import callbacks


def fit(model, x, *listed, epochs=1):
    return model.fit(
        x, batch_size=8, epochs=epochs, shuffle=False, verbose=0, callbacks=list(listed)
    ).history


def test_figures_join_the_logs_and_the_record_has_all_of_them(make_model, rows):
    records = []
    evaluate = callbacks.Evaluate(
        lambda model: {"modes": int(model.step.numpy()), "quality": 0.5, "hidden": [1]},
        shown=("modes", "quality", "absent"),
        record=records.append,
        constants={"floor": 0.1},
    )
    history = fit(make_model("gan"), rows(32), evaluate, epochs=2)
    terms = {"discriminator_adversarial", "generator_adversarial"}
    assert set(history) == terms | {"modes", "quality"}
    assert history["modes"] == [4, 8]
    assert [record["step"] for record in records] == [4, 8]
    for epoch, record in enumerate(records):
        assert set(record) == {"step", "floor", "modes", "quality", "hidden"} | terms
        for term in terms:
            assert record[term] == pytest.approx(history[term][epoch])
    assert evaluate.figures == {"modes": 8, "quality": 0.5, "hidden": [1]}


def test_a_run_that_was_asked_to_stop_in_an_epoch_is_not_measured(make_model, rows):
    def stop(batch, logs):
        model.stop_training = batch == 1

    model, measured = make_model("gan"), []
    evaluate = callbacks.Evaluate(measured.append, shown=())
    fit(model, rows(32), keras.callbacks.LambdaCallback(on_train_batch_end=stop), evaluate)
    assert int(model.step.numpy()) == 2
    assert measured == []


def test_a_run_that_was_asked_to_stop_at_its_last_step_is_measured(make_model, rows):
    def stop(batch, logs):
        model.stop_training = batch == 3

    model, measured = make_model("gan"), []

    def measure(model):
        measured.append(int(model.step.numpy()))
        return {}

    evaluate = callbacks.Evaluate(measure, shown=(), due=lambda step: step % 4 == 0)
    fit(model, rows(32), keras.callbacks.LambdaCallback(on_train_batch_end=stop), evaluate)
    assert measured == [4]


def test_the_clock_leaves_out_what_the_callbacks_after_it_do(make_model, rows, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])

    def train(batch, logs):
        now[0] += 1

    def draw(epoch, logs):
        now[0] += 50

    clock = callbacks.Clock(seconds=7.0)
    step = keras.callbacks.LambdaCallback(on_train_batch_end=train)
    pictures = keras.callbacks.LambdaCallback(on_epoch_end=draw)
    fit(make_model("gan"), rows(32), step, clock, pictures, epochs=2)
    assert clock.seconds == 7 + 2 * 4
