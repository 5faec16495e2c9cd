"""Which versions a model wants to serve, and what has to happen next to get there."""

import dataclasses
import typing


@dataclasses.dataclass(frozen=True)
class Policy:
    """A version policy.

    Attributes:
        kind: latest, all or specific.
        num_versions: How many of the highest versions, for latest.
        versions: Which versions, for specific.
    """

    kind: str = "latest"
    num_versions: int = 1
    versions: frozenset[int] = frozenset()

    def choose(self, found):
        """Choose from the versions in a folder.

        Args:
            found: The integers.

        Returns:
            Set of the versions to serve, in TensorFlow Serving's words the aspired ones.
        """
        if self.kind == "all":
            return set(found)
        if self.kind == "specific":
            return set(found) & self.versions
        # 0 is what the message has where nothing is set.
        return set(sorted(found, reverse=True)[: max(self.num_versions, 1)])


@dataclasses.dataclass(frozen=True)
class ModelConfig:
    """A model to serve.

    Attributes:
        name: The name in the URL.
        base_path: The folder of its versions.
        policy: A `Policy`.
        labels: `{label: version}`.
    """

    name: str
    base_path: str
    policy: Policy = Policy()
    labels: typing.Mapping[str, int] = dataclasses.field(default_factory=dict)


def to_unload(aspired, available):
    """Choose the versions that may go, so that a model is never without one.

    Args:
        aspired: The versions to serve.
        available: The versions that are served.

    Returns:
        Set of versions: those that aren't aspired. While none that is aspired is available, the
        highest of them stays.
    """
    going = available - aspired
    if aspired and not aspired & available:
        return going - {max(going, default=None)}
    return going
