import numpy as np
import pytest

from keras_iidgan.diagnostics import discrepancies, simulated


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
