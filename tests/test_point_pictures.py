import types

import numpy as np

from keras_iidgan import point_pictures


def data(*shape, num_modes=0):
    train = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    return types.SimpleNamespace(kind="points", shape=shape[1:], train=train, num_modes=num_modes)


def test_numbers_get_bars_and_points_a_density_and_more_dimensions_nothing():
    numbers = point_pictures.draw_samples({"G(z)": np.zeros((4, 1))}, data(6, 1))
    assert [axes.get_title() for axes in numbers.axes] == ["G(z), 0.0% lie outside"]
    points = point_pictures.draw_samples({"G(z)": np.zeros((4, 2))}, data(6, 2))
    assert [axes.get_title() for axes in points.axes] == ["real points", "G(z)"]
    assert point_pictures.draw_samples({"G(z)": np.zeros((4, 3))}, data(6, 3)) is None


def test_points_in_two_dimensions_are_coloured_by_mode_if_they_have_modes():
    assert point_pictures.can_draw(data(6, 2, num_modes=3))
    assert not point_pictures.can_draw(data(6, 2))
    assert not point_pictures.can_draw(data(6, 1, num_modes=3))
