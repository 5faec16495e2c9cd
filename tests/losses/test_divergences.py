import functools

import numpy as np
import pytest
import scipy.linalg
import scipy.stats
import tensorflow as tf

from keras_iidgan.losses.divergences import kl_pq, kl_qp, p_norm, w2, w2_1d

LOSSES = {
    "p_norm": p_norm,
    "p_norm_1": functools.partial(p_norm, p=1),
    "p_norm_1.5": functools.partial(p_norm, p=1.5),
    "p_norm_8": functools.partial(p_norm, p=8.0),
    "w2": w2,
    "w2_root": functools.partial(w2, root=True),
    "w2_1d": w2_1d,
    "kl_pq": kl_pq,
    "kl_qp": kl_qp,
}
SMOOTH = sorted(set(LOSSES) - {"p_norm_1"})


def w2_by_square_root_matrix(mean, cov):
    root = scipy.linalg.sqrtm(cov).real
    return mean @ mean + np.trace(cov + np.eye(len(cov)) - 2 * root)


def norms(mean, cov, p):
    return sum((np.abs(each) ** p).sum() ** (1 / p) for each in (mean, cov - np.eye(len(cov))))


def printed_kl(mean, cov):
    inverse = np.linalg.inv(cov)
    log_det = np.linalg.slogdet(cov)[1]
    return 0.5 * (log_det - len(cov) + np.trace(inverse) + mean @ inverse @ mean)


def reversed_kl(mean, cov):
    return 0.5 * (np.trace(cov) + mean @ mean - len(cov) - np.linalg.slogdet(cov)[1])


BY_HAND = {
    "p_norm": functools.partial(norms, p=2),
    "p_norm_1": functools.partial(norms, p=1),
    "p_norm_1.5": functools.partial(norms, p=1.5),
    "p_norm_8": functools.partial(norms, p=8),
    "w2": w2_by_square_root_matrix,
    "w2_root": lambda mean, cov: np.sqrt(w2_by_square_root_matrix(mean, cov)),
    "w2_1d": lambda mean, cov: mean @ mean + ((np.sqrt(np.diag(cov)) - 1) ** 2).sum(),
    "kl_pq": printed_kl,
    "kl_qp": reversed_kl,
}


def gaussian(latent_dim, seed=0):
    """A mean and a well conditioned covariance, float64."""
    generator = np.random.default_rng(seed)
    mix = np.eye(latent_dim) + 0.3 * generator.normal(size=(latent_dim, latent_dim))
    return generator.normal(size=latent_dim), mix @ mix.T + 0.1 * np.eye(latent_dim)


def gradients(loss, *operands):
    operands = [tf.constant(operand) for operand in operands]
    with tf.GradientTape() as tape:
        tape.watch(operands)
        value = loss(*operands)
    return value.numpy(), [each.numpy() for each in tape.gradient(value, operands)]


@pytest.mark.parametrize("latent_dim", [1, 2, 7])
@pytest.mark.parametrize("name", LOSSES)
def test_equals_numpy(name, latent_dim):
    mean, cov = gaussian(latent_dim)
    expected = BY_HAND[name](mean, cov)
    single = LOSSES[name](mean.astype("float32"), cov.astype("float32"))
    assert single.dtype == tf.float32
    assert single.numpy() == pytest.approx(expected, rel=1e-4)
    # The jitter of 1e-6 is all that remains in float64.
    assert LOSSES[name](mean, cov).numpy() == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("name", LOSSES)
def test_zero_for_the_standard_normal_and_not_beside_it(name):
    mean, cov = np.zeros(5, "float32"), np.eye(5, dtype="float32")
    assert LOSSES[name](mean, cov).numpy() == pytest.approx(0.0, abs=5e-6)
    assert LOSSES[name](mean + np.float32(0.1), cov).numpy() > 1e-3
    assert LOSSES[name](mean, cov * np.float32(1.2)).numpy() > 1e-3


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("p_norm", 5 + np.sqrt(3**2 + 8**2)),
        ("p_norm_1", 7 + 11),
        ("w2", 25 + 1 + 4),
        ("w2_root", np.sqrt(30)),
        ("w2_1d", 25 + 1 + 4),
        ("kl_pq", 0.5 * (np.log(36) - 2 + 1 / 4 + 1 / 9 + 9 / 4 + 16 / 9)),
        ("kl_qp", 0.5 * (4 + 9 + 25 - 2 - np.log(36))),
    ],
)
def test_known_values(name, expected):
    mean, cov = np.array([3.0, 4.0], "float32"), np.diag([4.0, 9.0]).astype("float32")
    assert LOSSES[name](mean, cov).numpy() == pytest.approx(expected, rel=1e-5)


def test_only_w2_1d_is_blind_to_correlation():
    mean, cov = np.zeros(2), np.array([[1.0, 0.9], [0.9, 1.0]])
    assert w2_1d(mean, cov).numpy() == pytest.approx(0.0, abs=1e-9)
    expected = (np.sqrt(1.9) - 1) ** 2 + (np.sqrt(0.1) - 1) ** 2
    assert w2(mean, cov).numpy() == pytest.approx(expected, rel=1e-4)


def test_w2_1d_takes_variances_alone():
    mean, cov = gaussian(4)
    expected = w2_1d(mean, cov).numpy()
    assert w2_1d(mean, np.diag(cov)).numpy() == pytest.approx(expected, rel=1e-12)


def test_each_kl_is_the_expected_log_ratio_under_its_own_first_argument():
    mean, cov = gaussian(2)
    cov = 3 * cov  # Far from I, so that the two differ.
    p = scipy.stats.multivariate_normal(np.zeros(2), np.eye(2))
    q = scipy.stats.multivariate_normal(mean, cov)
    for loss, first, second in ((kl_pq, p, q), (kl_qp, q, p)):
        samples = first.rvs(100_000, random_state=0)
        ratios = first.logpdf(samples) - second.logpdf(samples)
        error = ratios.std() / np.sqrt(len(ratios))
        assert loss(mean, cov).numpy() == pytest.approx(ratios.mean(), abs=4 * error)
    assert abs(kl_pq(mean, cov) - kl_qp(mean, cov)).numpy() > 0.1


@pytest.mark.parametrize("name", LOSSES)
def test_gradients_equal_numerical_derivatives(name):
    mean, cov = gaussian(4, seed=1)
    along_mean, along_cov = gaussian(4, seed=2)
    _, (to_mean, to_cov) = gradients(LOSSES[name], mean, cov)
    step = 1e-5
    ahead, behind = (
        BY_HAND[name](mean + sign * step * along_mean, cov + sign * step * along_cov)
        for sign in (1, -1)
    )
    slope = (to_mean * along_mean).sum() + (to_cov * along_cov).sum()
    assert slope == pytest.approx((ahead - behind) / (2 * step), rel=1e-4)


@pytest.mark.parametrize("name", SMOOTH)
def test_no_gradient_at_the_minimum(name):
    _, by_operand = gradients(LOSSES[name], np.zeros(3, "float32"), np.eye(3, dtype="float32"))
    for gradient in by_operand:
        # The root of w2 turns the jitter's own 1e-6 into a slope, which is bounded by 1/2.
        assert np.abs(gradient).max() <= (0.5 if name == "w2_root" else 1e-5)


def test_w2_gradient_at_equal_eigenvalues():
    cov = 4 * np.eye(3)
    _, (_, to_cov) = gradients(w2, np.zeros(3), cov)
    # d/dS tr(S - 2 S^(1/2)) = I - S^(-1/2)
    np.testing.assert_allclose(to_cov, np.eye(3) * 0.5, rtol=1e-5, atol=1e-9)


def test_bad_p():
    mean, cov = np.zeros(10), np.eye(10)
    for p in (0.5, np.inf, np.nan):
        with pytest.raises(ValueError, match=f"p must be a finite number >= 1; got {p}"):
            p_norm(mean, cov, p=p)
    with pytest.warns(UserWarning, match="p=1 shrinks codes of 10 dimensions"):
        p_norm(mean, cov, p=1)
