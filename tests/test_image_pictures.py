"""Which pictures a model of images gets, and that they show what they say."""

import numpy as np
import pytest

from keras_iidgan import image_pictures, plots
from keras_iidgan.data import Assignment, Data


class Model:
    """G writes the code into the pixels of a row, as z / 8, and F reads it."""

    def __init__(self, latent_dim=4, can_invert=True):
        self.latent_dim, self.can_invert, self.generated = latent_dim, can_invert, 0

    def latents(self, count, seed):
        return np.random.default_rng(seed).standard_normal((count, self.latent_dim))

    def generate(self, z):
        self.generated += len(z)
        return np.asarray(z, np.float32)[:, None, :, None] / 8

    def invert(self, x):
        return x[:, 0, :, 0] * 8

    def reconstruct(self, x):
        return self.generate(self.invert(x))


def assign(x):
    """The mode is the sign of the first dimension, and it is good unless the second is negative."""
    first, second = x[:, 0, 0, 0], x[:, 0, 1, 0]
    return Assignment((first > 0).astype(int), second > 0)


def images(size=4, count=30, num_modes=2, class_names=()):
    x = np.random.default_rng(1).uniform(-0.2, 0.2, (count, 1, size, 1)).astype(np.float32)
    modes = {}
    if num_modes:
        weights = np.full(num_modes, 1 / num_modes)
        modes = {"num_modes": num_modes, "mode_weights": weights, "assign": assign}
    return Data(
        name="fake",
        kind="images",
        train=x,
        test=x,
        class_names=class_names,
        **modes,
    )


def codes(figure, rows, columns, size=4):
    """[rows, columns, M]: the codes that are written in a sheet with gaps."""
    sheet = np.asarray(figure.axes[0].images[0].get_array())[..., 0]
    return (sheet.reshape(rows, 2, columns, size + 1)[:, 0, :, :size] * 2 - 1) * 8


def draw(model=None, data=None, **amount):
    return image_pictures.draw(model or Model(), data or images(), amount, seed=3, title="a run")


@pytest.mark.parametrize(
    ("latent_dim", "can_invert", "num_modes", "missing"),
    [
        (2, True, 2, set()),
        (4, True, 2, {"plane"}),
        (2, False, 2, {"reconstructions", "interpolation"}),
        (2, True, 0, {"classes"}),
        (2, True, 21, {"classes"}),
        (1, False, 0, {"classes", "plane", "polar", "reconstructions", "interpolation"}),
    ],
)
def test_every_picture_is_drawn_or_said_to_be_left_out(latent_dim, can_invert, num_modes, missing):
    model, data = Model(latent_dim, can_invert), images(latent_dim, num_modes=num_modes)
    said = image_pictures.left_out(model, data)
    assert set(said) == missing
    drawn = image_pictures.draw(model, data, image_pictures.FULL, title="a run")
    assert set(drawn) == set(image_pictures.FULL) - missing
    for figure in drawn.values():
        assert "a run" in figure.axes[0].get_title()


def test_the_reasons_name_what_is_in_the_way():
    said = image_pictures.left_out(Model(16, can_invert=False), images(16, num_modes=1000))
    assert said == {
        "classes": "1,000 modes are more than 20 rows",
        "plane": "the codes have 16 dimensions, not 2",
        "reconstructions": "there is no encoder",
        "interpolation": "there is no encoder",
    }
    one = images(count=1)
    assert image_pictures.left_out(Model(), one)["interpolation"] == (
        "there are fewer than 2 test images"
    )


def test_an_evaluation_costs_less_than_a_thousand_images_and_has_no_polar_sheet():
    model = Model(2)
    drawn = image_pictures.draw(model, images(2), image_pictures.AT_EVALUATION)
    assert set(drawn) == set(image_pictures.FULL) - {"polar"}
    assert model.generated < 1000


def test_samples_are_those_of_the_seed():
    model = Model()
    figure = draw(model, samples={"count": 9})["samples"]
    np.testing.assert_allclose(codes(figure, 3, 3).reshape(9, 4), model.latents(9, 3), atol=1e-5)


def test_a_traversal_sets_each_dimension_of_one_code_to_each_value():
    model = Model()
    figure = draw(model, traversals={"dimensions": 3, "values": 7})["traversals"]
    found = codes(figure, 3, 7)
    (z,) = model.latents(1, 3)
    for dimension in range(3):
        expected = np.tile(z, (7, 1))
        expected[:, dimension] = [-3, -2, -1, 0, 1, 2, 3]
        np.testing.assert_allclose(found[dimension], expected, atol=1e-5)
    assert "(1 to 3 of 4)" in figure.axes[0].get_title()


def test_the_plane_and_the_polar_sheet_show_the_codes_that_their_axes_say():
    drawn = draw(Model(2), images(2), plane={"size": 3}, polar={"angles": 4, "radii": 2})
    sheet = np.asarray(drawn["plane"].axes[0].images[0].get_array())[..., 0]
    found = (sheet.reshape(3, 3, 2) * 2 - 1) * 8
    np.testing.assert_allclose(found[0], [[-2, 2], [0, 2], [2, 2]], atol=1e-5)
    r0, r1 = np.sqrt(-2 * np.log([0.75, 0.25]))
    expected = [
        [[r0, 0], [r1, 0]],
        [[0, r0], [0, r1]],
        [[-r0, 0], [-r1, 0]],
        [[0, -r0], [0, -r1]],
    ]
    np.testing.assert_allclose(codes(drawn["polar"], 4, 2, 2), expected, atol=1e-5)


def test_the_polar_sheet_of_more_dimensions_says_which_it_shows():
    figure = draw(polar={"angles": 4, "radii": 2})["polar"]
    assert not codes(figure, 4, 2)[..., 2:].round(5).any()
    assert "dimensions 1 and 2 of 4" in figure.axes[0].get_title()


def test_an_interpolation_goes_from_one_test_image_to_another():
    model, data = Model(), images()
    figure = draw(model, data, interpolation={"pairs": 2, "steps": 3})["interpolation"]
    sheet = np.asarray(figure.axes[0].images[0].get_array())[::2, :, 0]
    # Columns of 4 pixels and a gap; beside the two originals there is one more pixel.
    starts = [0, 6, 11, 16, 22]
    for row, x0, x1 in zip(sheet, data.test[:2, 0, :, 0], data.test[2:4, 0, :, 0], strict=True):
        found = [row[start : start + 4] * 2 - 1 for start in starts]
        for place, expected in ((0, x0), (1, x0), (3, x1), (4, x1)):
            np.testing.assert_allclose(found[place], expected, atol=1e-6)
        length = (np.linalg.norm(x0) + np.linalg.norm(x1)) / 2
        assert np.linalg.norm(found[2]) == pytest.approx(length, rel=1e-4)


def test_of_few_test_images_there_are_fewer_pairs():
    figure = draw(data=images(count=5), interpolation={"pairs": 6, "steps": 3})["interpolation"]
    assert figure.axes[0].images[0].get_array().shape[0] == 2 * 2


def test_classes_show_good_samples_in_the_row_of_their_mode_under_its_name():
    model, data = Model(), images(class_names=("low", "high"))
    figure = draw(model, data, classes={"count": 200, "columns": 5})["classes"]
    found, z = codes(figure, 2, 5), model.latents(200, 3)
    good = z[:, 1] > 0
    np.testing.assert_allclose(found[0], z[good & (z[:, 0] < 0)][:5], atol=1e-5)
    np.testing.assert_allclose(found[1], z[good & (z[:, 0] > 0)][:5], atol=1e-5)
    names = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    shares = [(good & (z[:, 0] < 0)).mean(), (good & (z[:, 0] > 0)).mean()]
    assert names == [f"low ({shares[0]:.0%})", f"high ({shares[1]:.0%})"]
    assert f"200 samples, {good.mean():.0%} good" in figure.axes[0].get_title()
    assert plots.to_array(figure).ndim == 3


class ConditionalModel(Model):
    """As `Model`, with the class in the last pixel, which F finds there."""

    is_conditional, num_classes = True, 3

    def generate(self, z, labels=None):
        x = super().generate(z)
        labels = np.arange(len(z)) % self.num_classes if labels is None else labels
        x[:, 0, -1, 0] = np.broadcast_to(labels, len(z)) / 8
        return x

    def classify(self, x):
        return np.eye(self.num_classes)[np.round(x[:, 0, -1, 0] * 8).astype(int)]


def conditional_images():
    x = images().train
    x[:, 0, -1, 0] = np.arange(len(x)) % 3 / 8
    return Data("told", "images", x, x, labels=(np.arange(len(x)) % 3).astype(np.int32))


def test_a_conditional_model_has_a_row_of_the_same_codes_for_each_class():
    figure = draw(ConditionalModel(), conditional_images(), classes={"count": 1, "columns": 5})
    found = codes(figure["classes"], rows=3, columns=5)
    assert np.round(found[..., -1]).tolist() == [[k] * 5 for k in range(3)]
    np.testing.assert_allclose(found[0, :, :3], found[2, :, :3], atol=1e-5)
    assert not image_pictures.left_out(ConditionalModel(2), conditional_images())


def test_the_sheets_of_a_conditional_model_are_of_one_class_that_the_title_names():
    figures = draw(
        ConditionalModel(),
        conditional_images(),
        traversals={"dimensions": 2, "values": 5},
        polar={"angles": 4, "radii": 3},
    )
    for figure in figures.values():
        assert ", class 0\n" in figure.axes[0].get_title()
    assert (np.round(codes(figures["traversals"], 2, 5)[..., -1]) == 0).all()


def test_an_interpolation_changes_class_half_way(monkeypatch):
    drawn = {}
    monkeypatch.setattr(
        plots, "interpolation_figure", lambda x0, x, x1, title: drawn.update(x0=x0, x=x, x1=x1)
    )
    draw(ConditionalModel(), conditional_images(), interpolation={"pairs": 4, "steps": 4})
    x0, x, x1 = (np.round(drawn[name][:, 0, -1, 0] * 8).astype(int) for name in ("x0", "x", "x1"))
    expected = [[first] * 2 + [second] * 2 for first, second in zip(x0, x1, strict=True)]
    assert x.reshape(4, 4).tolist() == expected
