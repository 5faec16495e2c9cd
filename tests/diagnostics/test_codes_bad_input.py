"""Codes that can't be diagnosed are refused in one line; degenerate ones are diagnosed."""

import json
import math

import numpy as np
import pytest

from keras_iidgan.diagnostics import diagnose_codes


def normal(rows, dimensions, seed=200):
    return np.random.default_rng(seed).standard_normal((rows, dimensions))


def spoilt(value):
    z = normal(50, 3)
    z[[4, 7], 1] = value
    return z


@pytest.mark.parametrize(
    ("z", "message"),
    [
        (np.zeros(50), r"z must be real codes of shape \[N, M\].*got float64 of shape \(50,\)"),
        (np.zeros((50, 0)), r"M >= 1; got float64 of shape \(50, 0\)"),
        (np.full((50, 2), "a"), "z must be real codes"),
        (normal(29, 2), "z must have at least 30 rows; got 29"),
        (spoilt(np.nan), "got NaN or infinity in 2 of 50 rows, the first of them row 4"),
        (spoilt(-np.inf), "got NaN or infinity in 2 of 50 rows"),
        (spoilt(1e39), "got NaN or infinity in 2 of 50 rows"),
    ],
)
def test_what_are_no_codes_is_refused(z, message):
    with pytest.raises(ValueError, match=message):
        diagnose_codes(z)


def test_a_subsample_too_small_is_refused():
    with pytest.raises(ValueError, match="subsample must be at least 30; got 29"):
        diagnose_codes(normal(50, 2), subsample=29)


DEGENERATE = {
    "constant": np.full((60, 2), 0.7),
    "all 0": np.zeros((60, 2)),
    "a constant dimension": normal(60, 3) * np.array([1, 0, 1]),
    "two rows again and again": np.tile([[1.0, 2.0], [-1.0, 0.0]], (30, 1)),
    "of rank 1": normal(60, 1) @ np.ones((1, 4)),
    "as many rows as dimensions": normal(40, 40),
    "fewer rows than dimensions": normal(40, 90),
    "one row more than dimensions": normal(41, 40),
    "one dimension": normal(60, 1),
    "huge": 1e38 * np.clip(normal(60, 2), -3, 3),
    "tiny": 1e-200 * normal(60, 2),
    "integers": np.random.default_rng(0).integers(-2, 3, (60, 2)),
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_codes_are_diagnosed_with_numbers_everywhere(name):
    for finding in diagnose_codes(DEGENERATE[name], subsample=50):
        assert math.isfinite(finding.statistic), finding
        assert math.isfinite(finding.effect), finding
        assert finding.effect >= 0, finding
        assert finding.p_value is None or 0 <= finding.p_value <= 1, finding
        json.dumps(finding.as_dict(), allow_nan=False)


@pytest.mark.parametrize("name", ["constant", "all 0", "a constant dimension", "of rank 1", "tiny"])
def test_codes_without_a_direction_are_told_so(name):
    table = diagnose_codes(DEGENERATE[name])
    assert table["flat_directions"].matters
    assert table["mean_and_covariance"].matters
    assert "the codes vary in" in table["flat_directions"].note


@pytest.mark.parametrize("name", ["as many rows as dimensions", "fewer rows than dimensions"])
def test_too_few_rows_for_the_covariance_are_told_and_not_held_against_the_codes(name):
    table = diagnose_codes(DEGENERATE[name])
    assert "no likelihood ratio" in table["mean_and_covariance"].note
    assert "not known" in table["flat_directions"].note
    assert "nothing to test" in table["skewness"].note
    assert not any(finding.matters for finding in table)


def test_the_subsample_is_fixed_by_its_seed_and_told():
    z = normal(500, 2)
    first, again, other = (diagnose_codes(z, seed=s, subsample=200) for s in (0, 0, 1))
    assert first.figures() == again.figures()
    assert first.figures() != other.figures()
    assert first["marginal_ks"].samples == 200
    assert "random 200 of 500 rows" in first["marginal_ks"].note
    assert "first 200 of 500 rows" in first["runs"].note
    assert "of all 500 rows" in diagnose_codes(z)["marginal_ks"].note


def test_codes_are_left_as_they_were():
    z = normal(100, 2).astype(np.float32)
    before = z.copy()
    diagnose_codes(z)
    np.testing.assert_array_equal(z, before)
