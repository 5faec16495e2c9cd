"""Toys whose law is known but that have no separate modes: counts, and a ring with noise.

Of counts every number is a mode: the nearest one is a sample's, so that the divergences of the
modes' shares are those of the law. The largest counts, a ten-thousandth of all, belong to none.

    name                law
    negative_binomial   NegativeBinomial(2, 0.5), which is Poisson(theta), theta ~ Gamma(2, scale 1)
    poisson_mixture     1/2 Poisson(10) + 1/2 NegativeBinomial(0.2, 0.9)
    noisy_ring          2 (cos a, sin a) + std * N(0, I), a uniform

NegativeBinomial(r, p) is Poisson(theta) with theta ~ Gamma(r, scale p / (1 - p)), whose mean is
r p / (1 - p); so the authors' other papers write it. The paper's third toy on a ring, a Gaussian
mixture, is `ring`.

Reference:
    Yin and Zhou, Semi-implicit generative model, section 5.1 and Fig. 1. Radius and noise of its
    ring aren't printed; the likelihood that it is fitted by has a standard deviation of 0.1.
"""

import functools

import numpy as np
from scipy import stats

from keras_iidgan.data.base import Assignment, Data, Dataset

TRAIN_SIZE = 100_000
TEST_SIZE = 10_000
RADIUS = 2.0
STD = {"paper": 0.1}
_TAIL = 1e-4


def negative_binomial(rng, size, r, p):
    """Draws [size] counts of NegativeBinomial(r, p) of mean r p / (1 - p)."""
    return rng.poisson(rng.gamma(r, p / (1 - p), size))


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


def _negative_binomial(rng, size, std):
    del std
    return negative_binomial(rng, size, 2, 0.5)[:, None]


def _poisson_mixture(rng, size, std):
    del std
    is_poisson = rng.random(size) < 0.5
    others = negative_binomial(rng, size, 0.2, 0.9)
    return np.where(is_poisson, rng.poisson(10, size), others)[:, None]


def _noisy_ring(rng, size, std):
    angle = rng.uniform(0, 2 * np.pi, size)
    circle = RADIUS * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return circle + std * rng.standard_normal((size, 2))


# scipy's p is our 1 - p.
_LAWS = {
    "negative_binomial": lambda k: stats.nbinom.pmf(k, 2, 0.5),
    "poisson_mixture": lambda k: (stats.poisson.pmf(k, 10) + stats.nbinom.pmf(k, 0.2, 0.1)) / 2,
}


def _modes(name):
    """The modes of counts, as arguments of `Data`; none of other data."""
    if name not in _LAWS:
        return {}
    shares = _LAWS[name](np.arange(2000))
    count = int(np.searchsorted(np.cumsum(shares), 1 - _TAIL)) + 1
    return {
        "num_modes": count,
        "assign": functools.partial(nearest_count, num_modes=count),
        "mode_weights": shares[:count] / shares[:count].sum(),
        "centers": np.arange(count, dtype=np.float64)[:, None],
    }


def _build(name, draw, *, seed, std, size, data_dir):
    del data_dir  # Nothing is read.
    # Two streams, so that the test points don't depend on the number of training points.
    train, test = (
        draw(np.random.default_rng([seed, stream]), count, std).astype(np.float32)
        for stream, count in enumerate((size or TRAIN_SIZE, TEST_SIZE))
    )
    return Data(name=name, kind="points", train=train, test=test, **_modes(name))


def _toy(name, draw, presets=None):
    return Dataset(build=functools.partial(_build, name, draw), presets=presets or {})


DATASETS = {
    "negative_binomial": _toy("negative_binomial", _negative_binomial),
    "poisson_mixture": _toy("poisson_mixture", _poisson_mixture),
    "noisy_ring": _toy("noisy_ring", _noisy_ring, STD),
}
