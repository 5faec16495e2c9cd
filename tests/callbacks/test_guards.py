"""What ends a run early."""

import math
import os
import signal
import subprocess
import sys

import keras
import numpy as np
import pytest

from keras_iidgan import callbacks
from keras_iidgan.training import checkpoints


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_term_that_is_not_finite_is_named_with_its_step(make_model, bad):
    guard = callbacks.StopOnNonFinite()
    guard.set_model(make_model("gan"))
    guard.model.step.assign(41)
    guard.on_train_batch_end(0, {"discriminator_adversarial": 1.0, "generator_z_cycle": 1e30})
    with pytest.raises(callbacks.NonFiniteLoss) as caught:
        guard.on_train_batch_end(1, {"discriminator_adversarial": 1.0, "generator_z_cycle": bad})
    assert str(caught.value) == "generator_z_cycle is not finite at step 41"


@pytest.mark.parametrize("looped", [False, True])
def test_a_diverged_run_keeps_its_last_good_checkpoint(make_model, rows, tmp_path, looped):
    """The data go wrong at step 9; D sees them first, and all others soon have it from there."""
    model = make_model("iidgan", jit=looped, steps=4 if looped else 1)
    x = rows(3 * 32)
    x[70:] = np.nan
    dataset = tf_batches(x, 8)
    save = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: checkpoints.save(model, tmp_path)
    )
    message = r"^discriminator_adversarial is not finite at step 9$"
    with pytest.raises(callbacks.NonFiniteLoss, match=message):
        model.fit(
            dataset,
            steps_per_epoch=4,
            epochs=3,
            shuffle=False,
            verbose=0,
            callbacks=[callbacks.StopOnNonFinite(), save],
        )
    fresh = make_model("iidgan")
    assert checkpoints.restore(fresh, tmp_path) == 8
    assert all(np.isfinite(v.numpy()).all() for v in fresh.state().values())


def tf_batches(x, batch_size):
    import tensorflow as tf

    return tf.data.Dataset.from_tensor_slices(x).batch(batch_size, drop_remainder=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_training_after_the_step_in_progress(make_model, rows, number):
    model = make_model("gan")
    send = keras.callbacks.LambdaCallback(
        on_train_batch_begin=lambda batch, logs: batch == 2 and os.kill(os.getpid(), number)
    )
    before = signal.getsignal(number)
    with callbacks.StopOnSignal() as stop:
        model.fit(
            rows(64), batch_size=8, epochs=3, shuffle=False, verbose=0, callbacks=[send, stop]
        )
        assert stop.received is number
    assert int(model.step.numpy()) == 3
    assert signal.getsignal(number) is before


def test_without_a_signal_nothing_stops_and_the_handlers_come_back(make_model, rows):
    before = [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)]
    model = make_model("gan")
    with callbacks.StopOnSignal() as stop:
        assert signal.getsignal(signal.SIGTERM) != before[1]
        model.fit(rows(32), batch_size=8, shuffle=False, verbose=0, callbacks=[stop])
    assert stop.received is None
    assert int(model.step.numpy()) == 4
    assert [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)] == before


SECOND_SIGNAL = """
import os, signal
from keras_iidgan.callbacks import StopOnSignal

with StopOnSignal() as stop:
    os.kill(os.getpid(), signal.SIGTERM)
    print(stop.received.name, flush=True)
    os.kill(os.getpid(), signal.SIGTERM)
    print("still here")
"""


def test_a_second_signal_ends_the_process_at_once():
    done = subprocess.run(
        [sys.executable, "-c", SECOND_SIGNAL], capture_output=True, text=True, check=False
    )
    assert done.stdout == "SIGTERM\n"
    assert done.returncode == -signal.SIGTERM
