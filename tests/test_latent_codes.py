"""Codes that show a latent space, against closed forms."""

import numpy as np
import pytest

from keras_iidgan import latent_codes as codes


def test_the_plane_is_in_the_order_in_which_a_plot_is_read():
    z = codes.plane(5)
    assert (z.shape, z.dtype) == ((400, 5), np.float32)
    for row, column in ((0, 0), (0, 19), (3, 7), (19, 0)):
        expected = [-2 + 4 * column / 19, 2 - 4 * row / 19, 0, 0, 0]
        np.testing.assert_allclose(z[row * 20 + column], expected, atol=1e-6)


def test_the_plane_has_the_size_and_the_limit_that_are_asked_for():
    np.testing.assert_allclose(codes.plane(2, 2, 3.0), [[-3, 3], [3, 3], [-3, -3], [3, -3]])


def test_a_traversal_changes_its_dimension_alone():
    z = np.array([0.5, -1.0, 2.0], np.float32)
    found = codes.traversal(z, 1, [-3, 0, 3])
    assert found.tolist() == [[0.5, -3, 2], [0.5, 0, 2], [0.5, 3, 2]]
    assert z.tolist() == [0.5, -1, 2]


def test_the_polar_sheet_has_its_angles_down_and_its_radii_across():
    angles, radii = codes.even_angles(8), np.array([0.5, 1.0, 2.0])
    z = codes.polar(4, angles, radii).reshape(8, 3, 4)
    np.testing.assert_allclose(np.hypot(z[..., 0], z[..., 1]), np.tile(radii, (8, 1)), rtol=1e-6)
    turned = np.arctan2(z[..., 1], z[..., 0]) % (2 * np.pi)
    np.testing.assert_allclose(turned, np.tile(np.arange(8)[:, None] * np.pi / 4, 3), atol=1e-6)
    assert not z[..., 2:].any()


def test_radii_in_two_dimensions_are_those_of_the_closed_form():
    share = np.array([0.125, 0.375, 0.625, 0.875])
    np.testing.assert_allclose(codes.even_radii(2, 4), np.sqrt(-2 * np.log(1 - share)), rtol=1e-10)


@pytest.mark.parametrize("dim", [1, 2, 16])
def test_as_many_draws_lie_below_each_radius_as_its_share_says(dim):
    norms = np.linalg.norm(np.random.default_rng(0).standard_normal((20_000, dim)), axis=1)
    below = [(norms < radius).mean() for radius in codes.even_radii(dim, 10)]
    # Four standard deviations of a share of 20,000 draws are at most 0.0142.
    np.testing.assert_allclose(below, (np.arange(10) + 0.5) / 10, atol=0.0142)


def pairs(count=6, dim=5, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((2, count, dim)).astype(np.float32)


def by_hand(a, b, t):
    """The spherical way in the orthonormal basis of the plane of two codes."""
    first = a / np.linalg.norm(a)
    across = b - (b @ first) * first
    second = across / np.linalg.norm(across)
    angle = t * np.arccos(b @ first / np.linalg.norm(b))
    length = (1 - t) * np.linalg.norm(a) + t * np.linalg.norm(b)
    return length * (np.cos(angle) * first + np.sin(angle) * second)


def test_the_spherical_way_is_a_turn_in_the_plane_of_the_codes():
    z0, z1 = pairs()
    found = codes.interpolate(z0, z1, 7).reshape(6, 7, 5)
    for way, a, b in zip(found, z0.astype(float), z1.astype(float), strict=True):
        expected = [by_hand(a, b, t) for t in np.linspace(0, 1, 7)]
        np.testing.assert_allclose(way, expected, atol=1e-6)


def test_between_codes_of_one_norm_the_spherical_way_keeps_it_and_the_linear_one_does_not():
    z0, z1 = np.array([[3.0, 0.0]]), np.array([[0.0, 3.0]])
    middle = codes.interpolate(z0, z1, 3)[1]
    np.testing.assert_allclose(middle, [3 / np.sqrt(2)] * 2, rtol=1e-6)
    assert codes.interpolate(z0, z1, 3, "linear")[1].tolist() == [1.5, 1.5]


@pytest.mark.parametrize("kind", codes.KINDS)
@pytest.mark.parametrize("steps", [2, 7])
def test_the_ends_are_exactly_the_codes(kind, steps):
    z0, z1 = pairs()
    found = codes.interpolate(z0, z1, steps, kind).reshape(6, steps, 5)
    np.testing.assert_array_equal(found[:, 0], z0)
    np.testing.assert_array_equal(found[:, -1], z1)


@pytest.mark.parametrize("factor", [1.0, 3.0, 0.0, -0.3])
def test_between_parallel_codes_the_way_is_linear(factor):
    z0, _ = pairs()
    found = codes.interpolate(z0, factor * z0, 5)
    np.testing.assert_array_equal(found, codes.interpolate(z0, factor * z0, 5, "linear"))
    assert np.isfinite(found).all()


def test_nearly_parallel_codes_have_a_way_that_hardly_differs_from_a_line():
    z0 = np.array([[1.0, 0.0]])
    z1 = np.array([[1.0, 1e-4]])
    np.testing.assert_allclose(
        codes.interpolate(z0, z1, 5), codes.interpolate(z0, z1, 5, "linear"), atol=1e-7
    )


def test_a_code_that_is_not_finite_spoils_its_own_way_alone():
    z0, z1 = pairs(2)
    z0[1, 0] = np.inf
    assert np.isfinite(codes.interpolate(z0, z1, 4)[:4]).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: codes.plane(1), "dim must be at least 2; got 1"),
        (lambda: codes.plane(2, 1), "size must be at least 2; got 1"),
        (lambda: codes.plane(2, limit=0), "limit must be a finite number above 0; got 0"),
        (lambda: codes.traversal(np.zeros((1, 2)), 0, [0]), "z must have 1 axis"),
        (lambda: codes.traversal(np.zeros(2), 2, [0]), "dimension must be in 0..1; got 2"),
        (lambda: codes.polar(1, [0], [1]), "dim must be at least 2; got 1"),
        (lambda: codes.even_radii(0, 4), "dim must be at least 1; got 0"),
        (lambda: codes.even_angles(0), "count must be at least 1; got 0"),
        (lambda: codes.interpolate([[1.0]], [[1.0, 2.0]], 3), "z0 and z1 must both be"),
        (lambda: codes.interpolate([[1.0]], [[2.0]], 1), "steps must be at least 2; got 1"),
        (lambda: codes.interpolate([[1.0]], [[2.0]], 3, "cubic"), "kind must be one of linear, sp"),
    ],
)
def test_what_cannot_be_placed_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
