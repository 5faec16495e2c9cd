import numpy as np
import pytest
from scipy import stats

from keras_iidgan.diagnostics import discrepancies, shape, simulated

RUNS, DRAWS = 300, 39  # At level 0.05 the p-value is exact: 2 / (39 + 1).


def within_binomial_bounds(rejections, level):
    low, high = stats.binom.ppf([0.0005, 0.9995], RUNS, level)
    return low <= rejections <= high


@pytest.mark.parametrize("dimensions", [2, 10])
@pytest.mark.parametrize("part", [discrepancies, shape])
def test_samples_of_n_0_i_are_rejected_at_the_nominal_rate(part, dimensions):
    """Each run has null draws of its own, as the p-value's exactness is over both."""
    p_values = {}
    for run in range(RUNS):
        z = np.random.default_rng(run + 10_000).standard_normal((40, dimensions))
        drawn = simulated.null.__wrapped__(part.statistics, 40, dimensions, run, draws=DRAWS)
        for name, value in part.statistics(z).items():
            p_values.setdefault(name, []).append(simulated.upper_p(drawn[name], value))
    for name, values in p_values.items():
        for level in (0.05, 0.25):
            assert within_binomial_bounds(np.sum(np.array(values) <= level), level), (name, level)


def test_the_p_value_counts_the_draws_that_are_as_large():
    drawn = np.array([1.0, 2.0, 2.0, 5.0])
    assert [simulated.upper_p(drawn, value) for value in (0, 2, 5, 9)] == [1, 0.8, 0.4, 0.2]


def test_the_same_draws_are_had_again_and_another_seed_has_others():
    first = simulated.null(discrepancies.statistics, 30, 2, 0, draws=3)
    assert simulated.null(discrepancies.statistics, 30, 2, 0, draws=3) is first
    other = simulated.null(discrepancies.statistics, 30, 2, 1, draws=3)
    assert not np.isin(other["mmd"], first["mmd"]).any()
    with pytest.raises(ValueError, match="read-only"):
        first["mmd"][0] = 0
