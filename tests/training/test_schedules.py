import numpy as np
import pytest

from keras_iidgan.training.schedules import Cosine, Exponential

POINTS = [(0, 1e-2), (700, 1e-3), (4000, 1e-5)]


def naive_exponential(step):
    return np.exp(np.interp(step, [s for s, _ in POINTS], np.log([r for _, r in POINTS])))


@pytest.mark.parametrize("step", [0, 1, 350, 699, 700, 701, 2000, 3999, 4000, 9000])
def test_exponential_is_linear_in_the_logarithm(step):
    assert float(Exponential(POINTS)(step)) == pytest.approx(naive_exponential(step), rel=1e-4)


@pytest.mark.parametrize(("step", "expected"), [(0, 1.0), (5, 0.6), (10, 0.2), (20, 0.2)])
def test_cosine_halves_in_the_middle_and_stays_at_the_end(step, expected):
    assert float(Cosine([(0, 1.0), (10, 0.2)])(step)) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("schedule", [Exponential(POINTS), Cosine([(0, 1.0), (10, 0.0)])])
def test_config_round_trip(schedule):
    again = type(schedule).from_config(schedule.get_config())
    assert [float(again(s)) for s in (0, 5, 900)] == [float(schedule(s)) for s in (0, 5, 900)]
