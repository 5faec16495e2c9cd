import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan.losses.cycle import NORMS, REDUCTIONS, cycle, x_weight

CASES = [(norm, reduction) for norm in NORMS for reduction in REDUCTIONS]


def by_hand(x, reconstruction, norm, reduction):
    """Sample by sample, in float64."""
    total = 0.0
    for one, other in zip(x, reconstruction, strict=True):
        error = (one.astype("float64") - other.astype("float64")).ravel()
        size = len(error) if reduction == "mean" else 1
        if norm == "l1":
            total += np.abs(error).sum() / size
        elif norm == "l2":
            total += np.sqrt((error @ error) / size)
        else:
            total += (error @ error) / size
    return total / len(x)


def pair(shape, seed=0):
    generator = np.random.default_rng(seed)
    return [generator.normal(size=shape).astype("float32") for _ in range(2)]


@pytest.mark.parametrize("shape", [(6, 2), (5, 4, 3, 2)])
@pytest.mark.parametrize(("norm", "reduction"), CASES)
def test_equals_numpy(shape, norm, reduction):
    x, reconstruction = pair(shape)
    loss = cycle(x, reconstruction, norm=norm, reduction=reduction)
    assert loss.dtype == tf.float32
    assert loss.numpy() == pytest.approx(by_hand(x, reconstruction, norm, reduction), rel=1e-5)


@pytest.mark.parametrize(
    ("norm", "summed", "averaged"),
    [("l1", 7.0, 3.5), ("l2", 5.0, np.sqrt(12.5)), ("l2_squared", 25.0, 12.5)],
)
def test_known_values(norm, summed, averaged):
    x, reconstruction = [[3.0, 0.0], [0.0, 0.0]], [[0.0, 4.0], [4.0, -3.0]]
    assert cycle(x, reconstruction, norm=norm, reduction="sum").numpy() == pytest.approx(summed)
    assert cycle(x, reconstruction, norm=norm).numpy() == pytest.approx(averaged)


@pytest.mark.parametrize(("norm", "reduction"), CASES)
def test_gradient_equals_numerical_derivative(norm, reduction):
    x, reconstruction = pair((4, 3), seed=1)
    direction = pair((4, 3), seed=2)[0]
    variable = tf.constant(reconstruction)
    with tf.GradientTape() as tape:
        tape.watch(variable)
        loss = cycle(x, variable, norm=norm, reduction=reduction)
    slope = np.sum(tape.gradient(loss, variable).numpy() * direction)
    step = 1e-6 * direction.astype("float64")
    ahead, behind = (
        by_hand(x, reconstruction + sign * step, norm, reduction) for sign in (1.0, -1.0)
    )
    assert slope == pytest.approx((ahead - behind) / 2e-6, rel=1e-4)


@pytest.mark.parametrize(("norm", "reduction"), CASES)
def test_perfect_reconstruction_costs_nothing_and_has_no_gradient(norm, reduction):
    x = tf.constant(pair((4, 3))[0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        loss = cycle(x, tf.stop_gradient(x), norm=norm, reduction=reduction)
    assert loss.numpy() == pytest.approx(0.0, abs=2e-6)
    np.testing.assert_array_equal(tape.gradient(loss, x), np.zeros([4, 3]))


def test_half_precision_is_squared_in_float32():
    x = tf.fill([2, 3], tf.constant(300.0, tf.float16))  # 300^2 is beyond float16.
    assert cycle(x, -x, norm="l2_squared").numpy() == pytest.approx(600.0**2)


@pytest.mark.parametrize(("norm", "reduction"), CASES)
def test_xla_gives_the_same_value(norm, reduction):
    x, reconstruction = pair((8, 5))

    @tf.function(jit_compile=True)
    def compiled(x, reconstruction):
        return cycle(x, reconstruction, norm=norm, reduction=reduction)

    expected = cycle(x, reconstruction, norm=norm, reduction=reduction).numpy()
    assert compiled(x, reconstruction).numpy() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(("norm", "factor"), [("l1", 3), ("l2", np.sqrt(3)), ("l2_squared", 3)])
def test_x_weight_makes_the_means_add_up_to_the_sums(norm, factor):
    z, z_again = pair((7, 3), seed=3)
    x, x_again = pair((7, 2, 2, 5), seed=4)
    means = cycle(z, z_again, norm=norm)
    means += x_weight((2, 2, 5), 3, norm) * cycle(x, x_again, norm=norm)
    sums = cycle(z, z_again, norm=norm, reduction="sum")
    sums += cycle(x, x_again, norm=norm, reduction="sum")
    assert factor * means.numpy() == pytest.approx(sums.numpy(), rel=1e-5)


def test_x_weight_of_the_papers():
    assert x_weight((2,), 2) == 1.0
    assert x_weight((32, 32, 3), 100) == pytest.approx(30.72)


def test_errors_name_the_argument_and_the_value():
    x = np.zeros([2, 3], "float32")
    with pytest.raises(ValueError, match="norm must be one of l1, l2, l2_squared; got 'l3'"):
        cycle(x, x, norm="l3")
    with pytest.raises(ValueError, match="reduction must be one of mean, sum; got 'none'"):
        cycle(x, x, reduction="none")
    with pytest.raises(ValueError, match=r"shape of x, \(2, 3\); got \(2, 1\)"):
        cycle(x, x[:, :1])
    with pytest.raises(ValueError, match="norm must be one of l1, l2, l2_squared; got 'l3'"):
        x_weight((2,), 2, "l3")
    with pytest.raises(ValueError, match=r"must be positive; got \(2,\) and 0"):
        x_weight((2,), 0)
