import subprocess
import sys

import numpy as np
import pytest
from matplotlib.figure import Figure

from keras_iidgan import plots
from keras_iidgan.plots import base


def drawn():
    figure = Figure(figsize=(3, 2), dpi=50)
    figure.subplots().plot([0, 1], [0, 1])
    return figure


def oklab_distances(rgb):
    lab = base._oklab(np.asarray(rgb))
    return np.linalg.norm(lab[:, None] - lab[None], axis=-1)


def test_a_saved_figure_decodes_at_its_size(tmp_path):
    from matplotlib.image import imread

    path = tmp_path / "new" / "figure.png"
    plots.save(drawn(), path)
    assert imread(path).shape[:2] == (100, 150)
    assert [file.name for file in path.parent.iterdir()] == ["figure.png"]


def test_a_figure_that_fails_to_draw_leaves_the_older_file_and_no_part(tmp_path):
    path = tmp_path / "figure.png"
    plots.save(drawn(), path)
    before = path.read_bytes()
    broken = drawn()
    broken.axes[0].set_title(r"$\no_such_command$")
    with pytest.raises(ValueError, match="no_such_command"):
        plots.save(broken, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_an_unknown_format_is_refused_and_leaves_nothing(tmp_path):
    with pytest.raises(ValueError, match="nonsense"):
        plots.save(drawn(), tmp_path / "figure.nonsense")
    assert not list(tmp_path.iterdir())


def test_an_array_is_what_the_file_shows(tmp_path):
    from matplotlib.image import imread

    figure = drawn()
    array = plots.to_array(figure)
    plots.save(figure, tmp_path / "figure.png")
    assert (array.shape, array.dtype) == ((100, 150, 3), np.uint8)
    stored = imread(tmp_path / "figure.png")[..., :3] * 255
    np.testing.assert_allclose(array, stored, atol=1)


# OKLab distances: 0.02 is about what the eye just tells apart side by side.
@pytest.mark.parametrize(("num_modes", "least"), [(8, 0.15), (25, 0.08), (64, 0.04)])
def test_mode_colours_differ_from_each_other_and_from_white_and_the_background(num_modes, least):
    from matplotlib.colors import to_rgb

    chosen = plots.colours(num_modes)
    assert chosen.min() >= 0
    assert chosen.max() <= 1
    gaps = oklab_distances(np.vstack([chosen, base.BAD, to_rgb(base.PAPER)]))[:num_modes]
    gaps[np.arange(num_modes), np.arange(num_modes)] = np.inf
    assert gaps.min() > least


def test_a_mode_keeps_its_colour_whatever_the_number_of_modes():
    np.testing.assert_array_equal(plots.colours(8), plots.colours(25)[:8])
    np.testing.assert_array_equal(plots.colours(1000)[64:128], plots.colours(64))


def test_no_modes_no_colours():
    with pytest.raises(ValueError, match="num_modes must be at least 1; got 0"):
        plots.colours(0)


def test_drawing_and_saving_do_not_bring_in_pyplot(tmp_path):
    code = (
        "import sys, numpy; from keras_iidgan import plots;"
        "figure = plots.samples_figure(numpy.zeros((4, 8, 8, 1)));"
        f"plots.save(figure, {str(tmp_path / 'figure.png')!r}); plots.to_array(figure);"
        "sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
