"""What a diagnosis finds, as named figures and as a table."""

import dataclasses
import math
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True)
class Finding:
    """One figure of a diagnosis.

    Attributes:
        name: its key, in snake_case, unique within a table.
        title: what it is, for a person; a few words.
        group: the question that it helps to answer, a key of `QUESTIONS`.
        statistic: the value of the test statistic, or of the figure where there is no test.
        effect: the effect size: how large the departure is, whatever the number of samples. 0 is
            none.
        effect_title: what the effect is measured in.
        samples: rows that the statistic was computed from.
        p_value: probability of a statistic as extreme if there were no departure, after the
            correction that `note` names; None where there is no test.
        large: the effect from which on a departure matters; None where there is no such rule.
        note: what else is to be said, such as the subsample or the worst dimension.
        details: further named values, for programs; floats, strings, or lists of them.
    """

    name: str
    title: str
    group: str
    statistic: float
    effect: float
    effect_title: str
    samples: int
    p_value: float | None = None
    large: float | None = None
    note: str = ""
    details: Mapping = dataclasses.field(default_factory=dict)

    def __post_init__(self):
        if self.group not in QUESTIONS:
            raise ValueError(f"group must be one of {', '.join(QUESTIONS)}; got {self.group!r}")

    @property
    def matters(self):
        """Whether the departure is both larger than `large` and, where tested, not by chance.

        With enough samples every test rejects, so a small p-value alone matters to nobody.
        """
        if self.large is None or not math.isfinite(self.effect):
            return self.large is not None
        return self.effect >= self.large and (self.p_value is None or self.p_value < LEVEL)

    def as_dict(self):
        """Return the fields and `matters` as a dict that JSON can hold."""
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return fields | {"details": dict(self.details), "matters": self.matters}


LEVEL = 0.01  # Of significance, in `matters`.

QUESTIONS = {
    "gaussian": "Is F(x) distributed as N(0, I)?",
    "shape": "Apart from mean and covariance, is F(x) Gaussian?",
    "dimensions": "Are the dimensions of F(x) independent?",
    "order": "Are the codes independent of their order?",
    "lost": "Which real data does the model not reach?",
    "unused": "Which part of N(0, I) does no F(x) reach?",
    "variety": "Are the generated samples varied, and new?",
}


class Findings(tuple):
    """A table of findings, in the order of their questions.

    `findings["energy_distance"]` is one of them by its name.
    """

    def __new__(cls, findings=()):
        """Sort by question, and refuse two of the same name."""
        findings = tuple(findings)
        names = [finding.name for finding in findings]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"names of findings must be unique; got {', '.join(twice)} twice")
        order = list(QUESTIONS)
        return super().__new__(cls, sorted(findings, key=lambda f: order.index(f.group)))

    def __getitem__(self, key):
        """Return a finding by its name or position."""
        if not isinstance(key, str):
            return super().__getitem__(key)
        for finding in self:
            if finding.name == key:
                return finding
        raise KeyError(f"{key}; known: {', '.join(finding.name for finding in self)}")

    def __add__(self, other):
        """Return the findings of both."""
        return Findings((*self, *other))

    def group(self, name):
        """Return those that help to answer one question."""
        return Findings(finding for finding in self if finding.group == name)

    def figures(self):
        """Return a flat dict of floats: `<name>` is the effect, `<name>_p` the p-value."""
        found = {finding.name: float(finding.effect) for finding in self}
        return found | {
            f"{finding.name}_p": float(finding.p_value)
            for finding in self
            if finding.p_value is not None
        }
