"""What a model must reach to be blessed."""

import math

import pytest

from keras_iidgan.cli import UsageError
from keras_iidgan.tfx import thresholds


@pytest.mark.parametrize(
    ("rule", "met"),
    [
        ("modes_covered>=8", True),
        ("modes_covered>=9", False),
        ("kl<=0.25", True),
        ("kl<=0.2", False),
        ("kl >= 0", True),
        ("nan>=0", False),
        ("nan<=0", False),
        ("absent>=0", False),
        ("absent<=0", False),
    ],
)
def test_a_bound_is_met_only_by_a_number_that_keeps_to_it(rule, met):
    (found,) = thresholds.parse(rule)
    figures = {"modes_covered": 8, "kl": 0.25, "nan": math.nan}
    assert found.is_met(figures) is met
    assert found.outcome(figures).startswith("met" if met else "not met")


def test_several_are_divided_by_commas():
    found = thresholds.parse("modes_covered>=8, kl<=0.5,")
    assert [str(each) for each in found] == ["modes_covered>=8", "kl<=0.5"]


@pytest.mark.parametrize("text", ["kl<0.5", "kl", "kl<=", "kl<=low", ">=3", "kl<=inf", "kl<=nan"])
def test_another_form_is_refused(text):
    with pytest.raises(UsageError, match="a threshold must be FIGURE>=NUMBER"):
        thresholds.parse(text)


@pytest.mark.parametrize("text", ["", " , "])
def test_no_threshold_at_all_would_bless_every_model(text):
    with pytest.raises(UsageError, match="thresholds must name a figure"):
        thresholds.parse(text)
