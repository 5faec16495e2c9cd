"""How often each test of `diagnose_codes` rejects codes that are an IID sample of N(0, I)."""

import numpy as np
import pytest
from scipy import stats

from keras_iidgan.diagnostics import diagnose_codes, moments, simulated

RUNS, ROWS = 240, 60
# A bound and a discrete test: how often they reject is a matter of their own tests.
NOT_EXACT = {"distance_correlation", "runs"}


@pytest.fixture(scope="module", params=[2, 10])
def p_values(request):
    """Of each finding, one a run. The p-value of 39 draws is exact at multiples of 1 / 40.

    It is so over the draws too, so each run has a seed of its own.
    """
    draws = np.random.default_rng(0).standard_normal((RUNS, ROWS, request.param))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simulated, "DRAWS", 39)
        patch.setattr(moments, "DRAWS", 199)
        tables = [diagnose_codes(z, seed=run) for run, z in enumerate(draws)]
    tested = [finding.name for finding in tables[0] if finding.p_value is not None]
    return {name: np.array([table[name].p_value for table in tables]) for name in tested}


@pytest.mark.parametrize("level", [0.05, 0.25])
def test_each_test_rejects_at_its_nominal_rate(p_values, level):
    assert len(p_values) == 14
    for name, values in p_values.items():
        low, high = stats.binom.ppf([0.0002, 0.9998], RUNS, level)
        rejected = np.sum(values <= level)
        assert rejected <= high, name
        assert rejected >= low or name in NOT_EXACT, name


def test_p_values_of_2_percent_of_the_runs_are_as_small(p_values):
    """Of what isn't simulated by 39 draws: the far tails, which decide after a correction."""
    for name in ("mean_and_covariance", "radius", "rayleigh", "bingham", "marginal_ks"):
        rejected = np.sum(p_values[name] <= 0.02)
        assert rejected <= stats.binom.ppf(0.9998, RUNS, 0.02), name
