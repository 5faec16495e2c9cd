"""The runs of comparisons, several at a time, each in a process of its own.

Processes that share a folder share the work: a run is claimed by a lock on a file beside its
folder. The run's own process holds the lock too, so a run whose `compare` was killed isn't begun
twice while it goes on; the system drops the lock with the last of them, however it ends.
"""

import dataclasses
import fcntl
import subprocess
import sys
import time
from typing import Any

from keras_iidgan.comparing import records
from keras_iidgan.comparing.slots import Slot

_POLL = 0.2  # Seconds.
_PATIENCE = 120  # Seconds that a run has to stop, once it is told to.


@dataclasses.dataclass
class Outcome:
    """What came of the runs.

    Attributes:
        failed: `{label: reason}` of those that ended without a figure.
        elsewhere: labels of those that another process has claimed.
    """

    failed: dict[str, str] = dataclasses.field(default_factory=dict)
    elsewhere: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class _Job:
    run: Any
    slot: Slot
    claim: Any
    process: Any


class Runner:
    """Runs what has no figures yet.

    Args:
        runs: list of `plan.Run`.
        slots: list of `Slot`, one for each run at a time.
        start: function of a run, a slot and an open lock file that starts the run's process and
            returns it.
        say: prints a line.
    """

    def __init__(self, runs, slots, *, start=None, say=print):
        self.waiting = [run for run in runs if not run.figures.exists()]
        self.slots, self.start = list(slots), start or start_process
        self.say, self.jobs, self.left, self.outcome = say, [], [], Outcome()
        self.total, self.done = len(runs), len(runs) - len(self.waiting)
        self.steps_left = sum(run.config.steps for run in self.waiting)
        self.steps_done, self.began = 0, time.monotonic()

    def run(self):
        """Run all; returns an `Outcome`. Whatever ends this early stops the processes first."""
        try:
            self._work()
            before = len(self.left) + 1
            while self.left and len(self.left) < before:  # Others may have ended meanwhile.
                before = len(self.left)
                self.waiting, self.left = self.left, []
                self.steps_left += sum(run.config.steps for run in self.waiting)
                self._work()
        finally:
            self._stop()
        self.outcome.elsewhere = [run.label for run in self.left]
        return self.outcome

    def _work(self):
        while self.waiting or self.jobs:
            while self.waiting and self.slots:
                self._begin(self.waiting.pop(0))
            for job in [job for job in self.jobs if job.process.poll() is not None]:
                self._end(job)
            if self.jobs:
                time.sleep(_POLL)

    def _begin(self, run):
        claim = claimed(run)
        if claim is None:
            self.left.append(run)
            self.steps_left -= run.config.steps
            return
        if run.figures.exists():  # Another process was faster.
            claim.close()
            self._tell(run, "done by another process")
            return
        found = records.outcome(run)
        if found:  # It ended, but nobody was left to keep it.
            records.keep(run, found)
            claim.close()
            self._tell(run, records.line(found))
            return
        slot = self.slots.pop(0)
        self.jobs.append(_Job(run, slot, claim, self.start(run, slot, claim)))

    def _end(self, job):
        self.jobs.remove(job)
        self.slots.append(job.slot)
        found = records.outcome(job.run)
        if found:
            records.keep(job.run, found)
        job.claim.close()
        if found:
            self.steps_done += job.run.config.steps
            self._tell(job.run, records.line(found))
            return
        reason = _last_words(job.run, job.process.returncode)
        self.outcome.failed[job.run.label] = reason
        self._tell(job.run, f"failed: {reason}")

    def _tell(self, run, words):
        self.done += 1
        self.steps_left -= run.config.steps
        left = self.total - self.done - len(self.left)
        count = f"{self.done}/{self.total} done, {left} left{self._estimate(left)}"
        self.say(f"{count}  {run.label}: {words}")

    def _estimate(self, left):
        if not left or not self.steps_done:
            return ""
        seconds = (time.monotonic() - self.began) * self.steps_left / self.steps_done
        return f", about {duration(seconds)}"

    def _stop(self):
        for job in self.jobs:
            job.process.terminate()  # It keeps its last step.
        for job in self.jobs:
            try:
                job.process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                job.process.kill()
            job.claim.close()


def claimed(run):
    """Return the locked file that claims a run, or None where another process has it.

    Raises:
        OSError: if the file system has no locks, which `train` needs too.
    """
    path = run.folder.with_name(f"{run.folder.name}.claim")
    path.parent.mkdir(parents=True, exist_ok=True)
    file = open(path, "a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def start_process(run, slot, claim):
    """Start a run in a process of its own, which writes what it says beside the run folder."""
    command = [sys.executable, "-m", "keras_iidgan.comparing.work", *run.config.flag_lines()]
    command += [
        f"--run_dir={run.folder}",
        "--noexport",
        f"--cores={','.join(map(str, slot.cores))}",
    ]
    command += [f"--evaluate={flag}" for flag in run.evaluate]
    with open(_log(run), "a") as log:
        return subprocess.Popen(
            command,
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=slot.environment(),
            pass_fds=[claim.fileno()],
            start_new_session=True,  # Ctrl+C is for `compare`, which stops its runs itself.
        )


def duration(seconds):
    """Write a time for people: 40 s, 12 min, 3.5 h."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _log(run):
    return run.folder.with_name(f"{run.folder.name}.log")


def _last_words(run, code):
    path = _log(run)
    lines = path.read_text(errors="replace").strip().splitlines() if path.exists() else []
    errors = [line for line in lines[-20:] if line.startswith("error: ")]
    words = (errors or lines or ["it said nothing"])[-1].removeprefix("error: ")
    return f"{words} (exit code {code}; {path})"
