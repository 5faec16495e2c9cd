"""Instance noise: what the discriminator sees, and that nothing else sees it."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan.methods.base import Batch

ROWS = 4096


@pytest.fixture
def noise_seen(make_model, rows):
    """A function that gives the noise on each batch that D sees in a step: real, fake, fake."""

    def run(rates=(0.1, 0.1), step=0, **values):
        rate = keras.optimizers.schedules.PiecewiseConstantDecay(list(range(len(rates) - 1)), rates)
        model = make_model("gan", optimizer=keras.optimizers.SGD(rate), **values)
        model.step.assign(step)
        made, seen = [], []
        generate, judge = model.generator, model.discriminator

        def generator(z, training):
            made.append(generate(z, training=training))
            return made[-1]

        def discriminator(x, training):
            seen.append(x)
            return judge(x, training=training)

        # Past Keras, which would refuse functions in place of its layers.
        object.__setattr__(model, "generator", generator)
        object.__setattr__(model, "discriminator", discriminator)
        x = tf.constant(rows(ROWS))
        batch = Batch(x)  # One for all turns, as in a step.
        for turn in model.turns:
            model.loss_of(turn, batch)
        real, fake, again = (np.asarray(a - b) for a, b in zip(seen, [x, *made], strict=True))
        return real, fake, again

    return run


def test_real_and_generated_points_get_noise_of_their_own(noise_seen):
    draws = noise_seen(instance_noise=0.5)
    for noise in draws:
        assert noise.shape == (ROWS, 3)
        # Four standard errors of a mean and of a deviation over 3 * 4,096 draws.
        assert abs(noise.mean()) < 4 * 0.5 / np.sqrt(noise.size)
        assert noise.std() == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(2 * noise.size))
    correlations = np.corrcoef([noise.ravel() for noise in draws])
    assert np.abs(correlations - np.eye(3)).max() < 4 / np.sqrt(draws[0].size)


@pytest.mark.parametrize(("step", "share"), [(0, 1.0), (1, 0.25), (2, 0.01)])
def test_it_falls_as_the_square_of_the_rate(noise_seen, step, share):
    first = noise_seen((0.1, 0.05, 0.01), step, instance_noise=0.5)
    for noise in first:
        assert noise.std() == pytest.approx(0.5 * share, rel=0.05)


def test_none_by_default(noise_seen):
    for noise in noise_seen():
        assert not noise.any()


def test_only_the_discriminator_sees_it(make_model, rows):
    x = tf.constant(rows(64))
    plain, noisy = (make_model("iidgan", instance_noise=s) for s in (0.0, 0.5))
    one, other = (m.loss_of(m.turns[-1], Batch(x)) for m in (plain, noisy))
    assert float(one["adversarial"]) != float(other["adversarial"])
    for term in ("z_cycle", "x_cycle", "gaussian"):
        assert float(one[term]) == float(other[term])


@pytest.mark.parametrize("value", [-0.1, float("inf"), "much"])
def test_refusals(make_model, value):
    message = f"instance_noise must be a finite number of at least 0; got {value!r}"
    with pytest.raises(ValueError, match=message):
        make_model("gan", instance_noise=value)
