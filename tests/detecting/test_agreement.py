import math

import numpy as np
import pytest

from keras_iidgan.detecting.agreement import agreement


def stage(estimated, covered, colour="green", total=8, **names):
    named = {"dataset": "ring", "method": "gan", "seed": 0} | names
    truth = {"modes_covered": covered, "modes_total": total, "high_quality": 0.5}
    return truth | named | {"estimated": estimated, "colour": colour}


def ranks(values):
    """Mean ranks, the naive way."""
    return [
        sum(other < value for other in values) + (sum(other == value for other in values) + 1) / 2
        for value in values
    ]


def test_the_rank_correlation_is_that_of_the_ranks():
    rng = np.random.default_rng(0)
    estimated = rng.integers(0, 20, 50) / 20
    covered = rng.integers(0, 9, 50)
    found = agreement([stage(e, c) for e, c in zip(estimated, covered, strict=True)])
    expected = np.corrcoef(ranks(estimated), ranks(covered))[0, 1]
    assert found.correlation == pytest.approx(expected, abs=1e-12)


def test_the_same_order_is_one_and_the_opposite_minus_one():
    up = [stage(0.1 * covered, covered) for covered in range(9)]
    down = [stage(1 - 0.1 * covered, covered) for covered in range(9)]
    assert agreement(up).correlation == pytest.approx(1)
    assert agreement(down).correlation == pytest.approx(-1)


def test_without_differences_there_is_no_correlation():
    assert math.isnan(agreement([stage(0.1, 8), stage(0.9, 8)]).correlation)


def test_alarms_and_misses_are_counted_by_what_is_true():
    found = agreement(
        [
            stage(1.0, 8, "green"),
            stage(0.7, 8, "red", seed=1),
            stage(0.8, 8, "yellow", seed=1),
            stage(0.9, 7, "green", seed=2),
            stage(0.9, 7, "yellow", seed=2),
            stage(0.2, 1, "red", method="veegan"),
        ]
    )
    assert (found.complete, found.false_alarms, found.warnings) == (3, 1, 1)
    assert (found.collapsed, found.missed) == (3, 1)
    assert (found.models, found.verdicts) == (4, 6)
    expected = np.mean([0, 0.3, 0.2, 0.025, 0.025, 0.075])
    assert found.error == pytest.approx(expected, abs=1e-12)


def test_a_few_of_a_thousand_modes_are_not_a_collapse():
    assert agreement([stage(1.0, 951, total=1000)]).complete == 1
    assert agreement([stage(1.0, 949, total=1000)]).complete == 0


def test_all_modes_with_hardly_a_good_sample_are_not_complete():
    found = agreement([stage(0.1, 8, "red", high_quality=0.05)])
    assert (found.complete, found.collapsed, found.false_alarms) == (0, 1, 0)


def test_there_must_be_stages():
    with pytest.raises(ValueError, match="stages must not be empty; got none"):
        agreement([])
