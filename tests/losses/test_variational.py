"""The terms of a variational bound against their closed forms and a second implementation."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import integrate, stats

from keras_iidgan import losses


def test_kl_equals_its_closed_form_row_by_row():
    generator = np.random.default_rng(0)
    mean, log_variance = generator.normal(size=(2, 7, 3))
    found = losses.kl_diagonal(mean, log_variance)
    assert found.dtype == tf.float32 and found.shape == (7,)
    expected = 0.5 * (np.exp(log_variance) + mean**2 - 1 - log_variance).sum(axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize(("mean", "deviation"), [(0.7, 0.4), (-1.5, 2.0)])
def test_kl_equals_the_integral_that_defines_it(mean, deviation):
    q, p = stats.norm(mean, deviation), stats.norm(0, 1)
    span = (mean - 10 * deviation, mean + 10 * deviation)
    expected, _ = integrate.quad(lambda z: q.pdf(z) * (q.logpdf(z) - p.logpdf(z)), *span)
    found = losses.kl_diagonal(tf.constant([mean]), tf.constant([2 * np.log(deviation)]))
    assert float(found) == pytest.approx(expected, rel=1e-5)


def test_kl_is_0_at_the_standard_normal_and_least_there():
    zeros = tf.zeros([2])
    with tf.GradientTape() as tape:
        tape.watch(zeros)
        value = losses.kl_diagonal(zeros, zeros)
    assert float(value) == 0
    np.testing.assert_array_equal(tape.gradient(value, zeros), [0, 0])


@pytest.mark.parametrize("shape", [(6, 2), (5, 4, 3, 2)])
@pytest.mark.parametrize("std", [1.0, 0.05])
def test_likelihood_is_summed_over_dimensions_and_averaged_over_the_batch(shape, std):
    x, mean = np.random.default_rng(0).normal(size=(2, *shape)).astype(np.float32)
    found = losses.gaussian_nll(x=tf.constant(x), mean=tf.constant(mean), std=std)
    expected = -stats.norm(mean, std).logpdf(x).sum() / len(x)
    assert found.dtype == tf.float32
    assert float(found) == pytest.approx(expected, rel=1e-4)


def test_half_precision_is_summed_in_float32():
    x = tf.ones([3, 5000], tf.float16)
    assert float(losses.gaussian_nll(x, 3 * x)) == pytest.approx(
        5000 * (2 + np.log(2 * np.pi) / 2), rel=1e-5
    )
    codes = tf.fill([4, 3000], tf.constant(6.0, tf.float16))
    np.testing.assert_allclose(losses.kl_diagonal(codes, 0 * codes), 3000 * 18.0, rtol=1e-6)
