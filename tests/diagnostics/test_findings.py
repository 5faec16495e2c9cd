import json

import pytest

from keras_iidgan.diagnostics import Finding, Findings


def finding(name="radius", group="gaussian", **changes):
    fields = {"statistic": 1.0, "effect": 0.2, "effect_title": "sup |F - F0|", "samples": 100}
    return Finding(name=name, title=name, group=group, **fields | changes)


def test_a_small_p_value_of_a_small_effect_does_not_matter():
    assert not finding(p_value=1e-9, large=0.3).matters


def test_a_large_effect_that_chance_explains_does_not_matter():
    assert not finding(p_value=0.2, large=0.1).matters


def test_a_large_effect_matters_with_a_small_p_value_or_without_a_test():
    assert finding(p_value=1e-3, large=0.1).matters
    assert finding(large=0.1).matters


def test_an_effect_that_has_no_value_matters_where_there_is_a_rule():
    assert finding(effect=float("nan"), large=0.1).matters
    assert not finding(effect=float("nan")).matters


def test_a_table_is_in_the_order_of_its_questions_and_found_by_name():
    table = Findings([finding("b", "order")]) + Findings([finding("a", "gaussian")])
    assert [row.name for row in table] == ["a", "b"]
    assert table["b"].group == "order"
    assert [row.name for row in table.group("order")] == ["b"]
    with pytest.raises(KeyError, match="none; known: a, b"):
        table["none"]


def test_names_are_unique_and_groups_known():
    with pytest.raises(ValueError, match="must be unique; got a twice"):
        Findings([finding("a"), finding("a")])
    with pytest.raises(ValueError, match=r"group must be one of gaussian.*got 'whatever'"):
        finding(group="whatever")


def test_figures_are_flat_and_a_finding_is_json():
    table = Findings([finding("a", p_value=0.5), finding("b", details={"worst": [1, 2]})])
    assert table.figures() == {"a": 0.2, "a_p": 0.5, "b": 0.2}
    assert json.loads(json.dumps(table["b"].as_dict()))["details"] == {"worst": [1, 2]}
