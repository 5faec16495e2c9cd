import numpy as np
import pytest

from keras_iidgan import metrics


@pytest.mark.parametrize("latent_dim", [1, 2, 10])
def test_draws_of_n_0_i_lie_at_the_expected_distance(latent_dim):
    n, runs = 400, 500
    draws = np.random.default_rng(0).standard_normal((runs, n, latent_dim))
    found = [metrics.code_moments(z) for z in draws]
    for name, expected in (
        ("codes_mean", latent_dim / n),
        ("codes_covariance", latent_dim * (latent_dim + 1) / n),
    ):
        squares = np.array([each[name] for each in found]) ** 2
        assert squares.mean() == pytest.approx(
            expected, abs=4 * squares.std() / np.sqrt(runs) + expected / n
        )


def test_points_whose_moments_are_known():
    """The corners of a square of side 4 about (3, 4): mean (3, 4), covariance 4 I."""
    z = np.array([3, 4]) + 2 * np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    assert metrics.code_moments(z) == pytest.approx(
        {"codes_mean": 5.0, "codes_covariance": 3 * np.sqrt(2)}
    )


def test_a_correlation_counts_twice():
    """Of x and y = x, each of variance 1, S - I has a 1 off the diagonal, on both sides."""
    z = np.array([[1.0, 1.0], [-1.0, -1.0]])
    assert metrics.code_moments(z)["codes_covariance"] == pytest.approx(np.sqrt(2))


@pytest.mark.parametrize("shape", [(4,), (0, 2), (2, 2, 2)])
def test_what_is_no_matrix_is_refused(shape):
    with pytest.raises(ValueError, match="z must have the shape"):
        metrics.code_moments(np.zeros(shape))
