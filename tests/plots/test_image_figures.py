import numpy as np
import pytest

from keras_iidgan import plots


def sheet(figure):
    return np.asarray(figure.axes[0].images[0].get_array())


def test_samples_are_set_row_by_row_with_their_brightness():
    levels = np.linspace(-1, 1, 5).astype(np.float32)
    x = np.broadcast_to(levels[:, None, None, None], (5, 8, 8, 1))
    drawn = sheet(plots.samples_figure(x, columns=3))
    assert drawn.shape == (2 * 9, 3 * 9, 3)
    for i, level in enumerate(levels):
        row, column = divmod(i, 3)
        cell = drawn[9 * row : 9 * row + 8, 9 * column : 9 * column + 8]
        assert cell == pytest.approx(np.full((8, 8, 3), (level + 1) / 2))
    assert (drawn[9:, 18:] == 1).all()  # No sixth image.


def test_colour_channels_stay_in_their_order():
    x = np.full((1, 4, 4, 3), -1.0)
    x[..., 2] = 1
    assert sheet(plots.samples_figure(x))[0, 0].tolist() == [0, 0, 1]


def test_values_out_of_range_are_clipped_and_broken_ones_black():
    x = np.array([9.0, -9.0, np.nan, np.inf]).reshape(4, 1, 1, 1)
    assert sheet(plots.samples_figure(x, columns=4))[0, ::2, 0].tolist() == [1, 0, 0, 0]


def test_each_image_stands_above_its_reconstruction():
    x = np.full((5, 2, 2, 1), 1.0)
    drawn = sheet(plots.reconstructions_figure(x, -x, columns=3))
    assert drawn.shape == (4 * 3, 3 * 3, 3)
    corners = drawn[::3, ::3, 0]
    assert corners.tolist() == [[1, 1, 1], [0, 0, 0], [1, 1, 1], [0, 0, 1]]


def test_a_square_grid_is_the_default_and_it_can_be_drawn():
    figure = plots.samples_figure(np.zeros((16, 8, 8, 3)))
    assert sheet(figure).shape == (36, 36, 3)
    assert plots.to_array(figure).shape[2] == 3


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda x: plots.samples_figure(x[..., :2]), "x must have shape.*got .*2"),
        (lambda x: plots.samples_figure(x[:0]), "x must have shape"),
        (lambda x: plots.samples_figure(x, columns=0), "columns must be at least 1; got 0"),
        (lambda x: plots.reconstructions_figure(x, x[:1]), "x_rec must have the shape of x"),
        (lambda x: plots.reconstructions_figure(x, x, columns=0), "columns must be at least 1"),
    ],
)
def test_what_is_no_image_is_refused(draw, message):
    with pytest.raises(ValueError, match=message):
        draw(np.zeros((2, 4, 4, 3)))
