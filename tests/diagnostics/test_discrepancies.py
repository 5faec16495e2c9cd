import itertools

import numpy as np
import pytest
from scipy import integrate, stats

from keras_iidgan.diagnostics import discrepancies, pairs


def naive(z, draws):
    """Both distances, an expectation under N(0, I) being a mean over draws."""
    m = z.shape[1]
    apart = [np.linalg.norm(a - b) for a, b in itertools.permutations(z, 2)]
    near = [np.exp(-(distance**2) / (2 * m)) for distance in apart]
    reach = np.linalg.norm(z[:, None] - draws, axis=2)
    half = len(draws) // 2
    between = np.linalg.norm(draws[:half] - draws[half : 2 * half], axis=1)
    kernels = [np.exp(-(distances**2) / (2 * m)).mean() for distances in (reach, between)]
    energy = 2 * reach.mean() - np.mean(apart) - between.mean()
    return {"energy": energy, "mmd": np.mean(near) - 2 * kernels[0] + kernels[1]}


@pytest.mark.parametrize("dimensions", [1, 2, 5, 20])
def test_both_distances_a_pair_at_a_time(dimensions):
    rng = np.random.default_rng(0)
    z = 0.5 + 1.5 * rng.normal(size=(12, dimensions))
    found = discrepancies.statistics(z)
    expected = naive(z, rng.normal(size=(40_000, dimensions)))
    assert found["energy"] == pytest.approx(expected["energy"], abs=0.03)
    assert found["mmd"] == pytest.approx(expected["mmd"], abs=0.005)


@pytest.mark.parametrize("dimensions", [1, 2, 3, 10, 60, 61, 200])
@pytest.mark.parametrize("radius", [0.5, 3.0, 15.0])
def test_the_expected_distance_to_a_normal_by_integration(dimensions, radius):
    law = stats.ncx2(dimensions, radius**2)
    low, high = law.ppf([1e-14, 1 - 1e-14])
    expected, _ = integrate.quad(lambda y: np.sqrt(y) * law.pdf(y), low, high, limit=200)
    found = discrepancies.expected_distance([radius**2], dimensions)
    assert found == pytest.approx([expected], rel=5e-6)


@pytest.mark.parametrize("dimensions", [1, 2, 10, 61, 512])
def test_the_expected_distance_is_finite_and_grows_like_the_radius(dimensions):
    squares = np.geomspace(1e-3, 1e77, 300)
    found = discrepancies.expected_distance(squares, dimensions)
    assert (np.diff(found) > 0).all()
    assert found[-1] == pytest.approx(np.sqrt(squares[-1]))
    at_0 = discrepancies.expected_distance([0], dimensions)
    assert at_0 == pytest.approx([stats.chi(dimensions).mean()], rel=5e-6)


def test_known_values_of_a_point_mass():
    """All codes at 0, in two dimensions: energy 2 E||Z|| - E||Z - Z'||, MMD^2 1 - 1 + (1 - 1/2)."""
    found = discrepancies.statistics(np.zeros((10, 2)))
    root = np.sqrt(np.pi / 2)  # E||Z||
    assert found["energy"] == pytest.approx((2 - np.sqrt(2)) * root)
    assert found["energy_coefficient"] == pytest.approx(1 - 1 / np.sqrt(2))
    assert found["mmd"] == pytest.approx(1 - 2 * (2 / 3) + 1 / 2)


def test_rotated_codes_are_as_far():
    rng = np.random.default_rng(1)
    z = rng.normal(size=(300, 4)) * [1, 2, 0.5, 1] + 0.3
    turn = stats.ortho_group.rvs(4, random_state=2)
    assert discrepancies.statistics(z @ turn) == pytest.approx(discrepancies.statistics(z))


def test_their_expectation_under_the_null_hypothesis_is_0():
    rng = np.random.default_rng(3)
    found = [discrepancies.statistics(z) for z in rng.normal(size=(1_000, 40, 3))]
    for name in found[0]:
        values = np.array([each[name] for each in found])
        assert abs(values.mean()) < 4 * values.std() / np.sqrt(len(values)), name


@pytest.mark.parametrize("rows", [5, pairs.BLOCK, pairs.BLOCK + 1, 3 * pairs.BLOCK - 2])
def test_blocks_hold_every_pair_once(rows):
    z = np.random.default_rng(4).normal(size=(rows, 3)) + 1e6
    apart = np.linalg.norm(z[:, None] - z, axis=2)
    found = sum(pairs.total(np.sqrt(block)) for block in pairs.squared_distances(z))
    assert found == pytest.approx(apart.sum(), rel=1e-6)
    cubes = sum(pairs.total((block / 1e12) ** 3) for _, block in pairs.products(z))
    assert cubes == pytest.approx(((z @ z.T / 1e12) ** 3).sum())
