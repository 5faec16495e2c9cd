import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan.losses.adversarial import FORMS, discriminator_loss, generator_loss

REAL = np.array([[-3.0], [-0.5], [0.0], [0.7], [2.5]], "float32")
FAKE = np.array([[1.5], [-2.0], [0.3]], "float32")


def log_sigmoid(logits):
    return -np.logaddexp(0, -logits.astype("float64"))


def sigmoid(logits):
    return 1 / (1 + np.exp(-logits.astype("float64")))


def value_and_gradient(loss, logits):
    logits = tf.constant(logits)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        value = loss(logits)
    return value.numpy(), tape.gradient(value, logits).numpy()


EXPECTED = {
    "non_saturating": -log_sigmoid(FAKE).mean(),
    "saturating": np.log(1 - sigmoid(FAKE)).mean(),
}
EXPECTED_GRADIENT = {
    "non_saturating": -(1 - sigmoid(FAKE)) / len(FAKE),
    "saturating": -sigmoid(FAKE) / len(FAKE),
}


def test_discriminator_loss_equals_numpy():
    expected = -log_sigmoid(REAL).mean() - log_sigmoid(-FAKE).mean()
    assert discriminator_loss(REAL, FAKE).numpy() == pytest.approx(expected, rel=1e-6)


def test_discriminator_gradients():
    _, on_real = value_and_gradient(lambda real: discriminator_loss(real, FAKE), REAL)
    _, on_fake = value_and_gradient(lambda fake: discriminator_loss(REAL, fake), FAKE)
    np.testing.assert_allclose(on_real, -(1 - sigmoid(REAL)) / len(REAL), rtol=1e-5)
    np.testing.assert_allclose(on_fake, sigmoid(FAKE) / len(FAKE), rtol=1e-5)


@pytest.mark.parametrize("form", FORMS)
def test_generator_loss_and_gradient_equal_numpy(form):
    value, gradient = value_and_gradient(lambda fake: generator_loss(fake, form), FAKE)
    assert value == pytest.approx(EXPECTED[form], rel=1e-6)
    np.testing.assert_allclose(gradient, EXPECTED_GRADIENT[form], rtol=1e-5)


def test_values_at_equilibrium():
    zeros = np.zeros([4, 1], "float32")
    assert discriminator_loss(zeros, zeros).numpy() == pytest.approx(2 * np.log(2), rel=1e-6)
    assert generator_loss(zeros).numpy() == pytest.approx(np.log(2), rel=1e-6)
    assert generator_loss(zeros, "saturating").numpy() == pytest.approx(-np.log(2), rel=1e-6)


def test_labels_are_not_smoothed():
    # With real labels of 0.75, certainty on real samples would cost 25.
    assert discriminator_loss([[100.0]], [[-100.0]]).numpy() == pytest.approx(0.0, abs=1e-6)


def test_large_logits_stay_finite():
    assert discriminator_loss([[-100.0]], [[50.0]]).numpy() == pytest.approx(150.0, rel=1e-6)
    assert generator_loss([[-100.0]]).numpy() == pytest.approx(100.0, rel=1e-6)
    assert generator_loss([[100.0]], "saturating").numpy() == pytest.approx(-100.0, rel=1e-6)


def test_only_the_non_saturating_form_learns_from_rejected_samples():
    rejected = np.full([1, 1], -20.0, "float32")
    _, saturated = value_and_gradient(lambda fake: generator_loss(fake, "saturating"), rejected)
    _, alive = value_and_gradient(generator_loss, rejected)
    assert abs(saturated.item()) < 1e-8
    assert alive.item() == pytest.approx(-1.0, rel=1e-6)


def test_half_precision_logits_are_averaged_in_float32():
    half = tf.cast(tf.fill([5000, 1], 20.0), tf.float16)  # Its sum, 1e5, is beyond float16.
    loss = generator_loss(-half)
    assert loss.dtype == tf.float32
    assert loss.numpy() == pytest.approx(20.0, rel=1e-3)


@pytest.mark.parametrize("form", FORMS)
def test_xla_and_while_loop_give_the_same_values(form):
    def both(real, fake):
        return discriminator_loss(real, fake), generator_loss(fake, form)

    @tf.function(jit_compile=True)
    def summed_over_a_loop(real, fake):
        def add(step, total):
            terms = both(real, fake)
            return step + 1, total + terms[0] + terms[1]

        return tf.while_loop(lambda step, _: step < 3, add, [0, 0.0])[1]

    compiled = tf.function(both, jit_compile=True)(REAL, FAKE)
    eager = both(REAL, FAKE)
    np.testing.assert_allclose(compiled, eager, rtol=1e-5)
    assert summed_over_a_loop(REAL, FAKE).numpy() == pytest.approx(3 * sum(eager).numpy(), rel=1e-5)


def test_graphs_get_no_collections_and_no_summaries():
    with tf.Graph().as_default() as graph:
        discriminator_loss(tf.constant(REAL), tf.constant(FAKE))
        for form in FORMS:
            generator_loss(tf.constant(FAKE), form)
        assert graph.get_collection(tf.compat.v1.GraphKeys.LOSSES) == []
        assert graph.get_collection(tf.compat.v1.GraphKeys.SUMMARIES) == []
        assert len(graph.get_operations()) > 10


def test_unknown_form_lists_the_known_ones():
    with pytest.raises(ValueError, match="non_saturating, saturating; got 'hinge'"):
        generator_loss(FAKE, "hinge")
