"""Numbers as text: nothing is rounded to what it isn't."""

import math

import numpy as np
import pytest

from keras_iidgan.reporting import numbers


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "–"),
        ("text", "text"),
        (math.nan, "not finite"),
        (math.inf, "not finite"),
        (50_000, "50,000"),
        (16_665_000.0, "16,665,000"),
        (np.int64(1234), "1,234"),
        (np.float32(0.5), "0.5"),
        (0.123456, "0.1235"),
        (8e-5, "8e-05"),
        (0.0, "0"),
    ],
)
def test_numbers(value, said):
    assert numbers.number(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0%"),
        (1, "100%"),
        (0.125, "12.5%"),
        (0.5, "50%"),
        (0.00018, "0.02%"),
        (0.99996, "99.996%"),
        (None, "–"),
    ],
)
def test_a_share_near_none_or_all_is_neither(value, said):
    assert numbers.share(value) == said


@pytest.mark.parametrize(
    ("value", "said"), [(None, "–"), (0.0, "< 0.001"), (0.01, "0.010"), (1.0, "1.000")]
)
def test_p_values(value, said):
    assert numbers.probability(value) == said
