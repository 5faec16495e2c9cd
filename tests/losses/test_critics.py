import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan import losses

REAL = np.array([[-3.0], [-0.5], [0.7], [2.5]], "float32")
FAKE = np.array([[1.5], [-2.0], [0.3], [-0.1]], "float32")


def test_values_equal_the_formulas():
    hinge = np.maximum(0, 1 - REAL).mean() + np.maximum(0, 1 + FAKE).mean()
    assert losses.hinge_discriminator_loss(REAL, FAKE).numpy() == pytest.approx(hinge, rel=1e-6)
    distance = FAKE.mean() - REAL.mean()
    found = losses.wasserstein_discriminator_loss(REAL, FAKE)
    assert found.numpy() == pytest.approx(distance, rel=1e-5)
    assert losses.critic_generator_loss(FAKE).numpy() == pytest.approx(-FAKE.mean(), rel=1e-6)


def test_the_hinge_lets_go_of_what_is_right_by_a_margin():
    assert losses.hinge_discriminator_loss([[0.0]], [[0.0]]).numpy() == 2
    assert losses.hinge_discriminator_loss([[1.0]], [[-1.0]]).numpy() == 0
    real, fake = tf.constant([[2.0], [0.5]]), tf.constant([[-2.0], [-0.5]])
    with tf.GradientTape() as tape:
        tape.watch([real, fake])
        loss = losses.hinge_discriminator_loss(real, fake)
    on_real, on_fake = tape.gradient(loss, [real, fake])
    np.testing.assert_array_equal(on_real, [[0], [-0.5]])
    np.testing.assert_array_equal(on_fake, [[0], [0.5]])


def test_a_wasserstein_critic_has_no_zero():
    moved = losses.wasserstein_discriminator_loss(REAL + 4, FAKE + 4)
    found = losses.wasserstein_discriminator_loss(REAL, FAKE)
    assert moved.numpy() == pytest.approx(found.numpy(), abs=1e-5)


def test_half_precision_scores_are_averaged_in_float32():
    half = tf.cast(tf.fill([5000, 1], 20.0), tf.float16)  # Its sum, 1e5, is beyond float16.
    loss = losses.critic_generator_loss(-half)
    assert loss.dtype == tf.float32
    assert loss.numpy() == pytest.approx(20.0, rel=1e-3)
    assert losses.wasserstein_discriminator_loss(half, -half).numpy() == pytest.approx(
        -40, rel=1e-3
    )
    assert losses.hinge_discriminator_loss(-half, half).numpy() == pytest.approx(42, rel=1e-3)
