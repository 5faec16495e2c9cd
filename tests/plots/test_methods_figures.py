import itertools

import numpy as np
import pytest

from keras_iidgan import plots
from keras_iidgan.plots import Snapshot

CENTERS = np.array([[-1.0, 0.0], [1.0, 0.0]])


def snapshot(inverse=True, size=10):
    mode, z = np.arange(size) % 2, np.zeros((size, 2))
    real = (z[:2], np.array([0, 1])) if inverse else (None, None)
    return Snapshot(5, z, CENTERS[mode], mode, np.ones(size, bool), *real)


def test_each_method_has_a_row_of_codes_samples_and_shares():
    seen = {"gan": snapshot(inverse=False), "iidgan": snapshot()}
    figure = plots.methods_figure(seen, CENTERS, num_modes=2)
    assert len(figure.axes) == 8
    words = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert {"gan", "iidgan", "no F"} <= set(words)
    assert words.count("no F") == 1


def test_a_density_panel_per_method_stands_on_the_scale_of_the_real_points():
    rng = np.random.default_rng(0)
    real = rng.normal(size=(2000, 2))
    figure = plots.densities_figure({"all": real, "one": real[:1], "bad": real * np.nan}, real)
    titles = [axes.get_title() for axes in figure.axes if axes.get_title()]
    assert titles == ["real points", "all", "one", "bad"]
    images = [axes.images[0] for axes in figure.axes if axes.images]
    assert len({image.get_clim() for image in images}) == 1
    np.testing.assert_array_equal(images[0].get_array(), images[1].get_array())
    assert images[2].get_array().max() > images[0].get_clim()[1]
    assert not images[3].get_array().any()


def test_a_histogram_says_what_lies_outside_and_sums_to_one():
    real = np.array([[0.0], [1.0], [1.0], [2.0]])
    figure = plots.histograms_figure({"gan": np.array([[0.2], [1.4], [1.6], [7.0]])}, real)
    (axes,) = figure.axes
    assert axes.get_title() == "gan, 25.0% lie outside"
    assert [bar.get_height() for bar in axes.patches[:3]] == [0.25, 0.5, 0.25]


def test_curves_are_the_mean_of_the_runs_within_their_range_and_gaps_are_left_out():
    runs = {
        "gan": [
            [{"step": 1, "kl": 1.0}, {"step": 2, "kl": 2.0}],
            [{"step": 1, "kl": 3.0}, {"step": 2, "kl": None}],
        ],
        "none": [[{"step": 1}]],
    }
    figure = plots.comparison_curves(runs, [("kl", "KL", 0.5)])
    line, dashed = figure.axes[0].get_lines()
    assert line.get_xydata().tolist() == [[1, 2.0], [2, 2.0]]
    assert set(dashed.get_ydata()) == {0.5}
    corners = figure.axes[0].collections[0].get_paths()[0].vertices
    assert (corners[:, 1].min(), corners[:, 1].max()) == (1.0, 3.0)
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names == ["gan", "perfect sampler"]


def test_images_have_a_row_per_method():
    x = np.zeros((3, 4, 4, 1))
    figure = plots.image_rows_figure({"gan": x, "iidgan": x + 1})
    assert [tick.get_text() for tick in figure.axes[0].get_yticklabels()] == ["gan", "iidgan"]
    with pytest.raises(ValueError, match="samples must all have the same shape"):
        plots.image_rows_figure({"gan": x, "iidgan": x[:2]})


def test_the_bars_of_a_group_are_shares_of_its_own_runs():
    figure = plots.shares_figure(
        {"gan": [1.0, 1.0, 2.0, 3.0], "ldmgan": [3.0]}, "MODE score", bins=2
    )
    heights = [bar.get_height() for bar in figure.axes[0].patches]
    assert heights == [0.5, 0.5, 0.0, 1.0]
    assert plots.shares_figure({"gan": [2.0]}, "MODE score").axes
    with pytest.raises(ValueError, match="values must not be empty"):
        plots.shares_figure({"gan": []}, "MODE score")


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plots.methods_figure({}, CENTERS, num_modes=2),
        lambda: plots.densities_figure({}, CENTERS),
        lambda: plots.histograms_figure({}, CENTERS),
        lambda: plots.comparison_curves({}, [("kl", "KL", None)]),
        lambda: plots.comparison_curves({"gan": []}, []),
        lambda: plots.image_rows_figure({}),
    ],
)
def test_nothing_to_draw_is_refused(draw):
    with pytest.raises(ValueError, match="must not be empty; got none"):
        draw()


@pytest.mark.parametrize("steps", [600, 24_000, 100_000, 2_500_000])
def test_the_numbers_of_the_steps_do_not_run_into_each_other(steps):
    records = [{"step": steps * k // 6, "kl": 1.0} for k in range(1, 7)]
    panels = [("kl", "KL", None)] * 4
    figure = plots.comparison_curves({"gan": [records]}, panels)
    plots.to_array(figure)  # Lays it out.
    for axes in figure.axes:
        low, high = axes.get_xlim()
        ticks = zip(axes.get_xticks(), axes.get_xticklabels(), strict=True)
        boxes = [label.get_window_extent() for tick, label in ticks if low <= tick <= high]
        assert len(boxes) > 1
        assert all(a.x1 < b.x0 for a, b in itertools.pairwise(boxes))
