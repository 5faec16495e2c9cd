import math

import mixtures
import numpy as np
import pytest

from keras_iidgan import diagnostics
from keras_iidgan.diagnostics import groups


@pytest.mark.parametrize("centers", [mixtures.RING, mixtures.GRID], ids=["ring", "grid"])
def test_the_modes_of_a_mixture_are_found(centers):
    x, mode = mixtures.draw(np.random.default_rng(0), 1500, centers)
    found = diagnostics.find_clusters(x)
    assert len(found) == len(centers) and found.clear
    pairs = set(zip(found.assign(x), mode, strict=True))
    assert len(pairs) == len(centers)  # One to one.


def test_data_without_clusters_are_cut_into_cells():
    found = diagnostics.find_clusters(np.random.default_rng(0).normal(size=(600, 2)))
    assert len(found) == groups.CELLS and not found.clear
    assert found.names()[0].startswith("cell 0 at (")


def test_names_say_where_a_cluster_of_points_is():
    x, _ = mixtures.draw(np.random.default_rng(0), 800)
    assert any(name.endswith("at (2, 0)") for name in diagnostics.find_clusters(x, 8).names())
    images = np.repeat(x, 8, axis=1).reshape(-1, 4, 4, 1)
    assert diagnostics.find_clusters(images, 8).names()[2] == "cluster 2"


def test_identical_samples_are_one_cluster():
    found = diagnostics.find_clusters(np.ones((50, 3)))
    assert len(found) == 1 and not found.clear


def test_scales_are_quantiles_of_the_distance_to_a_neighbour():
    rng = np.random.default_rng(0)
    x, of_each = rng.normal(size=(60, 2)), rng.integers(3, size=60)
    found = groups.group_scales(x, of_each, 4, k=2)
    apart = np.array([sorted(math.dist(a, b) for b in x)[2] for a in x])
    expected = [np.quantile(apart[of_each == g], 0.99) for g in range(3)]
    assert found[:3] == pytest.approx(expected) and np.isnan(found[3])


def test_repeated_samples_have_the_scale_of_different_ones():
    x = np.repeat(np.arange(10.0), 20)[:, None]
    assert groups.group_scales(x, np.zeros(200, int), 1).tolist() == [1.0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"clusters": 0}, r"clusters must be an integer in 1..40; got 0"),
        ({"clusters": 2.5}, r"clusters must be an integer in 1..40; got 2.5"),
        ({"names": ["a"]}, "names must be None where groups is"),
        ({"groups": np.zeros(3, int)}, r"groups must be integers of shape \(40,\)"),
        ({"groups": np.zeros(40)}, r"groups must be integers .* got float64"),
        ({"groups": np.full(40, -1)}, "groups must be at least 0; got -1"),
        ({"groups": np.ones(40, int), "names": ["a"]}, "names must have one for each of the 2"),
        ({"k": 0}, "k must be an integer of at least 1; got 0"),
        ({"k": 40}, r"real must have shape \(N >= 41, ...\)"),
    ],
)
def test_groups_that_do_not_fit_are_refused(arguments, message):
    x = np.random.default_rng(0).normal(size=(40, 2))
    with pytest.raises(ValueError, match=message):
        diagnostics.diagnose_coverage(x, x, **arguments)


def test_more_clusters_than_different_samples_are_refused():
    with pytest.raises(ValueError, match="at most the number of different samples; got 3"):
        diagnostics.find_clusters(np.repeat([[0.0], [1.0]], 10, axis=0), 3)
