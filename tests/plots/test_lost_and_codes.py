"""Figures of lost points and of codes: what they draw is what they were given."""

import numpy as np
import pytest
from scipy import stats

from keras_iidgan import plots


@pytest.fixture
def real():
    return np.random.default_rng(0).normal(size=(50, 2))


def drawn(axes):
    """{label: points} of the scatters."""
    return {each.get_label(): np.asarray(each.get_offsets()) for each in axes.collections}


def test_members_of_lost_groups_are_joined_to_their_reconstructions(real):
    lost = {"left": np.array([4, 1]), "right": np.array([7])}
    figure = plots.lost_figure(real, real[:9] + 5, lost, x_rebuilt=real + 1)
    (axes,) = figure.axes
    found = drawn(axes)
    assert np.array_equal(found["real points"], real)
    assert np.array_equal(found["generated points"], real[:9] + 5)
    assert np.array_equal(found["lost real points"], real[[4, 1]])
    lines = [each for each in axes.collections if hasattr(each, "get_segments")]
    segments = np.concatenate([each.get_segments() for each in lines])
    assert np.allclose(segments, np.stack([real, real + 1], axis=1)[[4, 1, 7]])
    assert [text.get_text() for text in axes.texts] == ["left", "right"]


def test_without_reconstructions_there_are_no_lines(real):
    (axes,) = plots.lost_figure(real, real, {"left": np.array([4])}).axes
    assert set(drawn(axes)) == {"real points", "generated points", "lost real points"}


def test_reconstructions_that_are_not_finite_have_no_line(real):
    rebuilt = np.full_like(real, np.nan)
    figure = plots.lost_figure(real, real, {"left": np.array([4])}, x_rebuilt=rebuilt)
    lines = [each for each in figure.axes[0].collections if hasattr(each, "get_segments")]
    assert [len(each.get_segments()) for each in lines] == [0]
    assert plots.to_array(figure).std() > 0


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"x_real": np.zeros((4, 3))}, r"x_real must have shape \(N >= 1, 2\); got \(4, 3\)"),
        ({"x_fake": np.zeros((0, 2))}, r"x_fake must have shape \(N >= 1, 2\); got \(0, 2\)"),
        ({"x_rebuilt": np.zeros((3, 2))}, r"x_rebuilt must have the shape of x_real, \(4, 2\)"),
    ],
)
def test_points_that_do_not_fit_are_refused(values, said):
    usual = {"x_real": np.zeros((4, 2)), "x_fake": np.zeros((4, 2)), "groups": {}}
    with pytest.raises(ValueError, match=said):
        plots.lost_figure(**usual | values)


@pytest.mark.parametrize("size", [1, 2, 100])
def test_the_radius_stands_over_its_law_as_a_density(size):
    z = np.random.default_rng(1).normal(size=(20_000, size))
    figure = plots.codes_figure(z)
    _, radius, moments = figure.axes
    bars = radius.patches
    centres = np.array([bar.get_x() + bar.get_width() / 2 for bar in bars])
    heights = np.array([bar.get_height() for bar in bars])
    assert sum(bar.get_height() * bar.get_width() for bar in bars) == pytest.approx(1, abs=0.002)
    if size > 1:  # In one dimension the density has no bound at 0.
        assert heights == pytest.approx(stats.chi2(size).pdf(centres), abs=0.15 * heights.max())
    mean, deviation = (line.get_ydata() for line in moments.lines[2:])
    shown = min(size, 64)
    assert mean == pytest.approx(z.mean(axis=0)[:shown])
    assert deviation == pytest.approx(z.std(axis=0)[:shown])
    assert plots.to_array(figure).std() > 0


def test_codes_far_outside_are_counted():
    z = np.random.default_rng(1).normal(size=(1000, 2))
    z[:5] += 100
    assert "0.5% lie outside" in plots.codes_figure(z).axes[1].get_title()


@pytest.mark.parametrize(
    ("z", "said"),
    [
        (np.zeros(3), r"z_real must have shape \(N, M >= 1\); got \(3,\)"),
        (np.full((3, 2), np.nan), "z_real must have a finite row; got none"),
    ],
)
def test_codes_that_cannot_be_drawn_are_refused(z, said):
    with pytest.raises(ValueError, match=said):
        plots.codes_figure(z)
