import numpy as np
import pytest

from keras_iidgan import latent_codes, plots


def numbered(count, height=2, width=3, channels=1):
    """Images whose brightness says which they are."""
    levels = np.arange(count) / count * 2 - 1
    return np.broadcast_to(levels[:, None, None, None], (count, height, width, channels))


def numbers(figure, count):
    """[H, W] of the sheet: the number of the image that each pixel belongs to; `count` is white."""
    sheet = np.asarray(figure.axes[0].images[0].get_array())
    return (sheet[..., 0] * count).round().astype(int)


def cells(figure, count, rows, columns, height=2, width=3):
    """[rows, columns]: the number of the image in each cell, which has to fill it."""
    found = numbers(figure, count).reshape(rows, height + 1, columns, width + 1)
    inner = found[:, :height, :, :width]
    assert (inner == inner[:, :1, :, :1]).all()
    assert (found[:, height] == count).all() and (found[..., width] == count).all()
    return inner[:, 0, :, 0]


def ticks(axis):
    return dict(
        zip([text.get_text() for text in axis.get_ticklabels()], axis.get_ticklocs(), strict=True)
    )


def assert_nothing_is_cut(figure):
    array = plots.to_array(figure)
    height, width, _ = array.shape
    box = figure.axes[0].get_tightbbox()
    assert min(box.x0, box.y0) >= 0 and box.x1 <= width and box.y1 <= height
    # All four borders are still paper.
    assert (array[[0, -1]] == 255).all() and (array[:, [0, -1]] == 255).all()


def test_each_image_of_the_plane_lies_at_its_code():
    figure = plots.plane_figure(numbered(400), limit=2.0, title="a run")
    (axes,) = figure.axes
    found = numbers(figure, 400)
    assert found.shape == (20 * 2, 20 * 3)
    left, right, bottom, top = axes.images[0].get_extent()
    for place, (z1, z2) in enumerate(latent_codes.plane(2)):
        row = int((top - z2) / (top - bottom) * 40)
        column = int((z1 - left) / (right - left) * 60)
        assert found[row, column] == place
        assert divmod(place, 20) == (row // 2, column // 3)
    # No gap, and the codes are the centres of their images.
    assert (found == np.arange(400).reshape(20, 20).repeat(2, 0).repeat(3, 1)).all()
    assert (right - left) / 20 == pytest.approx(4 / 19)


def test_the_plane_has_its_axes_and_square_pixels():
    figure = plots.plane_figure(numbered(400), limit=2.0, title="a run")
    (axes,) = figure.axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("z 1", "z 2")
    expected = {"-2": -2, "-1": -1, "0": 0, "1": 1, "2": 2}
    assert ticks(axes.xaxis) == ticks(axes.yaxis) == expected
    assert axes.get_ylim()[0] < axes.get_ylim()[1]
    assert_nothing_is_cut(figure)
    box = axes.get_window_extent()
    assert box.width / 60 == pytest.approx(box.height / 40, rel=0.01)


def test_the_polar_sheet_has_its_angles_down_and_its_radii_across():
    angles, radii = latent_codes.even_angles(8), [0.5, 1.0, 2.25]
    figure = plots.polar_figure(numbered(24), angles=angles, radii=radii, title="a run")
    assert cells(figure, 24, 8, 3).tolist() == np.arange(24).reshape(8, 3).tolist()
    (axes,) = figure.axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("radius", "angle")
    assert ticks(axes.xaxis) == {"0.50": 1, "1.00": 5, "2.25": 9}
    assert list(ticks(axes.yaxis).items())[:2] == [("0°", 0.5), ("45°", 3.5)]
    assert_nothing_is_cut(figure)


def test_traversals_have_a_row_per_dimension_and_a_column_per_value():
    rows, values = ["z 1", "z 2"], [-3, -1.5, 0, 1.5, 3]
    figure = plots.traversals_figure(numbered(10), rows=rows, values=values, title="a run")
    assert cells(figure, 10, 2, 5).tolist() == np.arange(10).reshape(2, 5).tolist()
    (axes,) = figure.axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("value", "dimension")
    assert ticks(axes.xaxis) == {"-3": 1, "-1.5": 5, "0": 9, "1.5": 13, "3": 17}
    assert ticks(axes.yaxis) == {"z 1": 0.5, "z 2": 3.5}
    assert_nothing_is_cut(figure)


def test_a_class_has_a_row_its_first_images_and_its_share():
    mode = np.array([1, -1, 0, 1, 1, -1, 1, 0, 3, -1])
    names = ["cat", "dog", "hen", "cow"]
    figure = plots.class_grid_figure(numbered(10), mode, names=names, columns=3, title="a run")
    white = 10
    assert cells(figure, 10, 4, 3).tolist() == [
        [2, 7, white],
        [0, 3, 4],
        [white, white, white],
        [8, white, white],
    ]
    expected = {"cat (20%)": 0.5, "dog (40%)": 3.5, "hen (0%)": 6.5, "cow (10%)": 9.5}
    assert ticks(figure.axes[0].yaxis) == expected
    assert_nothing_is_cut(figure)


def test_ways_lie_between_the_images_they_join():
    images = numbered(14, width=4)
    x0, x, x1 = images[:2], images[2:12], images[12:]
    figure = plots.interpolation_figure(x0, x, x1, title="a run")
    (axes,) = figure.axes
    found = numbers(figure, 14)
    columns = np.array(list(ticks(axes.xaxis).values())).astype(int)
    assert list(ticks(axes.xaxis)) == ["x", "0", "0.25", "0.5", "0.75", "1", "x'"]
    assert found[[0, 3]][:, columns].tolist() == [
        [0, 2, 3, 4, 5, 6, 12],
        [1, 7, 8, 9, 10, 11, 13],
    ]
    for column in columns:  # The tick is in the middle of its image.
        assert len(set(found[0, column - 1 : column + 3])) == 1
    assert "F(x)" in axes.get_xlabel()
    assert_nothing_is_cut(figure)


@pytest.mark.parametrize("shape", [(8, 8, 1), (32, 32, 3), (8, 32, 3)])
def test_sheets_of_other_shapes_fit_too(shape):
    x = numbered(9, *shape)
    for figure in (
        plots.plane_figure(x, title="a run"),
        plots.traversals_figure(x, rows=["z 10", "z 11", "z 12"], values=[-1, 0, 1], title="a run"),
        plots.class_grid_figure(x, np.arange(9), names=["automobile"] * 9, title="a run"),
        plots.interpolation_figure(x[:1], x, x[:1], title="a run"),
    ):
        assert_nothing_is_cut(figure)


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda x: plots.plane_figure(x[:3]), "x must hold a square number .*got 3"),
        (lambda x: plots.plane_figure(x[:1]), "x must hold a square number .*got 1"),
        (lambda x: plots.plane_figure(x[..., 0]), "x must have shape"),
        (
            lambda x: plots.polar_figure(x, angles=[0], radii=[1]),
            "x must hold angles times radii, 1 images; got 4",
        ),
        (
            lambda x: plots.traversals_figure(x, rows=["z 1"], values=[1, 2]),
            "x must hold rows times values, 2 images; got 4",
        ),
        (lambda x: plots.class_grid_figure(x, [0, 1], names="ab"), "mode must hold 4 integers"),
        (lambda x: plots.class_grid_figure(x, [0, 1, 2, 0], names="ab"), r"in -1\.\.1; got"),
        (
            lambda x: plots.class_grid_figure(x, [0] * 4, names="a", columns=0),
            "columns must be at least 1; got 0",
        ),
        (lambda x: plots.interpolation_figure(x[:3], x, x[:3]), "must be P, k P and P images"),
        (lambda x: plots.interpolation_figure(x, x, x[:2]), "must be P, k P and P images"),
    ],
)
def test_what_does_not_fit_is_refused(draw, message):
    with pytest.raises(ValueError, match=message):
        draw(numbered(4))
