import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan.losses.gaussian import gaussian_loss, moments


def codes(batch_size, latent_dim, seed=0):
    """Correlated codes with a mean, float32."""
    generator = np.random.default_rng(seed)
    mix = np.eye(latent_dim) + 0.4 * generator.normal(size=(latent_dim, latent_dim))
    z = generator.normal(size=(batch_size, latent_dim)) @ mix + generator.normal(size=latent_dim)
    return z.astype("float32")


class _Stop(Exception):
    pass


def spread_moments(pieces):
    """What each replica gets: all of them meet at each reduction, as real replicas do."""
    totals = []

    def run(piece, recorded):
        given = iter(totals)

        def all_reduce(tensors):
            try:
                return next(given)
            except StopIteration:
                recorded.append(tensors)
                raise _Stop from None

        return moments(piece, all_reduce=all_reduce)

    while True:
        recorded = []
        results = []
        for piece in pieces:
            try:
                results.append(run(piece, recorded))
            except _Stop:
                continue
        if results:
            return results, len(totals)
        totals.append([tf.add_n(list(parts)) for parts in zip(*recorded, strict=True)])


def test_equals_numpy():
    z = codes(50, 4)
    mean, cov = moments(tf.constant(z))
    np.testing.assert_allclose(mean, z.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(cov, np.cov(z.T.astype("float64"), bias=True), rtol=1e-5, atol=1e-6)


def test_a_large_mean_does_not_destroy_the_covariance():
    z = codes(256, 3) + np.float32(1e4)
    expected = np.cov(z.T.astype("float64"), bias=True)
    _, cov = moments(tf.constant(z))
    np.testing.assert_allclose(cov, expected, rtol=1e-4, atol=1e-5)
    one_pass = z.T @ z / 256 - np.outer(z.mean(axis=0), z.mean(axis=0))
    assert np.abs(one_pass - expected).max() > 0.1  # Else the shift would prove nothing.


@pytest.mark.parametrize("dtype", [tf.float16, tf.bfloat16, tf.float64])
def test_every_input_type_gives_float32(dtype):
    z = tf.cast(codes(64, 3), dtype)
    mean, cov = moments(z)
    assert (mean.dtype, cov.dtype) == (tf.float32, tf.float32)
    expected = np.cov(tf.cast(z, tf.float64).numpy().T, bias=True)
    np.testing.assert_allclose(cov, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("sizes", [(32, 32), (16, 16, 16, 16), (5, 59), (1, 2, 60, 1)])
def test_pieces_that_meet_give_the_moments_of_the_whole(sizes):
    z = codes(64, 3, seed=1)
    pieces = tf.split(tf.constant(z), sizes)
    expected = moments(tf.constant(z))
    results, reductions = spread_moments(pieces)
    assert reductions == 2
    assert len(results) == len(sizes)
    for mean, cov in results:
        np.testing.assert_allclose(mean, expected[0], rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(cov, expected[1], rtol=1e-5, atol=1e-6)


def test_pieces_with_a_large_mean_keep_their_covariance():
    z = codes(64, 3, seed=2) + np.float32(1e4)
    (_, cov), *_ = spread_moments(tf.split(tf.constant(z), 4))[0]
    expected = np.cov(z.T.astype("float64"), bias=True)
    np.testing.assert_allclose(cov, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", ["p_norm", "w2", "kl_pq", "kl_qp", "w2_1d"])
@pytest.mark.parametrize("replicas", [2, 4])
def test_loss_and_gradient_of_pieces_equal_those_of_the_whole(name, replicas):
    loss = gaussian_loss(name)
    z = tf.constant(codes(64, 3, seed=3))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(z)
        whole = loss(*moments(z))
        pieces = tf.split(z, replicas)
        together = loss(*spread_moments(pieces)[0][0])
        apart = tf.add_n([loss(*moments(piece)) for piece in pieces]) / replicas
    assert together.numpy() == pytest.approx(whole.numpy(), rel=1e-4)
    expected = tape.gradient(whole, z).numpy()
    scale = np.abs(expected).max()
    np.testing.assert_allclose(tape.gradient(together, z), expected, atol=1e-4 * scale)
    # What a replica by itself would compute is another loss with another gradient.
    assert abs(apart.numpy() / whole.numpy() - 1) > 1e-3
    assert np.abs(tape.gradient(apart, z).numpy() - expected).max() > 0.03 * scale


def test_gradient_equals_numerical_derivative():
    z = codes(12, 3, seed=4)
    weights = codes(4, 3, seed=5).astype("float64")
    direction = codes(12, 3, seed=6).astype("float64")

    def weighted(mean, cov):
        return (mean * weights[0]).sum() + (cov * weights[1:]).sum()

    variable = tf.constant(z)
    with tf.GradientTape() as tape:
        tape.watch(variable)
        mean, cov = moments(variable)
        value = tf.reduce_sum(mean * weights[0]) + tf.reduce_sum(cov * weights[1:])
    slope = np.sum(tape.gradient(value, variable).numpy() * direction)
    moved = [z + sign * 1e-5 * direction for sign in (1, -1)]
    ahead, behind = (weighted(each.mean(axis=0), np.cov(each.T, bias=True)) for each in moved)
    assert slope == pytest.approx((ahead - behind) / 2e-5, rel=1e-4)


def test_xla_gives_the_same_moments():
    z = tf.constant(codes(40, 5))
    compiled = tf.function(moments, jit_compile=True)(z)
    for ours, expected in zip(compiled, moments(z), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-5, atol=1e-6)


def test_codes_must_be_a_matrix():
    with pytest.raises(ValueError, match=r"z must have the shape \[B, M\]; got \(4, 2, 2\)"):
        moments(tf.zeros([4, 2, 2]))
