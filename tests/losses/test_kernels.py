"""GDPP's terms and the Bures distance against NumPy and SciPy, and their gradients at the edges."""

import numpy as np
import pytest
import scipy.linalg
import tensorflow as tf

from keras_iidgan import losses
from keras_iidgan.losses import spectral


def features(count, dimensions, seed=0):
    generator = np.random.default_rng(seed)
    scales = 1 / (1 + np.arange(dimensions))  # Eigenvalues well apart.
    return generator.normal(size=(count, dimensions)) * scales + 0.3


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def spectrum(rows):
    rows = unit(rows)
    return np.linalg.eigh(rows @ rows.T)


def expected_gdpp(real, fake):
    """Both terms up to the signs of eigenvectors, which are arbitrary."""
    (w, v), (w_fake, v_fake) = spectrum(real), spectrum(fake)
    m = (w - w.min()) / (w.max() - w.min())
    return np.mean((w - w_fake) ** 2), -np.sum(m * np.abs(np.sum(v * v_fake, axis=0)))


def expected_bures(real, fake):
    covariances = []
    for rows in (real, fake):
        rows = unit(rows - rows.mean(axis=0))
        covariances.append(rows.T @ rows)
    root = scipy.linalg.sqrtm(covariances[0])
    middle = scipy.linalg.sqrtm(root @ covariances[1] @ root)
    return np.trace(covariances[0]) + np.trace(covariances[1]) - 2 * np.trace(middle).real


def slope(function, point, direction, step=1e-6):
    """The gradient along a direction, and the central difference that it should be."""
    point = tf.constant(point)
    with tf.GradientTape() as tape:
        tape.watch(point)
        value = function(point)
    found = np.sum(tape.gradient(value, point).numpy() * direction)
    ahead, behind = (float(function(point + sign * step * direction)) for sign in (1, -1))
    return found, (ahead - behind) / (2 * step)


@pytest.mark.parametrize(("count", "dimensions"), [(6, 8), (12, 4)])
def test_gdpp_equals_numpy(count, dimensions):
    real, fake = features(count, dimensions), features(count, dimensions, seed=1)
    eigenvalue, eigenvector = losses.gdpp(real, fake, absolute=True)
    values, vectors = expected_gdpp(real, fake)
    assert float(eigenvalue) == pytest.approx(values, rel=1e-5)
    assert float(eigenvector) == pytest.approx(vectors, rel=1e-5)


def test_eigenvectors_have_a_sum_above_0_and_count_with_that_sign():
    real, fake = features(6, 8), features(6, 8, seed=1)
    (w, v), (_, v_fake) = spectrum(real), spectrum(fake)
    v, v_fake = (each * np.sign(each.sum(axis=0)) for each in (v, v_fake))
    products = (w - w.min()) / (w.max() - w.min()) * (v * v_fake).sum(axis=0)
    assert products.min() < -0.01  # Else the magnitudes would be the same.
    assert float(losses.gdpp(real, fake)[1]) == pytest.approx(-products.sum(), rel=1e-5)


def test_equal_features_have_no_distance():
    rows = features(7, 9)
    values, _ = spectrum(rows)
    weights = (values - values.min()) / (values.max() - values.min())
    eigenvalue, eigenvector = losses.gdpp(rows, rows)
    assert float(eigenvalue) == pytest.approx(0, abs=1e-12)
    assert float(eigenvector) == pytest.approx(-weights.sum(), rel=1e-6)
    assert float(losses.bures(rows, rows)) == pytest.approx(0, abs=1e-6)


def test_the_scale_of_features_does_not_matter():
    real, fake = features(6, 8), features(6, 8, seed=1)
    for loss in (lambda *f: losses.gdpp(*f)[0], lambda *f: losses.gdpp(*f)[1], losses.bures):
        assert float(loss(3 * real, fake / 7)) == pytest.approx(float(loss(real, fake)), rel=1e-6)


@pytest.mark.parametrize("which", [0, 1])
def test_gradient_of_gdpp_equals_the_numerical_derivative(which):
    real, fake = features(6, 8), features(6, 8, seed=1)
    direction = np.random.default_rng(2).normal(size=fake.shape)

    def loss(rows):  # In float64 throughout, so that a difference of 1e-6 can be resolved.
        unit_rows = tf.math.l2_normalize(rows, axis=1)
        values, vectors = spectral.eigh(tf.matmul(unit_rows, unit_rows, transpose_b=True))
        return tf.reduce_sum(values**2) if which == 0 else tf.reduce_sum(real[:, :6] * vectors)

    found, numerical = slope(loss, fake, direction)
    assert found == pytest.approx(numerical, rel=1e-3)
    assert abs(found) > 0.01
    with tf.GradientTape() as tape:  # And the loss itself passes a gradient on.
        rows = tf.constant(fake)
        tape.watch(rows)
        value = losses.gdpp(real, rows)[which]
    assert np.abs(tape.gradient(value, rows)).max() > 1e-3


# Kernels on which the plain gradient of eigenvectors is infinite or not a number.
EDGES = {
    "rank_deficient": lambda: features(12, 3),
    "all_rows_equal": lambda: np.ones((6, 4)),
    "two_rows_equal": lambda: np.repeat(features(3, 5), 2, axis=0),
    "orthogonal_rows": lambda: np.eye(6),
    "a_row_of_zeros": lambda: features(6, 4) * (np.arange(6) > 0)[:, None],
    "only_zeros": lambda: np.zeros((6, 4)),
}


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("side", ["fake", "real"])
def test_values_and_gradients_are_finite_on_degenerate_kernels(edge, side):
    rows = EDGES[edge]()
    other = features(*rows.shape, seed=1)
    fake = tf.constant(rows if side == "fake" else other)
    real = other if side == "fake" else rows
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(fake)
        terms = [*losses.gdpp(real, fake), losses.bures(real, fake)]
    assert np.isfinite(terms).all()
    for term in terms:
        assert np.isfinite(tape.gradient(term, fake)).all()


def turning(decompose, gap):
    """The largest slope of a loss that turns the eigenvectors of diag(1, 1 + gap)."""
    matrix, weights = tf.constant(np.diag([1.0, 1.0 + gap])), np.array([[0.0, 1.0], [-1.0, 0.0]])
    with tf.GradientTape() as tape:
        tape.watch(matrix)
        value = tf.reduce_sum(decompose(matrix)[1] * weights)
    gradient = tape.gradient(value, matrix).numpy()
    return np.abs(gradient + gradient.T).max() / 2  # One triangle may hold the slope of both.


@pytest.mark.parametrize("gap", [0.0, 1e-9, 1e-3, 0.1])
def test_gradient_near_equal_eigenvalues_is_bounded(gap):
    # Turning both vectors by an angle t costs 2t, and t = d / gap for an entry d off the diagonal.
    found = turning(spectral.eigh, gap)
    assert found == pytest.approx(gap / (gap**2 + 1e-6), rel=1e-5, abs=1e-9)
    assert found <= 500


def test_the_plain_gradient_is_the_same_far_from_equal_eigenvalues_and_unbounded_near():
    assert turning(tf.linalg.eigh, 0.1) == pytest.approx(turning(spectral.eigh, 0.1), rel=2e-4)
    assert turning(tf.linalg.eigh, 1e-9) > 1e8


@pytest.mark.parametrize(("count", "dimensions"), [(20, 4), (5, 9)])
def test_bures_equals_the_root_of_scipy(count, dimensions):
    real, fake = features(count, dimensions), features(count, dimensions, seed=1)
    value = float(losses.bures(real, fake))
    # sqrtm itself is good to the root of float64's precision where a covariance is singular.
    assert value == pytest.approx(expected_bures(real, fake), rel=1e-5)
    assert value == pytest.approx(float(losses.bures(fake, real)), rel=1e-6)
    assert value > 0.1


def test_bures_of_orthogonal_features_is_the_sum_of_both_traces():
    base = features(8, 4)
    real, fake = np.hstack([base, 0 * base]), np.hstack([0 * base, base])
    assert float(losses.bures(real, fake)) == pytest.approx(16, rel=1e-6)


def test_bures_of_generators_that_lost_one_of_two_clusters():
    """Features (1, e) or (-1, e), after centring and scaling rows: C = B on one axis each."""
    both = np.array([[1.0, 0.0], [-1.0, 0.0]] * 4)
    other = np.array([[0.0, 1.0], [0.0, -1.0]] * 4)
    assert float(losses.bures(both, both[::-1])) == pytest.approx(0, abs=1e-6)
    assert float(losses.bures(both, other)) == pytest.approx(16, rel=1e-5)
    turned = both @ np.array([[1, 1], [-1, 1]]) / np.sqrt(2)  # C of rank 1, 45 degrees away.
    assert float(losses.bures(both, turned)) == pytest.approx(16 - 16 / np.sqrt(2), rel=1e-5)


def test_gradient_of_bures_equals_the_numerical_derivative():
    real, fake = features(12, 4), features(12, 4, seed=1)
    direction, step = np.random.default_rng(2).normal(size=fake.shape), 1e-5
    found, _ = slope(lambda rows: losses.bures(real, rows), fake, direction)
    ahead, behind = (expected_bures(real, fake + sign * step * direction) for sign in (1, -1))
    assert found == pytest.approx((ahead - behind) / (2 * step), rel=1e-4)


def test_features_that_are_not_finite_give_nan_and_no_error():
    rows = features(6, 4)
    rows[2, 1] = np.inf
    found = [*losses.gdpp(features(6, 4), rows), losses.bures(features(6, 4), rows)]
    assert np.isnan(found).all()


def test_half_precision_features_give_float32_losses_and_xla_the_same():
    real, fake = features(8, 5), features(8, 5, seed=1)
    terms = [*losses.gdpp(real, fake, absolute=True), losses.bures(real, fake)]
    half = tf.cast(real, tf.float16), tf.cast(fake, tf.float16)
    assert {t.dtype for t in (*losses.gdpp(*half), losses.bures(*half))} == {tf.float32}

    @tf.function(jit_compile=True)
    def compiled(real, fake):
        return [*losses.gdpp(real, fake, absolute=True), losses.bures(real, fake)]

    np.testing.assert_allclose(compiled(real, fake), terms, rtol=1e-5)
    signed = tf.function(losses.gdpp, jit_compile=True)(real, fake)
    np.testing.assert_allclose(signed, losses.gdpp(real, fake), rtol=1e-5)
