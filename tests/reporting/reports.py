"""Reports made by hand, for pages that no model has to be trained for."""

import numpy as np

from keras_iidgan import plots
from keras_iidgan.diagnostics import Finding, Findings, Group, Verdict
from keras_iidgan.reporting import Picture, Report

EVIL = "<script>alert('x')</script> & \"<b>\""


def finding(name, group="gaussian", **values):
    """A finding, of which a test says what it is about."""
    usual = {
        "title": f"title of {name}",
        "statistic": 1.25,
        "effect": 0.31,
        "effect_title": f"unit of {name}",
        "samples": 4321,
    }
    return Finding(name=name, group=group, **usual | values)


def findings():
    """One of each reading."""
    return Findings(
        [
            finding("energy_distance", p_value=1e-5, large=0.1, statistic=0.4567),
            finding("radius", effect=0.021, p_value=0.0042, large=0.1),
            finding("skewness", "shape", effect=0.77, p_value=0.314, large=0.5),
            finding("distance_correlation", "dimensions", effect=float("nan"), large=0.2),
            finding("runs", "order", effect=0.011, p_value=0.871, large=0.2),
            finding("lost_groups", "lost", effect=0.123, large=0.01, note="lost: b < a"),
            finding("density", "lost", effect=0.54),
            finding("support", "variety", effect=0.0, large=1.5),
        ]
    )


def report(name="00000-iidgan-ring", *, colour="red", title=None, pictures=True, **values):
    """A report with something in every part; figures take most of the time of its page."""
    usual = {
        "verdict": Verdict(
            colour,
            0.8125,
            "Collapsed: the model reaches about 81% of the real data.",
            (
                "lost_groups: title of lost_groups: 1.25; unit of lost_groups 0.123",
                "energy_distance: title of energy_distance: 0.457",
            ),
            ("b < a",),
            (),
        ),
        "findings": findings(),
        "figures": {
            "modes_covered": 7,
            "modes_total": 8,
            "high_quality": 0.9312,
            "kl": 0.4321,
            "protocol_samples": 50_000,
            "protocol_perfect_high_quality": 0.98889,
        },
        "groups": (
            Group("b < a", np.array([3, 1]), 0.125, 0.05, True),
            Group("all there", np.array([0, 2]), 0.875, 1.0, False),
        ),
        "rebuilt_groups": (
            Group("all there", np.array([0, 2]), 0.875, 0.9, False),
            Group("b < a", np.array([3, 1]), 0.125, 0.2, True),
        ),
        "records": (
            {"step": 10, "modes_covered": 1, "kl": 2.0, "generator_adversarial": 1.0},
            {"step": 20, "modes_covered": 7, "kl": 0.4, "generator_adversarial": 0.5},
        ),
        "players": ("generator", "encoder"),
        "left_out": {"features": "there is no network"},
        "protocol": {"run": name, "generated samples measured": 50_000},
        "settings": {"method": "iidgan", "learning_rate": 0.005},
        "environment": {"keras": "3.12.0"},
    }
    drawn = {"pictures": (samples(),), "lost_pictures": (samples("lost", "Lost: b < a"),)}
    usual |= drawn if pictures else {"records": ()}
    return Report(name=name, title=title or f"{name}, step 20", **usual | values)


def samples(name="samples", caption="Generated samples"):
    """A small picture."""
    x = np.random.default_rng(0).uniform(-1, 1, (4, 3, 3, 1))
    return Picture(name, caption, plots.samples_figure(x))
