"""Toys whose law is known but that have no separate modes: counts, and a ring with noise.

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

from keras_iidgan.data.base import Data, Dataset

TRAIN_SIZE = 100_000
TEST_SIZE = 10_000
RADIUS = 2.0
STD = {"paper": 0.1}


def negative_binomial(rng, size, r, p):
    """Draws [size] counts of NegativeBinomial(r, p) of mean r p / (1 - p)."""
    return rng.poisson(rng.gamma(r, p / (1 - p), size))


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


def _build(name, draw, *, seed, std, size, data_dir):
    del data_dir  # Nothing is read.
    # Two streams, so that the test points don't depend on the number of training points.
    train, test = (
        draw(np.random.default_rng([seed, stream]), count, std).astype(np.float32)
        for stream, count in enumerate((size or TRAIN_SIZE, TEST_SIZE))
    )
    return Data(name=name, kind="points", train=train, test=test)


def _toy(name, draw, presets=None):
    return Dataset(build=functools.partial(_build, name, draw), presets=presets or {})


DATASETS = {
    "negative_binomial": _toy("negative_binomial", _negative_binomial),
    "poisson_mixture": _toy("poisson_mixture", _poisson_mixture),
    "noisy_ring": _toy("noisy_ring", _noisy_ring, STD),
}
