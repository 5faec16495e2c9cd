"""Run folders: numbered or named, locked while in use, and what is written into them."""

import fcntl
import json
import pathlib
import re

from keras_iidgan.cli import UsageError
from keras_iidgan.files import read_json, reason, to_json, write_atomically
from keras_iidgan.run_config import completed


class RunDir:
    """One run's folder.

    `run.flags` re-runs it, `config.json` is what a resume is checked against, `metrics.jsonl` has
    a line per evaluation, `summary.json` marks the run as finished. `checkpoints/` and `pictures/`
    are what they say. A lock file keeps a second process out; the system drops the lock when the
    process ends, however it ends.

    Args:
        path: the folder; made if it is missing.

    Raises:
        UsageError: if the folder can't be written, or another process is using it.
    """

    def __init__(self, path):
        self.path = pathlib.Path(path)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock = open(self.path / "lock", "a")
        except OSError as error:
            raise UsageError(f"the run folder {path} can't be written: {reason(error)}") from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            raise UsageError(f"the run folder {path} is in use by another process") from None

    def close(self):
        """Let other processes use the folder."""
        self._lock.close()

    @property
    def checkpoints(self):
        """Folder of the checkpoints."""
        return self.path / "checkpoints"

    @property
    def pictures(self):
        """Folder of the pictures."""
        return self.path / "pictures"

    @property
    def is_finished(self):
        """Whether the run came to its end."""
        return (self.path / "summary.json").exists()

    @property
    def is_used(self):
        """Whether a run was started here."""
        return (self.path / "config.json").exists()

    def write(self, name, text):
        """Write a file whole: aside, then renamed."""
        write_atomically(self.path / name, text)

    def claim(self, config):
        """Write the configuration of a fresh run.

        Args:
            config: a `RunConfig`.
        """
        self.write("run.flags", "\n".join(config.flag_lines()) + "\n")
        self.write("config.json", to_json(config.computation, indent=1))  # Last: see `is_used`.

    def append_metrics(self, record):
        """Append one evaluation to `metrics.jsonl`, and rewrite `history.csv` from it."""
        # Written whole, for a full disk would leave half a line of an appended one.
        records = [*self.metrics(), record]
        self._write_metrics(records)
        self._write_csv(records)

    def metrics(self):
        """Return the evaluations so far, a list of dicts."""
        path = self.path / "metrics.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def forget_after(self, step):
        """Drop evaluations after `step`, which a resumed run will make again."""
        self._write_metrics([record for record in self.metrics() if record["step"] <= step])

    def _write_metrics(self, records):
        self.write("metrics.jsonl", "".join(to_json(record) + "\n" for record in records))

    def _write_csv(self, records):
        scalars = [k for k, v in records[-1].items() if isinstance(v, (int, float, str))]
        rows = [",".join(str(record.get(k, "")) for k in scalars) for record in records]
        self.write("history.csv", "\n".join([",".join(scalars), *rows]) + "\n")


def check_same(path, config, other="--run_dir"):
    """Refuse a folder that holds a run of another configuration.

    Args:
        path: the folder; one that holds no run is fine.
        config: a `RunConfig`.
        other: the flag that chooses another folder.

    Raises:
        UsageError: names the settings that differ.
    """
    path = pathlib.Path(path)
    if not (path / "config.json").exists():
        return
    stored = completed(read_json(path / "config.json"))
    mine = json.loads(json.dumps(config.computation))
    names = sorted(set(stored) | set(mine))
    changed = [
        f"{k} was {stored.get(k)!r}, is {mine.get(k)!r}"
        for k in names
        if stored.get(k) != mine.get(k)
    ]
    if changed:
        raise UsageError(
            f"the run folder {path} holds a run of another configuration "
            f"({'; '.join(changed)}); give another {other} or the same flags"
        )


def open_run(config):
    """Open the folder that a configuration names, fresh or to be continued.

    With `run_dir` that folder; else the newest numbered folder of the same configuration that was
    not finished, or a new number. `config.resume` False always starts afresh, True never does.

    Returns:
        A locked `RunDir`; it `is_used` exactly if there is something to continue.

    Raises:
        UsageError: as `RunDir`, for another configuration, or where `resume` can't be had.
    """
    path = pathlib.Path(config.run_dir or _find_numbered(config))
    if config.resume and not (path / "config.json").exists():
        raise UsageError(f"--resume needs an unfinished run; there is none in {path}")
    rundir = RunDir(path)
    try:
        _claim_or_check(rundir, config)
    except UsageError:
        rundir.close()
        raise
    return rundir


def _claim_or_check(rundir, config):
    if rundir.is_used:
        if config.resume is False:
            raise UsageError(f"--noresume needs an empty run folder; {rundir.path} holds a run")
        check_same(rundir.path, config)
    else:
        rundir.claim(config)


def _find_numbered(config):
    runs = pathlib.Path(config.runs_dir)
    numbered = sorted(p for p in runs.glob("[0-9]*-*") if re.match(r"\d+-", p.name))
    mine = json.loads(json.dumps(config.computation))
    if config.resume is not False:
        for path in reversed(numbered):
            unfinished = (path / "config.json").exists() and not (path / "summary.json").exists()
            if unfinished and _holds(path, mine) and not _is_locked(path):
                return path
    number = max((int(p.name.split("-")[0]) for p in numbered), default=-1) + 1
    return runs / f"{number:05d}-{config.method}-{config.dataset}"


def _holds(path, computation):
    """Whether a folder's configuration is this one; one that can't be read is none of ours."""
    try:
        return completed(read_json(path / "config.json")) == computation
    except (UsageError, TypeError):
        return False


def _is_locked(path):
    try:
        RunDir(path).close()
    except UsageError:
        return True
    return False
