"""A saved run, loaded again from its folder."""

import dataclasses
import pathlib
from typing import Any

from keras_iidgan.cli import UsageError
from keras_iidgan.files import read_json
from keras_iidgan.run_config import RunConfig, default_export_dir


@dataclasses.dataclass(frozen=True)
class SavedRun:
    """What a run folder holds.

    Attributes:
        path: the folder.
        config: the run's `RunConfig`.
        data: the run's `Data`.
        model: the `Method`, with the weights of the checkpoint.
        export_dir: where its versions go by default: beside the one that the run itself wrote.
    """

    path: pathlib.Path
    config: RunConfig
    data: Any
    model: Any
    export_dir: str


# Which checkpoint -> its folder in that of the run.
_FOLDERS = {"newest": "checkpoints", "best": "best"}


def load(path, checkpoint="newest"):
    """Load a run.

    Args:
        path: the run folder.
        checkpoint: "newest", the newest whole one; or "best", that of the highest coverage, which
            the collapse monitor keeps.

    Raises:
        UsageError: if it isn't a run folder or holds no such checkpoint that can be used.
    """
    if checkpoint not in _FOLDERS:
        raise UsageError(f"--checkpoint must be one of newest, best; got {checkpoint!r}")
    if not path:
        raise UsageError("--run must name a run folder; got none")
    path = pathlib.Path(path)
    if not (path / "config.json").exists():
        raise UsageError(f"--run must name a run folder; {path} has no config.json")
    stored = read_json(path / "config.json")
    try:
        export_dir = _export_dir(path, stored)
        places = {"runs_dir": str(path.parent), "run_dir": str(path), "export_dir": export_dir}
        config = RunConfig(**stored, **places)
    except TypeError:
        raise UsageError(
            f"--run must name a run of this version; {path / 'config.json'} has other settings"
        ) from None

    from keras_iidgan import session
    from keras_iidgan.training import checkpoints

    run = session.prepare(dataclasses.replace(config, distribution="none"))
    if not checkpoints.restore(run.model, path / _FOLDERS[checkpoint]):
        if checkpoint == "best":
            raise UsageError(
                f"--checkpoint=best needs a run that was trained with --monitor_every; {path} has "
                "no best checkpoint"
            )
        raise UsageError(f"--run={path} has no checkpoint yet")
    return SavedRun(path, config, run.data, run.model, export_dir)


def _export_dir(path, stored):
    summary = path / "summary.json"
    version = read_json(summary).get("export") if summary.exists() else None
    if version:
        return str(pathlib.Path(version).parent)
    return default_export_dir(**stored)
