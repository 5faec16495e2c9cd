"""What figures and findings mean, in plain words."""

import math

from keras_iidgan.diagnostics.findings import LEVEL

MATTERS, FINE, PLAIN = "✗", "✓", "·"

MEANINGS = {
    "energy_distance": "Two sets of points have energy distance 0 only if they come from one "
    "distribution: here the codes, and N(0, I).",
    "mmd": "The same question by another distance, which looks at small structures more.",
    "mean_and_covariance": "Are the codes centred at 0, as wide as N(0, I) in every direction, and "
    "not correlated?",
    "flat_directions": "Directions along which all codes are the same: the model ignores them.",
    "radius": "Do the codes lie as far from 0 as those of N(0, I)? A ring or a ball doesn't.",
    "rayleigh": "Do the codes lean to one side of 0?",
    "bingham": "Do the codes lie along some axes more than along others?",
    "marginal_ks": "Is each number of a code, on its own, a standard Gaussian? The worst counts.",
    "marginal_ad": "The same, with more weight on the tails.",
    "skewness": "Is the cloud of codes lopsided?",
    "kurtosis": "Has the cloud of codes heavier, or lighter, tails than a Gaussian?",
    "henze_zirkler": "Any departure from a Gaussian's shape, clumps and holes too.",
    "distance_correlation": "Does one number of a code tell anything about another, in any way?",
    "runs": "Do neighbouring samples have similar codes?",
    "autocorrelation": "Does a code tell anything about those a few places on?",
    "rebuilt": "A real sample that comes back from its code is one that the model can make.",
    "lost_in_reconstruction": "Groups of real data most of which don't come back.",
    "finite": "A sample that isn't a number counts as nothing.",
    "good": "Within the distance of neighbouring real samples: the quality, without any labels.",
    "density": "How many neighbourhoods of real samples a generated one falls into.",
    "coverage": "A real sample that has no generated neighbour was missed, or is nearly so.",
    "lost_groups": "Groups of real data that hardly any good generated sample falls into.",
    "uneven": "Do some groups of the data get more of the good samples than their share, others "
    "less?",
    "reached": "What the verdict goes by.",
    "unused_mass": "Codes that the generator gets, and that no real sample stands for: what does "
    "it make of them?",
    "empty_cells": "The same by cells that each have an equal share of N(0, I).",
    "support": "From how often two samples are nearly the same, as birthdays in a room.",
    "memorised": "A model that copies its training data is near to it, and far from unseen data.",
}


def meaning(finding):
    """Return what a finding looks at, for somebody who doesn't know its test; "" if unknown."""
    return MEANINGS.get(finding.name, "")


def reading(finding):
    """Return a mark, and what the numbers of a finding say together.

    Args:
        finding: `diagnostics.Finding`.
    """
    if not math.isfinite(finding.effect):
        return (MATTERS if finding.matters else PLAIN), "could not be measured: not finite"
    if finding.large is None:
        return PLAIN, "a figure to know, without a limit"
    is_large = finding.effect >= finding.large
    is_sure = finding.p_value is None or finding.p_value < LEVEL
    if is_large and is_sure:
        return MATTERS, "matters"
    if is_large:
        return FINE, "large, but chance may have made it"
    if finding.p_value is not None and is_sure:
        return FINE, "not by chance, but too small to matter"
    return FINE, "fine"
