import numpy as np
import pytest

from keras_iidgan import plots
from keras_iidgan.plots import latent

CENTERS = np.array([[-2.0, 0.0], [2.0, 0.0], [0.0, 2.0]])
MODE = np.array([0, 0, 0, 1, 2, -1])
GOOD = np.array([True, True, True, True, False, False])
Z = np.random.default_rng(0).standard_normal((6, 2))
X = np.vstack([CENTERS[MODE[:4]], [[1.0, 1.0]], [[np.nan, 0.0]]])


def draw(**changes):
    arguments = {"z": Z, "x_fake": X, "mode": MODE, "good": GOOD, "x_real": CENTERS}
    return plots.latent_figure(**(arguments | changes), num_modes=3)


def colours_of(axes, place=-1):
    return axes.collections[place].get_facecolors()[:, :3]


def test_bad_points_are_white_and_good_ones_have_the_colour_of_their_mode():
    latent_axes, _, _ = draw().axes
    expected = [*plots.colours(3)[[0, 0, 0, 1]], (1, 1, 1), (1, 1, 1)]
    assert colours_of(latent_axes) == pytest.approx(np.array(expected))
    outlined = [width > 0 for width in latent_axes.collections[-1].get_linewidths()]
    assert outlined == [False] * 4 + [True] * 2


def test_good_points_are_drawn_over_bad_ones_and_broken_ones_are_counted():
    _, data_axes, _ = draw().axes
    shown = np.asarray(data_axes.collections[-1].get_offsets())
    np.testing.assert_allclose(shown, X[[4, 0, 1, 2, 3]])
    assert "1 of 6 lie outside" in data_axes.get_title()


def test_the_pie_shows_the_share_of_each_mode_and_of_bad_samples():
    from matplotlib.patches import Wedge

    pie = draw().axes[-1]
    wedges = [patch for patch in pie.patches if isinstance(patch, Wedge)]
    shares = [(wedge.theta2 - wedge.theta1) / 360 for wedge in wedges]
    assert shares == pytest.approx([3 / 6, 1 / 6, 0, 2 / 6], abs=1e-6)
    assert wedges[-1].get_facecolor()[:3] == (1, 1, 1)
    assert wedges[1].get_facecolor()[:3] == pytest.approx(tuple(plots.colours(3)[1]))
    assert "bad 33.3%" in {text.get_text() for text in pie.texts}
    assert pie.get_title() == "2 of 3 modes, 66.67% good"


def test_the_inverse_has_a_panel_only_where_there_is_one():
    assert len(draw().axes) == 3
    inverse, *others = draw(z_real=Z[:3], real_mode=np.array([2, 1, 0])).axes
    assert len(others) == 3
    assert colours_of(inverse) == pytest.approx(plots.colours(3)[[2, 1, 0]])


@pytest.mark.parametrize(("size", "said"), [(1, False), (2, False), (5, True)])
def test_more_latent_dimensions_than_two_are_said(size, said):
    figure = draw(z=np.ones((6, size)))
    assert (f"dimensions 1 and 2 of {size}" in figure.axes[0].get_title()) is said
    assert plots.to_array(figure).ndim == 3


def test_a_far_inverse_widens_its_window():
    far = np.array([[0.0, 0.0], [40.0, 0.0], [0.0, -40.0]])
    inverse = draw(z_real=far, real_mode=np.array([0, 1, 2])).axes[0]
    low, high = inverse.get_xlim()
    assert low < -40 < 40 < high


def test_many_points_are_thinned_but_the_shares_are_those_of_all():
    size = 3 * latent.MAX_POINTS
    good = np.arange(size) >= size // 4
    figure = plots.latent_figure(
        np.zeros((size, 2)), np.zeros((size, 2)), np.zeros(size, int), good, CENTERS, num_modes=3
    )
    assert len(figure.axes[0].collections[-1].get_offsets()) == latent.MAX_POINTS
    assert figure.axes[-1].get_title() == "1 of 3 modes, 75.00% good"


def test_only_bad_and_only_broken_samples_can_be_drawn():
    x = np.full((6, 2), np.inf)
    figure = draw(z=x, x_fake=x, mode=np.full(6, -1), good=np.zeros(6, bool))
    assert figure.axes[-1].get_title() == "0 of 3 modes, 0.00% good"
    assert plots.to_array(figure).ndim == 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"x_fake": np.zeros((6, 3))}, r"x_fake must have shape \(N, 2\); got \(6, 3\)"),
        ({"mode": MODE[:5]}, r"mode must have 1 axes and a row per sample, 6; got shape \(5,\)"),
        ({"z": Z[0]}, "z must have 2 axes"),
        ({"z_real": Z[:3]}, "real_mode must hold the mode of each row"),
        ({"z_real": Z, "real_mode": MODE}, "real_mode must hold the mode of each row"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        draw(**changes)
