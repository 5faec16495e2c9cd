"""The gradient penalty against closed forms of the slope, and the mistakes that are often made."""

import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan import losses

IMAGES = np.random.default_rng(0).normal(size=(4, 2, 2, 3)).astype(np.float32)


def linear(scale):
    """A critic whose slope has the norm `scale` at every image."""
    kernel = np.random.default_rng(1).normal(size=IMAGES.shape[1:]).astype(np.float32)
    kernel *= scale / np.linalg.norm(kernel)
    return lambda x: tf.reduce_sum(x * kernel, axis=[1, 2, 3])


@pytest.mark.parametrize("scale", [0.25, 1.0, 3.0])
def test_a_linear_critic_is_penalised_for_its_one_slope_on_both_sides_of_one(scale):
    found = losses.gradient_penalty(linear(scale), tf.constant(IMAGES)).numpy()
    assert found == pytest.approx((scale - 1) ** 2, rel=1e-4, abs=1e-9)


def test_the_norm_is_over_all_axes_of_a_sample_and_the_mean_over_samples():
    # The slope of half the sum of squares is x itself.
    found = losses.gradient_penalty(lambda x: tf.reduce_sum(x * x, [1, 2, 3])[:, None] / 2, IMAGES)
    norms = [np.sqrt((image.astype(np.float64) ** 2).sum()) for image in IMAGES]
    assert found.numpy() == pytest.approx(np.mean([(norm - 1) ** 2 for norm in norms]), rel=1e-5)
    by_channel = np.mean((np.linalg.norm(IMAGES, axis=-1) - 1) ** 2)
    by_batch = (np.linalg.norm(IMAGES) - 1) ** 2
    assert all(abs(found.numpy() / wrong - 1) > 0.1 for wrong in (by_channel, by_batch))


def test_the_critic_learns_from_the_penalty_and_its_gradient_is_the_closed_form():
    scale = tf.Variable(3.0)  # The penalty is (scale |w| - 1)^2.
    with tf.GradientTape() as tape:
        penalty = losses.gradient_penalty(lambda x: scale * linear(2.0)(x), IMAGES)
    assert tape.gradient(penalty, scale).numpy() == pytest.approx(2 * (6 - 1) * 2, rel=1e-5)


def test_a_flat_critic_is_penalised_by_one_with_a_finite_gradient():
    kernel = tf.Variable(tf.zeros([12, 1]))
    with tf.GradientTape() as tape:
        penalty = losses.gradient_penalty(lambda x: tf.reshape(x, [4, 12]) @ kernel, IMAGES)
    assert penalty.numpy() == pytest.approx(1, abs=1e-5)
    assert np.isfinite(tape.gradient(penalty, kernel)).all()


def test_interpolates_have_one_share_for_each_pair():
    x, x_fake = IMAGES, -2 * IMAGES
    share = np.array([[0.0], [0.25], [0.5], [0.75]], np.float32)
    found = losses.interpolates(x, x_fake, share)
    for i, s in enumerate([0.0, 0.25, 0.5, 0.75]):
        np.testing.assert_allclose(found[i], s * x[i] + (1 - s) * x_fake[i], rtol=1e-6)


def test_half_precision_samples_are_judged_in_float32():
    half = tf.cast(IMAGES, tf.float16)
    seen = []

    def critic(x):
        seen.append(x.dtype)
        return linear(3.0)(x)

    penalty = losses.gradient_penalty(critic, losses.interpolates(half, half, tf.ones([4, 1])))
    assert seen == [tf.float32] and penalty.dtype == tf.float32
