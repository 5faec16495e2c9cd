import functools
import time

import numpy as np
import pytest

from keras_iidgan.losses.floors import small_batch_floor

# Floors of another simulation, by (N, M), which drew 12 to 40 batches for each figure.
MEASURED = {
    (128, 2): {"p_norm": 0.28, "p_norm_1": 0.45, "w2": 0.023, "w2_1d": 0.020}
    | {"kl_qp": 0.017, "kl_pq": 0.017},
    (256, 10): {"p_norm": 0.84, "p_norm_1": 5.7, "w2": 0.14, "w2_1d": 0.05}
    | {"kl_qp": 0.13, "kl_pq": 0.14},
    (256, 20): {"p_norm": 1.56, "p_norm_1": 21, "w2": 0.50, "w2_1d": 0.12}
    | {"kl_qp": 0.46, "kl_pq": 0.52},
    (256, 100): {"p_norm": 6.9, "p_norm_1": 506, "w2": 10.9, "w2_1d": 0.58}
    | {"kl_qp": 11.8, "kl_pq": 21.8},
    (64, 20): {"p_norm": 3.1, "p_norm_1": 43, "w2": 2.1, "w2_1d": 0.45}
    | {"kl_qp": 2.1, "kl_pq": 3.6},
    (64, 100): {"p_norm": 13.7, "p_norm_1": 999, "w2": 56, "w2_1d": 2.3},
}
SIZES = list(MEASURED)
DRAWS = {2: 4000, 10: 400, 20: 300, 100: 40}
OPTIONS = {"p_norm_1": ("p_norm", {"p": 1.0}), "w2_root": ("w2", {"root": True})}


def floor(name, batch_size, latent_dim, **more):
    name, options = OPTIONS.get(name, (name, {}))
    return small_batch_floor(name, batch_size, latent_dim, **options, **more)


def losses_of_one_batch(z):
    """Every loss by another route than the library's: singular values, inverse, determinant."""
    count, latent_dim = z.shape
    mean = z.mean(axis=0)
    centred = (z - mean) / np.sqrt(count)
    cov = np.einsum("bi,bj->ij", centred, centred, optimize=True)
    roots = np.zeros(latent_dim)
    singular = np.linalg.svd(centred, compute_uv=False)
    roots[: len(singular)] = singular
    excess = cov - np.eye(latent_dim)
    losses = {
        "p_norm": np.sqrt((mean**2).sum()) + np.sqrt((excess**2).sum()),
        "p_norm_1": np.abs(mean).sum() + np.abs(excess).sum(),
        "w2": (mean**2).sum() + ((roots - 1) ** 2).sum(),
        "w2_1d": (mean**2 + (z.std(axis=0) - 1) ** 2).sum(),
    }
    losses["w2_root"] = np.sqrt(losses["w2"])
    if count > latent_dim:
        inverse, log_det = np.linalg.inv(cov), np.linalg.slogdet(cov)[1]
        losses["kl_qp"] = (np.trace(cov) + mean @ mean - latent_dim - log_det) / 2
        losses["kl_pq"] = (np.trace(inverse) + mean @ inverse @ mean - latent_dim + log_det) / 2
    return losses


@functools.cache
def simulated(batch_size, latent_dim):
    """Mean, spread and number of the losses of simulated batches, by name."""
    generator = np.random.default_rng(1234)
    draws = [
        losses_of_one_batch(generator.standard_normal((batch_size, latent_dim)))
        for _ in range(DRAWS[latent_dim])
    ]
    values = {name: np.array([draw[name] for draw in draws]) for name in draws[0]}
    return {name: (each.mean(), each.std(ddof=1), len(each)) for name, each in values.items()}


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_floors_are_the_expected_losses_of_standard_normal_codes(sizes):
    for name, (mean, spread, draws) in simulated(*sizes).items():
        # The library draws 1,024 batches at most and 16 at least; here, at least as many as here.
        error = spread * np.sqrt(2 / min(draws, 1024))
        assert floor(name, *sizes) == pytest.approx(mean, abs=4 * error), name


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_floors_agree_with_the_measured_table(sizes):
    for name, measured in MEASURED[sizes].items():
        rounding = 0.5 * 10.0 ** (np.floor(np.log10(measured)) - 1)
        error = simulated(*sizes)[name][1] / np.sqrt(12)
        assert floor(name, *sizes) == pytest.approx(measured, abs=4 * error + rounding), name


def test_closed_forms_in_one_dimension():
    # N = 2 codes a, b: sigma = |a - b| / 2 = |normal| / sqrt(2), whose mean is 1 / sqrt(pi).
    assert small_batch_floor("w2_1d", 2, 1) == pytest.approx(2 * (1 - 1 / np.sqrt(np.pi)))
    # N = 3: 3 sigma^2 is chi-squared with 2 degrees, E log of it = log 2 - Euler's constant.
    expected_log = np.log(2) - np.euler_gamma - np.log(3)
    assert small_batch_floor("kl_qp", 3, 1) == pytest.approx(-expected_log / 2)


def test_floors_vanish_like_one_over_the_batch_size():
    for name in ("w2_1d", "kl_qp", "kl_pq"):
        ratio = small_batch_floor(name, 100_000, 3) / small_batch_floor(name, 400_000, 3)
        assert ratio == pytest.approx(4, rel=1e-3)


def test_one_dimensional_w2_is_w2_1d():
    assert small_batch_floor("w2", 32, 1) == pytest.approx(
        small_batch_floor("w2_1d", 32, 1), rel=0.15
    )


def test_infinite_where_the_expectation_does_not_exist():
    assert small_batch_floor("kl_qp", 8, 8) == np.inf
    assert np.isfinite(small_batch_floor("kl_qp", 9, 8))
    assert small_batch_floor("kl_pq", 10, 8) == np.inf
    assert np.isfinite(small_batch_floor("kl_pq", 11, 8))


def test_names_without_moments():
    assert small_batch_floor("z_discriminator", 64, 2) == pytest.approx(np.log(2))
    assert small_batch_floor("none", 64, 2) == 0.0


def test_the_seed_decides():
    first, again = (small_batch_floor("w2", 64, 2, draws=8) for _ in range(2))
    assert first == again
    assert first != small_batch_floor("w2", 64, 2, draws=8, seed=1)


def test_large_sizes_stay_cheap():
    began = time.process_time()
    assert 0 < small_batch_floor("w2", 256, 100) < np.inf
    assert 0 < small_batch_floor("p_norm", 1024, 256) < np.inf
    assert time.process_time() - began < 4


def test_errors():
    with pytest.raises(ValueError, match=r"name must be one of p_norm, w2, .*; got 'w3'"):
        small_batch_floor("w3", 64, 2)
    with pytest.raises(ValueError, match="batch_size must be at least 2; got 1"):
        small_batch_floor("w2", 1, 2)
    with pytest.raises(ValueError, match="latent_dim must be at least 1; got 0"):
        small_batch_floor("w2", 64, 0)
    with pytest.raises(ValueError, match="draws must be at least 1; got 0"):
        small_batch_floor("w2", 64, 2, draws=0)
