import math

import numpy as np
import pytest

from keras_iidgan import data
from keras_iidgan.data import synthetic


def test_ring_has_eight_different_modes_on_the_circle_of_radius_two():
    centers = synthetic.ring_centers()
    gaps = np.linalg.norm(centers[:, None] - centers[None], axis=-1)[~np.eye(8, dtype=bool)]
    # Neighbours on a regular octagon lie 2 r sin(pi/8) apart. The means as printed would coincide.
    assert gaps.min() == pytest.approx(4 * math.sin(math.pi / 8))
    assert np.linalg.norm(centers, axis=1) == pytest.approx(np.full(8, 2.0))
    assert centers[0] == pytest.approx([math.sqrt(2), math.sqrt(2)])


def test_grid_means_are_the_even_numbers_from_minus_four_to_four():
    expected = {(2 * i, 2 * j) for i in range(-2, 3) for j in range(-2, 3)}
    assert {tuple(center) for center in synthetic.grid_centers()} == expected


@pytest.mark.parametrize(("name", "each"), [("ring", 12_500), ("grid", 4_000)])
def test_every_mode_has_exactly_the_same_number_of_points(name, each):
    made = data.load(name)
    assert made.train.shape == (100_000, 2)
    assert made.test.shape == (10_000, 2)
    assert (np.bincount(made.labels) == each).all()
    assert made.mode_weights == pytest.approx(np.full(made.num_modes, each / 100_000))


def test_uneven_grid_has_twice_the_data_in_columns_one_three_and_five():
    made = data.load("uneven_grid")
    counts = {x: 0 for x in (-4, -2, 0, 2, 4)}
    for label in made.labels:
        counts[int(made.centers[label, 0])] += 1
    assert counts == {-4: 25_000, -2: 12_500, 0: 25_000, 2: 12_500, 4: 25_000}
    assert made.mode_weights == pytest.approx(np.bincount(made.labels) / 100_000)


@pytest.mark.parametrize("preset", ["paper", "variance", "standard"])
def test_the_points_have_the_preset_spread(preset):
    made = data.load("ring", std=preset)
    residual = made.train - made.centers[made.labels]
    # 200,000 numbers: the relative standard error of their std is 1/sqrt(400,000) = 0.0016.
    assert residual.std() == pytest.approx(data.presets("ring")[preset], rel=0.008)


def test_the_seed_decides_everything_and_the_data_are_shuffled():
    one, again, other = (data.load("grid", seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one.train, again.train)
    np.testing.assert_array_equal(one.test, again.test)
    assert (one.train != other.train).any()
    assert (one.train[:10_000] != one.test).all(axis=1).any()
    assert len(np.unique(one.labels[:1000])) == 25


def test_the_test_points_do_not_depend_on_the_training_size():
    np.testing.assert_array_equal(data.load("ring", size=80).test, data.load("ring").test)


def test_a_perfect_sample_is_good_as_often_as_the_gaussian_says():
    made = data.load("ring")
    assigned = made.assign(made.train)
    quality = 1 - math.exp(-4.5)
    error = math.sqrt(quality * (1 - quality) / 100_000)
    assert assigned.good.mean() == pytest.approx(quality, abs=4 * error)
    np.testing.assert_array_equal(assigned.mode, made.labels)


def test_assignment_equals_a_loop_over_all_centers():
    rng = np.random.default_rng(0)
    x, centers = rng.normal(0, 2, (200, 2)), synthetic.ring_centers()
    assigned = synthetic.nearest_mode(x, centers, 0.2)
    for point, mode, good, distance in zip(
        x, assigned.mode, assigned.good, assigned.distance, strict=True
    ):
        gaps = [math.dist(point, center) for center in centers]
        assert mode == gaps.index(min(gaps))
        assert distance == pytest.approx(min(gaps))
        assert good == (min(gaps) <= 0.6)


def test_the_radius_counts_in_standard_deviations():
    centers = np.zeros((1, 2))
    x = [[0.299, 0.0], [0.0, -0.301]]
    assert synthetic.nearest_mode(x, centers, 0.1).good.tolist() == [True, False]
    assert synthetic.nearest_mode(x, centers, 0.1, radius=3.1).good.all()


def test_points_that_are_not_finite_are_bad_and_have_no_mode():
    x = np.array([[np.nan, 0], [np.inf, 0], [0, -np.inf], [1e300, 1e300], [2, 0]])
    assigned = data.load("ring").assign(x)
    assert assigned.good.tolist() == [False] * 4 + [True]
    assert assigned.mode[:3].tolist() == [-1] * 3
    assert np.isinf(assigned.distance[:3]).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.zeros((3, 3)), np.zeros((2, 2)), 0.1), r"x must have shape \(N, 2\); got \(3, 3\)"),
        ((np.zeros(2), np.zeros((2, 2)), 0.1), "x must have shape"),
        ((np.zeros((3, 2)), np.zeros((2, 2)), -0.1), "std must be.*got -0.1"),
        ((np.zeros((3, 2)), np.zeros((2, 2)), 0.1, 0), "radius must be.*got 0"),
    ],
)
def test_assignment_refuses_what_does_not_fit(arguments, message):
    with pytest.raises(ValueError, match=message):
        synthetic.nearest_mode(*arguments)
