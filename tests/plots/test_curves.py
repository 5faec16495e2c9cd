import numpy as np
import pytest

from keras_iidgan import plots

RECORDS = [
    {"step": 100, "modes_covered": 3.0, "modes_total": 8.0, "high_quality": 0.1, "kl": 2.0},
    {"step": 200, "modes_covered": 8.0, "modes_total": 8.0, "high_quality": 0.9, "kl": None},
    {"step": 300, "modes_covered": 8.0, "modes_total": 8.0, "high_quality": 0.95, "kl": 0.1},
]


def lines(axes):
    return {line.get_label(): line for line in axes.lines}


def test_each_metric_is_drawn_at_its_steps_and_gaps_are_left_out():
    figure = plots.metric_curves(RECORDS)
    modes, quality, divergence = figure.axes
    assert lines(modes)["modes_covered"].get_xydata().tolist() == [[100, 3], [200, 8], [300, 8]]
    assert lines(quality)["high_quality"].get_ydata().tolist() == [0.1, 0.9, 0.95]
    assert lines(divergence)["kl"].get_xydata().tolist() == [[100, 2], [300, 0.1]]
    assert "reverse_kl" not in lines(divergence)
    assert plots.to_array(figure).ndim == 3


def test_the_floors_of_a_perfect_sampler_are_drawn_when_given():
    perfect = {"perfect_high_quality": 0.98889, "perfect_reverse_kl": -0.011}
    modes, quality, divergence = plots.metric_curves(RECORDS, perfect=perfect).axes
    assert lines(modes)["all modes (8)"].get_ydata() == [8, 8]
    assert lines(quality)["perfect sampler (0.9889)"].get_ydata() == [0.98889] * 2
    assert lines(divergence)["reverse_kl, perfect sampler (-0.011)"].get_ydata() == [-0.011] * 2


def test_loss_terms_stand_in_the_panel_of_their_player():
    records = [
        {"step": step, "discriminator_adversarial": 1.3, "generator_adversarial": -0.7}
        | {"generator_x_cycle": 1 / step, "encoder_gaussian": 10.0**-step}
        for step in range(1, 5)
    ]
    records[1]["generator_x_cycle"] = np.nan
    players = ("discriminator", "generator", "encoder")
    figure = plots.loss_curves(records, players=players)
    assert [axes.get_title() for axes in figure.axes] == list(players)
    assert [set(lines(axes)) for axes in figure.axes] == [
        {"adversarial"},
        {"adversarial", "x_cycle"},
        {"gaussian"},
    ]
    assert lines(figure.axes[1])["x_cycle"].get_xdata().tolist() == [1, 3, 4]
    assert [axes.get_yscale() for axes in figure.axes] == ["linear", "linear", "log"]
    assert plots.to_array(figure).ndim == 3


def test_records_that_cannot_be_drawn_are_refused():
    with pytest.raises(ValueError, match="records must hold at least one"):
        plots.metric_curves([])
    with pytest.raises(ValueError, match=r"records must each have a step; got the keys \['kl'\]"):
        plots.metric_curves([{"kl": 1.0}])
    with pytest.raises(ValueError, match="players must have terms in the records; got 'critic'"):
        plots.loss_curves(RECORDS, players=["critic"])
