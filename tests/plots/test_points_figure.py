"""Points alone in a figure."""

import numpy as np
import pytest

from keras_iidgan import plots


def test_points_are_where_they_are_and_what_is_left_out_is_said():
    x = np.array([[0, 1, 5], [2, 3, 5], [np.nan, 0, 5]])
    figure = plots.points_figure(x, joined=True, title="way")
    (axes,) = figure.axes
    np.testing.assert_array_equal(axes.collections[0].get_offsets(), [[0, 1], [2, 3]])
    np.testing.assert_array_equal(axes.lines[0].get_xydata(), [[0, 1], [2, 3]])
    assert axes.get_title() == "way\ndimensions 1 and 2 of 3\n1 not finite"
    assert plots.to_array(figure).std() > 0
    assert not plots.points_figure(x[:2]).axes[0].lines


@pytest.mark.parametrize("shape", [(3,), (3, 1), (0, 2)])
def test_what_is_no_plane_is_refused(shape):
    with pytest.raises(ValueError, match="x must have shape"):
        plots.points_figure(np.zeros(shape))
