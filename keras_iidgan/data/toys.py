"""The small data of the semi-implicit generator's Fig. 1: counts, and a circle with noise.

Counts are points in one dimension, and every number is a mode: the nearest one is a sample's, so
the divergences of the modes' shares are those of the distribution of counts.

Reference:
    Semi-implicit generative model (Yin and Zhou), section 5.1. A negative binomial with r and p has
    p^k (1 - p)^r there, the mean r p / (1 - p), and is a Poisson whose rate is Gamma(r) times
    p / (1 - p). Radius and noise of its circle aren't printed: 2 and 0.1 here.
"""

import functools

import numpy as np
from scipy import stats

from keras_iidgan.data.base import Assignment, Data, Dataset

TRAIN_SIZE = 100_000
TEST_SIZE = 10_000
_TAIL = 1e-4  # Share of the counts that are left out, the largest.
RADIUS, NOISE = 2.0, 0.1


def negative_binomial() -> np.ndarray:
    """Returns [K] float64, the shares of the counts 0..K-1 of r = 2 and p = 0.5; K holds all but a
    ten-thousandth, and the shares sum to 1.
    """
    return _shares(lambda k: stats.nbinom.pmf(k, 2, 0.5))


def poisson_mixture() -> np.ndarray:
    """Returns [K] float64, the shares of the counts where half are Poisson of rate 10, and half
    negative binomial of r = 0.2 and p = 0.9; as `negative_binomial` does.
    """
    return _shares(lambda k: (stats.poisson.pmf(k, 10) + stats.nbinom.pmf(k, 0.2, 1 - 0.9)) / 2)


def nearest_count(x, num_modes: int) -> Assignment:
    """Assigns every sample to the nearest count; it is good if that is one of 0..K-1.

    Args:
        x: [N, 1]. A sample that isn't finite is bad and has mode -1.
        num_modes: K.
    """
    x = np.asarray(x, np.float64)
    finite = np.isfinite(x[:, 0])
    count = np.rint(np.where(finite, x[:, 0], -1))
    good = finite & (count >= 0) & (count < num_modes)
    mode = np.where(finite, np.clip(count, 0, num_modes - 1), -1).astype(np.int32)
    return Assignment(mode, good)


def _shares(pmf):
    shares = pmf(np.arange(2000))
    kept = int(np.searchsorted(np.cumsum(shares), 1 - _TAIL)) + 1
    return shares[:kept] / shares[:kept].sum()


def _counts(name, shares, *, seed, std, size, data_dir):
    del std, data_dir  # There is none, and nothing is read.
    shares = shares()
    labels, test = (
        np.random.default_rng([seed, part]).choice(len(shares), n, p=shares).astype(np.int32)
        for part, n in enumerate((size or TRAIN_SIZE, TEST_SIZE))
    )
    return Data(
        name=name,
        kind="points",
        train=labels[:, None].astype(np.float32),
        test=test[:, None].astype(np.float32),
        num_modes=len(shares),
        assign=functools.partial(nearest_count, num_modes=len(shares)),
        mode_weights=shares,
        labels=labels,
        centers=np.arange(len(shares), dtype=np.float64)[:, None],
    )


def _circle(*, seed, std, size, data_dir):
    del std, data_dir
    train, test = (
        _circle_points(np.random.default_rng([seed, part]), n)
        for part, n in enumerate((size or TRAIN_SIZE, TEST_SIZE))
    )
    return Data(name="noisy_circle", kind="points", train=train, test=test)


def _circle_points(rng, count):
    angle = rng.uniform(0, 2 * np.pi, count)
    circle = RADIUS * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return (circle + NOISE * rng.standard_normal(circle.shape)).astype(np.float32)


DATASETS = {
    "negative_binomial": Dataset(
        functools.partial(_counts, "negative_binomial", negative_binomial)
    ),
    "poisson_mixture": Dataset(functools.partial(_counts, "poisson_mixture", poisson_mixture)),
    "noisy_circle": Dataset(_circle),
}
