"""What figures and findings mean, in plain words."""

import math

from keras_iidgan.diagnostics.findings import LEVEL

MATTERS, FINE, PLAIN = "✗", "✓", "·"

MEANINGS = {}


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
