"""Imagined updates against those that Keras' own Adam makes."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan.training import lookahead, schedules

SCHEDULE = schedules.Cosine([(0, 0.1), (9, 0.01)])


def gradients_at(step):
    generator = np.random.default_rng(step)
    return [tf.constant(generator.normal(size=s).astype(np.float32)) for s in ((3, 2), (2,))]


def built(rate, **options):
    """An optimizer after two updates, and its variables."""
    optimizer = keras.optimizers.Adam(rate, beta_1=0.5, beta_2=0.9, **options)
    variables = [keras.Variable(tf.ones(shape)) for shape in ((3, 2), (2,))]
    optimizer.build(variables)
    for step in (0, 1):
        optimizer.apply(gradients_at(step), variables)
    return optimizer, variables


def values_of(optimizer):
    return [v.numpy().copy() for v in optimizer.variables]


@pytest.mark.parametrize("rate", [0.05, SCHEDULE, schedules.Slowed(SCHEDULE, 2)])
@pytest.mark.parametrize("epsilon", [1e-7, 0.1])
def test_steps_are_those_of_keras_and_leave_the_optimizer_alone(rate, epsilon):
    optimizer, variables = built(rate, epsilon=epsilon)
    before, values = values_of(optimizer), [tf.convert_to_tensor(v) for v in variables]
    state = lookahead.Adam.of(optimizer, variables)
    imagined = []
    for step in (2, 3, 4):
        values, state = state.step(values, gradients_at(step))
        imagined.append(values)
    for one, other in zip(before, values_of(optimizer), strict=True):
        np.testing.assert_array_equal(one, other)
    for step, expected in zip((2, 3, 4), imagined, strict=True):
        optimizer.apply(gradients_at(step), variables)
        for mine, real in zip(expected, variables, strict=True):
            np.testing.assert_allclose(mine, real, rtol=1e-5, atol=1e-6)


def test_the_state_of_some_variables_is_found_among_those_of_all():
    optimizer, variables = built(0.05)
    state = lookahead.Adam.of(optimizer, variables[1:])
    assert [m.shape for m in state.first] == [(2,)]
    np.testing.assert_array_equal(state.second[0], optimizer._velocities[1])


def test_a_loss_scaled_optimizer_is_seen_through():
    optimizer, variables = built(0.05)
    scaled = keras.optimizers.LossScaleOptimizer(optimizer)
    state = lookahead.Adam.of(scaled, variables)
    assert state.optimizer is optimizer and int(state.updates) == 2


@pytest.mark.parametrize("value", [0.0, 1e-30, 1e-3, 1.0])
def test_the_slope_of_a_step_is_finite_also_where_a_gradient_is_zero(value):
    """At the first update m = (1 - b1) g and v = (1 - b2) g^2, so the step is one by sign(g)."""
    optimizer = keras.optimizers.Adam(0.5)
    variable = keras.Variable([1.0])
    optimizer.build([variable])
    g = tf.constant([value])
    with tf.GradientTape() as tape:
        tape.watch(g)
        (after,), _ = lookahead.Adam.of(optimizer, [variable]).step([variable.value], [g])
    slope = tape.gradient(after, g).numpy()
    scale, epsilon = np.sqrt(1 - 0.999), 1e-7
    c = 0.5 * scale / (1 - 0.9)
    if value < 1e-20:  # Squares of such gradients are 0 in float32.
        expected = -c * (1 - 0.9) / epsilon
    else:
        expected = -c * (1 - 0.9) * epsilon / (scale * value + epsilon) ** 2
    # At 1 the slope is a difference of nearly equal numbers.
    np.testing.assert_allclose(slope, [expected], rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize(
    ("kind", "settings", "found"),
    [
        ("SGD", {}, "SGD"),
        ("AdamW", {}, "AdamW with weight_decay"),
        ("Adam", {"amsgrad": True}, "Adam with amsgrad"),
        ("Adam", {"clipnorm": 1.0}, "Adam with clipnorm"),
    ],
)
def test_other_optimizers_are_refused(kind, settings, found):
    optimizer = getattr(keras.optimizers, kind)(0.1, **settings)
    message = f"optimizer of the discriminator must be a plain Adam; got {found}"
    with pytest.raises(ValueError, match=message):
        lookahead.check("discriminator", optimizer)
    lookahead.check("discriminator", keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam()))
