"""What each Gaussian loss costs codes that are already N(0, I), because a batch is finite.

A loss at its floor has nothing left to teach the encoder: the sampling error of the moments is
all that it sees. NumPy and SciPy only.
"""

import functools
import math

import numpy as np
from scipy import special

# Multiplications that one call may spend on draws, a fraction of a second on one core.
_BUDGET = 1.5e9
_LEAST_DRAWS = 16


def small_batch_floor(name, batch_size, latent_dim, *, p=2.0, root=False, draws=1024, seed=0):
    """The expected loss of N codes drawn from N(0, I) in M dimensions.

    Formula: with S the biased covariance of the codes, so that N S ~ Wishart(N - 1, I), psi the
    digamma function, L = E log det S = sum_{i=1..M} psi((N - i) / 2) + M log(2 / N):
        w2_1d             2 M (1 - E sigma),
                          E sigma = sqrt(2 / N) Gamma(N / 2) / Gamma((N - 1) / 2)
        kl_qp             -L / 2 where N > M, else infinite
        kl_pq             (L - M + M (N + 1) / (N - M - 2)) / 2 where N > M + 2, else infinite
        z_discriminator   log 2, the encoder's loss where the discriminator cannot tell
        none              0
        p_norm, w2        by simulation with a fixed seed; no short closed form

    The `w2` root is simulated as the mean of the roots. The closed forms leave out the jitter of
    the losses.

    Args:
        name: one of `gaussian.names()`.
        batch_size: N, the size of the global batch.
        latent_dim: M, the number of latent dimensions.
        p: as in `p_norm`.
        root: as in `w2`.
        draws: batches to simulate; fewer where M and N are large, but 16 at least unless less
            is asked for. The loss varies less from batch to batch as M grows: the standard error
            is within 2 % for 1,024 draws at M = 2, and within 0.5 % for 16 draws at M = 100.
        seed: of the simulation.

    Returns:
        A float, in the units of the loss.

    Raises:
        ValueError: `name` is unknown, `batch_size` is below 2, or `latent_dim` or `draws` below 1.
    """
    if name not in _NAMES:
        raise ValueError(f"name must be one of {', '.join(_NAMES)}; got {name!r}")
    for argument, value, least in (
        ("batch_size", batch_size, 2),
        ("latent_dim", latent_dim, 1),
        ("draws", draws, 1),
    ):
        if value < least:
            raise ValueError(f"{argument} must be at least {least}; got {value}")
    if name in _CLOSED:
        return float(_CLOSED[name](batch_size, latent_dim))
    loss = (
        functools.partial(_p_norm, p=p) if name == "p_norm" else functools.partial(_w2, root=root)
    )
    return _simulated(loss, batch_size, latent_dim, draws, seed)


def _w2_1d(batch_size, latent_dim):
    half = batch_size / 2
    log_sigma = special.gammaln(half) - special.gammaln(half - 0.5) - math.log(half) / 2
    return -2 * latent_dim * math.expm1(log_sigma)


def _kl_qp(batch_size, latent_dim):
    if batch_size <= latent_dim:
        return math.inf
    return -_expected_log_det(batch_size, latent_dim) / 2


def _kl_pq(batch_size, latent_dim):
    if batch_size <= latent_dim + 2:
        return math.inf
    trace_and_mean = latent_dim * (batch_size + 1) / (batch_size - latent_dim - 2)
    return (_expected_log_det(batch_size, latent_dim) - latent_dim + trace_and_mean) / 2


def _expected_log_det(batch_size, latent_dim):
    i = np.arange(1, latent_dim + 1)
    return special.digamma((batch_size - i) / 2).sum() + latent_dim * math.log(2 / batch_size)


def _simulated(loss, batch_size, latent_dim, draws, seed):
    """The mean of `loss` over batches of standard normal codes."""
    one_draw = latent_dim**2 * (batch_size + 10 * latent_dim) + 20 * batch_size * latent_dim
    draws = min(draws, max(_LEAST_DRAWS, int(_BUDGET / one_draw)))
    generator = np.random.default_rng(seed)
    total = 0.0
    for _ in range(draws):
        z = generator.standard_normal((batch_size, latent_dim))
        mean = z.mean(axis=0)
        z -= mean
        total += loss(mean, z.T @ z / batch_size)
    return total / draws


def _p_norm(mean, cov, p):
    norms = [np.linalg.norm(each.ravel(), p) for each in (mean, cov - np.eye(len(cov)))]
    return float(sum(norms))


def _w2(mean, cov, root):
    eigenvalues = np.maximum(np.linalg.eigvalsh(cov), 0.0)
    squared = float(mean @ mean + np.square(np.sqrt(eigenvalues) - 1).sum())
    return math.sqrt(squared) if root else squared


_CLOSED = {
    "w2_1d": _w2_1d,
    "kl_pq": _kl_pq,
    "kl_qp": _kl_qp,
    "z_discriminator": lambda batch_size, latent_dim: math.log(2),
    "none": lambda batch_size, latent_dim: 0.0,
}
_NAMES = ("p_norm", "w2", *_CLOSED)
