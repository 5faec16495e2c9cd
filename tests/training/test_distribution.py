"""N replicas give the losses, gradients and steps of one device with the same global batch."""

import contextlib
import functools
import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan import methods
from keras_iidgan.training import pipeline, replicas, strategy

pytestmark = pytest.mark.replicas

BATCH = 16


@functools.cache
def mirrored(count):
    """The strategy of 2 devices with TensorFlow's own way to sum, or of 4 with another one.

    In one process the own way serves one strategy: another one's sums would be taken for its.
    """
    sums = None if count == 2 else tf.distribute.ReductionToOneDevice()
    return tf.distribute.MirroredStrategy([f"CPU:{i}" for i in range(count)], sums)


@pytest.fixture(scope="module")
def train(make_model, rows):
    """A function that trains by `fit`: the model, its logs by step, its weights at the start."""

    def run(distribution, total, per_epoch=1, **options):
        scope = distribution.scope() if distribution else contextlib.nullcontext()
        with scope:
            model = make_model("iidgan", **({"run_eagerly": True} | options))
        start = values_of(model)
        history = model.fit(
            pipeline.batches(rows(50), BATCH, strategy=distribution),
            steps_per_epoch=per_epoch,
            epochs=total // per_epoch,
            shuffle=False,
            verbose=0,
        ).history
        return model, history, start

    return run


def after_three_steps(model, x, distribution, labels=None):
    """The logged losses of three steps, and what the model holds after them."""
    history = model.fit(
        pipeline.batches(x, BATCH, labels=labels, strategy=distribution),
        steps_per_epoch=3,
        shuffle=False,
        verbose=0,
    ).history
    return history, values_of(model)


def assert_same(one, other, **tolerance):
    assert set(one) == set(other)
    for key, value in one.items():
        np.testing.assert_allclose(value, other[key], err_msg=key, **tolerance)


def values_of(model):
    return {key: v.numpy() for key, v in model.state().items()}


@pytest.mark.parametrize(("count", "per_call"), [(2, 1), (4, 5)])
def test_ten_steps(train, count, per_call):
    options = {"run_eagerly": False, "ema": 0.5, "instance_noise": 0.1}
    single, losses, start = train(None, 10, per_call, **options)
    spread, spread_losses, spread_start = train(
        mirrored(count), 10, per_call, steps=per_call, **options
    )
    assert int(spread.step.numpy()) == 10
    assert_same(start, spread_start, rtol=0, atol=0)
    assert_same(losses, spread_losses, rtol=1e-4, atol=1e-5)
    assert_same(values_of(single), values_of(spread), rtol=1e-3, atol=2e-5)
    averages = [key for key in start if key.startswith("average/")]
    assert averages and all((start[key] != values_of(spread)[key]).any() for key in averages)


GAUSSIAN = ("p_norm", "w2", "kl_pq", "kl_qp", "w2_1d", "z_discriminator")


@pytest.fixture(scope="module")
def gradients(train):
    """Losses and gradients of one step: with SGD at rate 1 a step is minus the gradient."""

    @functools.cache
    def run(distribution, gaussian):
        optimizer = keras.optimizers.SGD(1.0)
        model, losses, start = train(distribution, 1, optimizer=optimizer, gaussian=gaussian)
        after = values_of(model)
        networks = [key for key in start if key.split("/")[0] in model.roles]
        return losses, {key: start[key] - after[key] for key in networks}

    return run


@pytest.mark.parametrize("gaussian", GAUSSIAN)
def test_losses_and_gradients(gradients, gaussian):
    losses, expected = gradients(None, gaussian)
    spread_losses, found = gradients(mirrored(2), gaussian)
    assert_same(losses, spread_losses, rtol=1e-5)
    assert_same(expected, found, rtol=1e-3, atol=1e-5)
    assert all(np.abs(value).max() > 1e-4 for value in expected.values())


@pytest.mark.parametrize("gaussian", ["p_norm", "kl_pq", "w2_1d"])
def test_moments_of_each_replica_alone_would_give_others(gradients, monkeypatch, gaussian):
    losses, expected = gradients(None, gaussian)
    monkeypatch.setattr(replicas, "all_reduce_sum", list)
    local_losses, found = gradients.__wrapped__(mirrored(2), gaussian)
    term = "generator_gaussian"
    assert abs(local_losses[term][0] / losses[term][0] - 1) > 0.01
    encoder = [key for key in expected if key.startswith("encoder/")]
    assert any(np.abs(found[key] - expected[key]).max() > 0.01 for key in encoder)


@pytest.mark.parametrize("count", [2, 4])
@pytest.mark.parametrize("per_step", [1, 3])
def test_batches_are_the_rows_of_the_single_device_in_order(rows, count, per_step):
    data, distribution = rows(30), mirrored(count)
    options = {"per_step": per_step, "seed": 3, "first_step": 5}
    single = itertools.islice(pipeline.batches(data, BATCH, **options), 40)
    spread = itertools.islice(pipeline.batches(data, BATCH, strategy=distribution, **options), 40)
    for step, parts in zip(single, spread, strict=True):
        local = distribution.experimental_local_results(parts)
        assert [len(part) for part in local] == [per_step * BATCH // count] * count
        for k, batch in enumerate(np.split(step.numpy(), per_step)):
            own = [np.split(part.numpy(), per_step)[k] for part in local]
            np.testing.assert_array_equal(batch, np.concatenate(own))


@pytest.mark.parametrize("count", [2, 4])
def test_noise_is_that_of_the_single_device(count):
    seed, distribution = [3, 5], mirrored(count)
    parts = distribution.run(lambda: replicas.local_normal([8 // count, 2], seed))
    found = np.concatenate(distribution.experimental_local_results(parts))
    np.testing.assert_array_equal(found, replicas.local_normal([8, 2], seed))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("wgan_gp", {"critic_steps": 2}),
        ("sngan", {"critic_steps": 2}),
        ("pacgan", {"pack": 2}),
        ("unrolled_gan", {"unroll_steps": 2}),
    ],
)
def test_repeated_packed_and_imagined_moves(small, rows, name, values):
    def steps(distribution):
        with distribution.scope() if distribution else contextlib.nullcontext():
            keras.utils.set_random_seed(0)
            shape = (3 * values.get("pack", 1),)
            given = {role: small(role) for role in methods.get(name).roles}
            given |= {"discriminator": small("discriminator", shape)}
            model = methods.get(name)(**given, **values)
            model.compile(keras.optimizers.Adam(0.01, beta_1=0.5), run_eagerly=True)
        data = pipeline.batches(
            rows(50), BATCH * model.pack, per_step=model.batches_per_step, strategy=distribution
        )
        fit = {"steps_per_epoch": 1, "epochs": 2, "shuffle": False, "verbose": 0}
        return model.fit(data, **fit).history, values_of(model)

    losses, expected = steps(None)
    spread_losses, found = steps(mirrored(2))
    assert_same(losses, spread_losses, rtol=1e-4, atol=1e-5)
    assert_same(expected, found, rtol=1e-3, atol=2e-5)


def test_xla_is_left_to_single_devices(make_model):
    assert make_model("iidgan", jit="auto").jit_compile
    with mirrored(2).scope():
        assert not make_model("iidgan", jit="auto").jit_compile


def test_a_batch_that_the_replicas_cannot_share_is_refused(rows):
    with pytest.raises(strategy.UsageError, match="--batch_size must be a multiple of the 4 rep"):
        strategy.check_batch_size(6, mirrored(4))
    with pytest.raises(ValueError, match="batch_size must be a multiple of 4; got 6"):
        pipeline.batches(rows(30), 6, strategy=mirrored(4))
    strategy.check_batch_size(8, mirrored(4))
    strategy.check_batch_size(7, None)


@pytest.mark.parametrize("per_class", [False, True])
def test_classes_go_with_their_rows_and_are_held_over_all_replicas(rows, per_class):
    x, labels = rows(50), np.arange(50, dtype=np.int32) % 3

    def steps(distribution):
        with distribution.scope() if distribution else contextlib.nullcontext():
            keras.utils.set_random_seed(0)
            model = methods.create(
                "iid_cgan", data_shape=(3,), latent_dim=2, num_classes=3, per_class=per_class
            )
            model.compile(keras.optimizers.SGD(0.01), run_eagerly=True, jit_compile=False)
        return after_three_steps(model, x, distribution, labels)

    losses, expected = steps(None)
    spread_losses, found = steps(mirrored(2))
    assert {"generator_label", "generator_gaussian"} <= set(losses)
    assert_same(losses, spread_losses, rtol=1e-4, atol=1e-5)
    assert_same(expected, found, rtol=1e-3, atol=2e-5)


@pytest.mark.parametrize("name", ["ldmgan", "vaegan", "veegan"])
def test_moments_and_noise_of_codes_are_those_of_the_global_batch(make_model, rows, name):
    def steps(distribution):
        with distribution.scope() if distribution else contextlib.nullcontext():
            model = make_model(name, optimizer=keras.optimizers.SGD(0.01), run_eagerly=True)
        return after_three_steps(model, rows(50), distribution)

    losses, expected = steps(None)
    spread_losses, found = steps(mirrored(2))
    assert_same(losses, spread_losses, rtol=1e-4, atol=1e-5)
    assert_same(expected, found, rtol=1e-3, atol=2e-5)
