import json

import mixtures
import numpy as np
import pytest
from scipy import stats

from keras_iidgan import diagnostics
from keras_iidgan.diagnostics import Finding, Findings

SIZE = 1000


def finding(name, statistic, effect=0.0, group="lost", **changes):
    fields = {"title": name, "effect_title": "share", "samples": 100} | changes
    return Finding(name=name, group=group, statistic=statistic, effect=effect, **fields)


def reached(share, by="groups"):
    return finding("reached", share, 1 - share, details={"by": by})


def judge(*findings):
    return diagnostics.verdict(Findings(findings))


@pytest.mark.parametrize(
    ("share", "by", "colour"),
    [
        (1.0, "groups", "green"),
        (0.97, "groups", "yellow"),
        (0.875, "groups", "red"),
        (0.85, "points", "green"),
        (0.6, "points", "yellow"),
        (0.4, "points", "red"),
    ],
)
def test_coverage_decides(share, by, colour):
    found = judge(reached(share, by))
    assert (found.colour, found.coverage) == (colour, share)
    assert f"{share:.0%}" in found.sentence and found.reasons[0].startswith("reached: ")


MATTERS = {"large": 0.1, "effect": 1.0}


@pytest.mark.parametrize("name", ["finite", "good", "coverage", "uneven", "support", "memorised"])
def test_what_matters_makes_it_yellow_and_is_a_reason(name):
    found = judge(reached(1.0), finding(name, 0.5, **MATTERS))
    assert found.colour == "yellow"
    assert [reason.split(":")[0] for reason in found.reasons] == ["reached", name]


def test_few_different_samples_and_hardly_any_good_one_are_red():
    few = judge(reached(1.0), finding("support", 100.0, 3.5, group="variety", large=1.5))
    assert few.colour == "red" and "only about 100 different samples" in few.sentence
    bad = judge(reached(1.0), finding("good", 0.03))
    assert bad.colour == "red" and bad.sentence.startswith("Far from the data: only 3.0%")


def test_lost_groups_are_named():
    row = finding("lost_groups", 1.0, 0.04, large=0.01, details={"lost": ["cluster 3 at (0, 2)"]})
    found = judge(reached(0.96), row)
    assert found.colour == "yellow" and found.lost == ("cluster 3 at (0, 2)",)
    assert "lost 1 group: cluster 3 at (0, 2)" in found.sentence


def test_a_poor_encoder_is_a_reason_but_does_not_change_the_colour():
    rows = [
        finding("unused_mass", 0.5, group="unused", **MATTERS),
        finding("energy_distance", 0.5, group="gaussian", p_value=1e-5, **MATTERS),
        finding("rebuilt", 0.1, **MATTERS),
    ]
    found = judge(reached(1.0), *rows)
    assert found.colour == "green" and len(found.reasons) == 4
    assert found.unanswered == ("shape", "dimensions", "order", "variety")


def test_without_generated_samples_reconstruction_decides():
    lost = finding("lost_in_reconstruction", 1.0, 0.25, large=0.01, details={"lost": ["group 1"]})
    found = judge(finding("rebuilt", 0.75, 0.25), lost)
    assert (found.coverage, found.colour, found.lost) == (0.75, "red", ("group 1",))


def test_without_finite_samples_nothing_is_reached():
    found = judge(finding("finite", 0.0, 1.0, large=1e-9), finding("rebuilt", 1.0))
    assert (found.coverage, found.colour) == (0.0, "red")
    assert "hardly any of its samples is a finite number" in found.sentence


def test_a_verdict_is_json_and_needs_a_coverage():
    assert json.loads(json.dumps(judge(reached(1.0)).as_dict()))["colour"] == "green"
    with pytest.raises(ValueError, match=r"must have reached or rebuilt.*got good"):
        judge(finding("good", 1.0))


def samplers(rng, modes):
    """Failures of many kinds, as arguments of `mixtures.draw`."""
    for dropped in np.linspace(1, modes - 1, 7).round().astype(int):
        yield {"weights": mixtures.without(rng.permutation(modes)[:dropped], modes)}
    for scale in (0.3, 0.6, 1.0, 1.5, 2, 3, 5, 60):
        yield {"scale": scale}
    for dropped, scale in ((1 / 4, 0.5), (1 / 2, 2), (1 / 4, 3), (1 / 2, 0.3), (3 / 4, 5)):
        gone = rng.permutation(modes)[: round(dropped * modes)]
        yield {"weights": mixtures.without(gone, modes), "scale": scale}
    for weight in (0.1, 0.001):
        yield {"weights": np.where(np.arange(modes) < modes // 2, weight, 1.0)}
    for offset in (1, 7):
        yield {"offset": offset}


def test_coverage_ranks_samplers_of_many_failures_as_the_modes_do():
    rng, told, true, colours = np.random.default_rng(0), [], [], []
    for centers in (mixtures.RING, mixtures.GRID):
        real, _ = mixtures.draw(rng, SIZE, centers)
        clusters = diagnostics.find_clusters(real)
        for failure in samplers(rng, len(centers)):
            made, _ = mixtures.draw(rng, SIZE, centers, **failure)
            found = diagnostics.diagnose_coverage(real, made, clusters=clusters).findings
            verdict = diagnostics.verdict(found)
            told.append(verdict.coverage)
            many, _ = mixtures.draw(rng, 8000, centers, **failure)
            true.append(mixtures.true_coverage(many, centers))
            colours.append(verdict.colour)
    assert len(told) >= 40
    assert stats.spearmanr(told, true).statistic > 0.9
    assert np.abs(np.subtract(told, true)).max() < 0.6
    told, true, colours = np.array(told), np.array(true), np.array(colours)
    assert (colours[true < 0.85] == "red").all() and (colours[true < 1] != "green").all()
    assert np.abs(told - true)[true < 1].mean() < 0.1
