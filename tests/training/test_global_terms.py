"""Terms of the batch as a whole are those of the global batch, over replicas as on one device."""

import contextlib
import functools

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan import methods
from keras_iidgan.training import pipeline, replicas

pytestmark = pytest.mark.replicas

BATCH = 16
CASES = {
    "gdpp": {"eigenvalue_weight": 1.0},
    "bures_gan": {},
    "msgan": {"clip": 1e5},
    "gan_si": {"mixture_draws": 9, "scale": 1.0},
    "sig": {"mixture_draws": 9, "scale": 1.0},
}


@functools.cache
def mirrored():
    """Two devices, summed as in the tests of distribution with four; see there."""
    sums = tf.distribute.ReductionToOneDevice()
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"], sums)


def build(name, small):
    """A method of its tiny networks, or of those of its architecture if they are told the class."""
    keras.utils.set_random_seed(0)
    method, values = methods.get(name), CASES[name]
    if method.is_conditional:
        values = values | {"data_shape": (3,), "latent_dim": 2, "num_classes": 3}
    else:
        values = values | {role: small(role) for role in method.roles}
    model = method(**values)
    model.compile(keras.optimizers.SGD(1.0), run_eagerly=True, jit_compile=False)
    return model


def first_step(name, distribution, small, rows):
    """The logs of a step, and its gradients: with SGD at rate 1 a step is minus the gradient."""
    with distribution.scope() if distribution else contextlib.nullcontext():
        model = build(name, small)
    before = {key: v.numpy() for key, v in model.state().items()}
    labels = np.arange(32, dtype=np.int32) % 3 if model.is_conditional else None
    batches = pipeline.batches(rows(32), BATCH, labels=labels, strategy=distribution)
    options = {"steps_per_epoch": 1, "shuffle": False, "verbose": 0}
    logs = model.fit(batches, **options).history
    keys = [key for key in before if key.split("/")[0] in model.roles]
    return logs, {key: before[key] - model.state()[key].numpy() for key in keys}


@pytest.mark.parametrize("name", CASES)
def test_two_replicas_have_the_losses_and_gradients_of_one(small, rows, name):
    losses, expected = first_step(name, None, small, rows)
    spread_losses, found = first_step(name, mirrored(), small, rows)
    assert set(losses) == set(spread_losses)
    for term, value in losses.items():
        assert spread_losses[term] == pytest.approx(value, rel=1e-4, abs=1e-6), term
    for key, value in expected.items():
        scale = np.abs(value).max()
        np.testing.assert_allclose(found[key], value, atol=5e-3 * scale + 1e-6, err_msg=key)
    assert all(np.abs(value).max() > 1e-6 for value in expected.values())


@pytest.mark.parametrize("name", ["gdpp", "msgan"])
def test_the_parts_of_the_batch_would_have_others(small, rows, name, monkeypatch):
    losses, _ = first_step(name, None, small, rows)
    monkeypatch.setattr(replicas, "all_gather", lambda rows: rows)
    monkeypatch.setattr(replicas, "all_reduce_sum", list)
    parts, _ = first_step(name, mirrored(), small, rows)
    terms = [term for term in losses if not term.endswith("adversarial")]
    assert all(abs(parts[term][0] / losses[term][0] - 1) > 5e-4 for term in terms)


def test_gathered_rows_are_those_of_all_replicas_in_order_with_their_gradient():
    x = np.arange(24, dtype=np.float32).reshape(4, 3, 2)
    weights = np.arange(24, dtype=np.float32).reshape(4, 3, 2) + 1

    def replica():
        index = tf.distribute.get_replica_context().replica_id_in_sync_group
        mine = tf.reshape(x, [2, 2, 3, 2])[index]
        with tf.GradientTape() as tape:
            tape.watch(mine)
            rows = replicas.all_gather(mine)
            value = tf.reduce_sum(weights * rows**2) / replicas.count()
        return rows, tape.gradient(value, mine)

    rows, gradients = mirrored().run(tf.function(replica))
    local = mirrored().experimental_local_results
    for found in local(rows):
        np.testing.assert_array_equal(found, x)
    np.testing.assert_allclose(np.concatenate(local(gradients)), 2 * weights * x)
