"""The trainings over which the verdict is measured."""

import dataclasses
import pathlib

from keras_iidgan.cli import UsageError

METHODS = ("gan", "iidgan", "veegan")
# Data set -> the flags of its runs: fewer steps than the tables', so that models are caught at all
# stages between nothing and everything.
SETTINGS = {
    "ring": (
        "--flagfile={configs}/ring.flags",
        "--std=variance",
        "--steps=12000",
        "--eval_every=3000",
        "--lr_schedule=constant",
        "--learning_rate=0.001",
        "--hparam=instance_noise=0",
    ),
    "grid": (
        "--flagfile={configs}/grid.flags",
        "--std=variance",
        "--steps=20000",
        "--eval_every=5000",
        "--lr_schedule=constant",
        "--learning_rate=0.001",
        "--hparam=instance_noise=0",
    ),
    "stacked_digits": (
        "--flagfile={configs}/stacked_digits.flags",
        "--steps=12000",
        "--eval_every=3000",
    ),
}
_QUICK = ("--steps=400", "--eval_every=200", "--eval_samples=2000")


@dataclasses.dataclass(frozen=True)
class Cell:
    """One training.

    Attributes:
        dataset: name of the data set.
        method: name of the method.
        seed: of the training.
    """

    dataset: str
    method: str
    seed: int

    @property
    def label(self):
        """A name that no other cell has."""
        return f"{self.dataset}-{self.method}-seed{self.seed}"

    def arguments(self, configs, quick):
        """Return the flags of `train`, without those that say where the run is kept.

        Args:
            configs: the folder of configurations.
            quick: whether only to see that it runs.
        """
        folder = pathlib.Path(configs)
        given = [flag.format(configs=folder) for flag in SETTINGS[self.dataset]]
        own = [f"--method={self.method}", f"--seed={self.seed}", "--noexport"]
        return [*given, *own, *(_QUICK if quick else ())]


def cells(datasets, methods, seeds):
    """Return every `Cell`.

    Raises:
        UsageError: for a name that isn't known, no seeds, or a seed below 0.
    """
    for flag, given, known in (("datasets", datasets, SETTINGS), ("methods", methods, METHODS)):
        wrong = [name for name in given if name not in known]
        if wrong or not given:
            raise UsageError(
                f"--{flag} must be of {', '.join(known)}; got {', '.join(wrong) or 'none'}"
            )
    if seeds < 1:
        raise UsageError(f"--seeds must be at least 1; got {seeds}")
    return [Cell(d, m, seed) for seed in range(seeds) for d in datasets for m in methods]
