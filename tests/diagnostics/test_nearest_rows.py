import math

import numpy as np
import pytest

from keras_iidgan.diagnostics import samples


def naive(among, rows, k):
    return [sorted(math.dist(a, b) for b in among)[:k] for a in rows]


@pytest.mark.parametrize("dims", [2, 40])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nearest_is_that_of_all_pairs(monkeypatch, dims, dtype):
    monkeypatch.setattr(samples, "_VALUES", 300)
    rng = np.random.default_rng(0)
    x, y = (rng.normal(50, 1, size=(n, dims)).astype(dtype) for n in (50, 37))
    apart, indices = samples.nearest(x, y, k=3)
    assert apart == pytest.approx(np.array(naive(x, y, 3)), rel=1e-5)
    again = np.linalg.norm(y[:, None].astype(float) - x[indices], axis=-1)
    assert apart == pytest.approx(again, rel=1e-12)


@pytest.mark.parametrize("dims", [2, 40])
def test_a_row_is_no_neighbour_of_itself_but_its_copy_is(monkeypatch, dims):
    monkeypatch.setattr(samples, "_VALUES", 300)
    x = np.random.default_rng(0).normal(size=(30, dims))
    x[7] = x[3]
    apart, indices = samples.nearest(x, k=2)
    assert (indices[3, 0], indices[7, 0]) == (7, 3)
    assert apart[3, 0] == apart[7, 0] == 0
    expected = [sorted(math.dist(a, b) for b in x)[1:3] for a in x]
    assert apart == pytest.approx(np.array(expected))


@pytest.mark.parametrize("dims", [2, 40])
def test_many_copies_are_neighbours_of_each_other(dims):
    x = np.repeat(np.arange(3.0), 20)[:, None] * np.ones(dims)
    apart, indices = samples.nearest(x, k=4)
    assert not apart.any()
    assert (indices // 20 == np.arange(60)[:, None] // 20).all()
    assert (indices != np.arange(60)[:, None]).all()
    assert all(len(set(row)) == 4 for row in indices.tolist())


@pytest.mark.parametrize("dims", [2, 40])
def test_count_within_is_that_of_all_pairs_and_leaves_out_the_radius_itself(monkeypatch, dims):
    monkeypatch.setattr(samples, "_VALUES", 300)
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(50, dims)), rng.normal(size=(37, dims))
    radii = rng.uniform(0, 2 * math.sqrt(dims), size=37)
    radii[0] = 0
    expected = [sum(math.dist(a, b) < r for b in x) for a, r in zip(y, radii, strict=True)]
    assert samples.count_within(y, x, radii).tolist() == expected
    assert 0 < sum(expected) < 50 * 37


def test_count_within_does_not_count_at_the_radius():
    line = np.arange(5.0)[:, None]
    assert samples.count_within(line, line, 1.0).tolist() == [1] * 5
    assert samples.count_within(line, line, np.nextafter(1, 2)).tolist() == [2, 3, 3, 3, 2]


def test_images_are_flattened_and_some_rows_stay_in_order():
    assert samples.as_rows("x", np.zeros((3, 4, 4, 2))).shape == (3, 32)
    found = samples.some_rows(np.arange(100), 30, 0)
    assert len(set(found)) == 30 and (np.diff(found) > 0).all()
    assert samples.some_rows(found, 30, 0) is found


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros((0, 2)), r"x must have shape \(N >= 3, ...\); got \(0, 2\)"),
        (np.zeros((2, 2)), r"x must have shape \(N >= 3, ...\); got \(2, 2\)"),
        (np.zeros(9), r"x must have shape \(N >= 3, ...\); got \(9,\)"),
        (np.zeros((9, 3)), "x must have 2 values a sample; got 3"),
        (np.full((9, 2), np.nan), "x must be finite; got NaN or infinity"),
    ],
)
def test_rows_that_do_not_fit_are_refused(x, message):
    with pytest.raises(ValueError, match=message):
        samples.as_rows("x", x, 3, columns=2)
