"""What a report holds of one run, apart from how it looks."""

import dataclasses
from collections.abc import Mapping
from typing import Any

LIGHTS = ("green", "yellow", "red")


@dataclasses.dataclass(frozen=True, eq=False)
class Picture:
    """A figure and what it shows.

    Attributes:
        name: a key, unique in its list.
        caption: what can be seen in it, in a sentence.
        figure: `matplotlib.figure.Figure`.
    """

    name: str
    caption: str
    figure: Any


@dataclasses.dataclass(frozen=True, eq=False)
class Report:
    """Everything that is said of one run.

    Attributes:
        name: of the run, its folder's.
        title: of a page about it.
        verdict: a `diagnostics.Verdict`.
        findings: `diagnostics.Findings`.
        figures: what `evaluation.measure` found.
        groups: of the real data, `diagnostics.Group` by how far generated samples reach them.
        rebuilt_groups: the same by G(F(x)); empty without an encoder.
        lost_pictures: `Picture`s of the members of lost groups.
        pictures: `Picture`s of samples and codes.
        records: of `metrics.jsonl`.
        players: names of those that have losses.
        left_out: what could not be had -> why.
        protocol: how it was measured, a title -> a value.
        settings: of the training, flag -> value.
        environment: name of a library -> version.
    """

    name: str
    title: str
    verdict: Any
    findings: Any
    figures: Mapping = dataclasses.field(default_factory=dict)
    groups: tuple = ()
    rebuilt_groups: tuple = ()
    lost_pictures: tuple[Picture, ...] = ()
    pictures: tuple[Picture, ...] = ()
    records: tuple = ()
    players: tuple[str, ...] = ()
    left_out: Mapping = dataclasses.field(default_factory=dict)
    protocol: Mapping = dataclasses.field(default_factory=dict)
    settings: Mapping = dataclasses.field(default_factory=dict)
    environment: Mapping = dataclasses.field(default_factory=dict)

    def __post_init__(self):
        if self.verdict.colour not in LIGHTS:
            known = ", ".join(LIGHTS)
            raise ValueError(f"verdict.colour must be one of {known}; got {self.verdict.colour!r}")

    @property
    def lost(self):
        """Names of the groups that either generated samples or G(F(x)) don't reach."""
        found = (*self.groups, *self.rebuilt_groups)
        return tuple(dict.fromkeys(group.name for group in found if group.lost))


def distinct_names(reports):
    """Return a name for each report: its run's, numbered where runs of two places have the same."""
    names = [report.name for report in reports]
    return [
        f"{name} ({place + 1})" if names.count(name) > 1 else name
        for place, name in enumerate(names)
    ]
