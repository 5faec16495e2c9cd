import numpy as np
import pytest

from keras_iidgan import plots
from keras_iidgan.plots import Snapshot

CENTERS = np.array([[-1.0, 0.0], [1.0, 0.0]])


def snapshot(step, good_share=1.0, inverse=True, size=10):
    good = np.arange(size) < good_share * size
    z, mode = np.zeros((size, 2)), np.arange(size) % 2
    return Snapshot(
        step,
        z,
        CENTERS[mode],
        mode,
        good,
        z[:2] if inverse else None,
        np.array([0, 1]) if inverse else None,
    )


@pytest.mark.parametrize(("inverse", "rows"), [(True, 3), (False, 2)])
def test_a_run_has_a_column_per_step_and_a_row_for_the_inverse(inverse, rows):
    run = [snapshot(step, share, inverse) for step, share in ((0, 0.0), (1000, 0.5), (2000, 1.0))]
    figure = plots.progress_figure(run, CENTERS, num_modes=2)
    assert len(figure.axes) == 3 * rows
    titles = [axes.get_title() for axes in figure.axes[:3]]
    assert titles == [
        "step 0\n0 of 2 modes, 0.0% good",
        "step 1,000\n2 of 2 modes, 50.0% good",
        "step 2,000\n2 of 2 modes, 100.0% good",
    ]
    assert plots.to_array(figure).ndim == 3


def test_of_many_steps_the_first_and_the_last_are_among_those_drawn():
    figure = plots.progress_figure([snapshot(step) for step in range(30)], CENTERS, num_modes=2)
    steps = [int(axes.get_title().split()[1]) for axes in figure.axes[:8]]
    assert len(figure.axes) == 24
    assert (steps[0], steps[-1]) == (0, 29)
    assert steps == sorted(set(steps))


def test_runs_are_compared_row_by_row():
    runs = {"M-D": [snapshot(0), snapshot(5)], "1-D": [snapshot(0, 0.0), snapshot(5, 0.5)]}
    figure = plots.compare_figure(runs, CENTERS, num_modes=2)
    assert [axes.get_ylabel() for axes in figure.axes] == ["M-D", "", "1-D", ""]
    assert [("100.0%" in axes.get_title()) for axes in figure.axes] == [True, True, False, False]


def test_nothing_to_draw_and_unequal_steps_are_refused():
    with pytest.raises(ValueError, match="snapshots must hold at least one evaluation"):
        plots.progress_figure([], CENTERS, num_modes=2)
    with pytest.raises(ValueError, match="runs must hold at least one run"):
        plots.compare_figure({}, CENTERS, num_modes=2)
    with pytest.raises(ValueError, match=r"same steps, \[0\]; got \[1\] of 'b'"):
        plots.compare_figure({"a": [snapshot(0)], "b": [snapshot(1)]}, CENTERS, num_modes=2)
