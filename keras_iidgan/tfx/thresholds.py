"""What a model must reach to be blessed: "modes_covered>=10, high_quality>=0.8, kl<=0.2"."""

import dataclasses
import math
import operator
import re

from keras_iidgan.cli import UsageError

_COMPARE = {">=": operator.ge, "<=": operator.le}
_RULE = re.compile(r"(\w+)\s*(>=|<=)\s*(\S+)")


@dataclasses.dataclass(frozen=True)
class Threshold:
    """A bound on one figure.

    Attributes:
        figure: its name.
        relation: ">=" or "<=".
        bound: the number that it is compared with.
    """

    figure: str
    relation: str
    bound: float

    def __str__(self):
        return f"{self.figure}{self.relation}{self.bound:g}"

    def is_met(self, figures):
        """Whether the figure was measured, is finite and keeps to the bound."""
        value = figures.get(self.figure)
        if not isinstance(value, int | float) or not math.isfinite(value):
            return False
        return _COMPARE[self.relation](value, self.bound)

    def outcome(self, figures):
        """Return in words what was measured and whether it is enough."""
        value = figures.get(self.figure)
        if not isinstance(value, int | float):
            return "not met: it was not measured"
        return f"{'met' if self.is_met(figures) else 'not met'}: {value:.4g}"


def parse(text):
    """Read thresholds.

    Args:
        text: FIGURE>=NUMBER or FIGURE<=NUMBER, with commas between.

    Returns:
        A list of `Threshold`, not empty.

    Raises:
        UsageError: for another form, or where there is none: every model would be blessed.
    """
    rules = [part.strip() for part in text.split(",") if part.strip()]
    if not rules:
        raise UsageError("thresholds must name a figure, as in modes_covered>=8; got none")
    return [_threshold(rule) for rule in rules]


def _threshold(rule):
    match = _RULE.fullmatch(rule)
    try:
        bound = float(match[3]) if match else math.nan
    except ValueError:
        bound = math.nan
    if not math.isfinite(bound):
        raise UsageError(f"a threshold must be FIGURE>=NUMBER or FIGURE<=NUMBER; got {rule!r}")
    return Threshold(match[1], match[2], bound)
