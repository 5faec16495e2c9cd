"""What a diagnosis of real samples returns: findings, and the groups with their members."""

import dataclasses
from typing import NamedTuple

import numpy as np

from keras_iidgan.diagnostics.findings import Findings

LOST_SHARE = 0.01  # Of the real samples, from which on lost groups matter.


@dataclasses.dataclass(frozen=True)
class Group:
    """A group of real samples, and how far the model reaches it.

    Attributes:
        name: for a person.
        members: indices of its real samples, the worst of them first.
        share: of the real samples.
        reached: how much of it is reached, in [0, 1]; of what, the diagnosis says.
        lost: whether the model has lost it, by the diagnosis' rule.
    """

    name: str
    members: np.ndarray
    share: float
    reached: float
    lost: bool


class Located(NamedTuple):
    """Findings, and the groups of real samples that they are about.

    Attributes:
        findings: `Findings`.
        groups: tuple of `Group`, those that are reached least first.
        measure: [N], of each real sample how far off it is, in units of its group's scale; above
            1 it isn't reached.
    """

    findings: Findings
    groups: tuple[Group, ...]
    measure: np.ndarray

    @property
    def lost(self):
        """The groups that are lost."""
        return tuple(group for group in self.groups if group.lost)


def in_scales(distance, scale):
    """Return distances in units of their scales; where both are 0, 0."""
    return np.divide(distance, scale, out=np.where(distance > 0, np.inf, 0.0), where=scale > 0)


def worst_first(members, measure):
    """Return indices in the order of a falling measure [N]."""
    return members[np.argsort(-measure[members], kind="stable")]


def kind_of(clusters, count):
    """Say what the groups are."""
    if clusters is None:
        return f"{count} given groups"
    kind = "clusters" if clusters.clear else "cells of k-means, as there are no clear clusters"
    return f"{len(clusters)} {kind} (silhouette {clusters.silhouette:.2f})"


def named(groups, most=5):
    """Say which groups are lost, in a few words."""
    if not groups:
        return "none is lost"
    more = f" and {len(groups) - most} more" if len(groups) > most else ""
    return "lost: " + "; ".join(group.name for group in groups[:most]) + more


def listed(table):
    """Return the groups as lists, for a finding's details."""
    return {
        "groups": [group.name for group in table],
        "reached": [group.reached for group in table],
        "share": [group.share for group in table],
        "lost": [group.name for group in table if group.lost],
    }
