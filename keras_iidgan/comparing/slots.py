"""The shares of the machine that runs get: some cores each, and one of the GPUs if there are."""

import dataclasses
import os
import shutil
import subprocess

_MOST = 8  # Runs at a time on a machine without a GPU: each takes half a gigabyte.


@dataclasses.dataclass(frozen=True)
class Slot:
    """One share.

    Attributes:
        cores: numbers of its cores.
        gpu: its GPU as `CUDA_VISIBLE_DEVICES` names it, or None.
    """

    cores: tuple[int, ...]
    gpu: str | None = None

    def environment(self):
        """Return the environment variables of a process in this share."""
        if self.gpu is None:
            return dict(os.environ)
        # Memory as it is needed, for several runs may share a GPU.
        more = {"CUDA_VISIBLE_DEVICES": self.gpu, "TF_FORCE_GPU_ALLOW_GROWTH": "true"}
        return os.environ | more


def make(jobs, runs):
    """Share the machine.

    Args:
        jobs: runs at a time; 0 is one for each GPU, or without one for each core, at most 8.
        runs: how many runs there are; more shares than runs aren't made.
    """
    found, cores = gpus(), _cores()
    jobs = min(jobs or len(found) or min(len(cores), _MOST), max(runs, 1))
    each = max(len(cores) // jobs, 1)
    return [
        Slot(
            tuple(cores[i * each % len(cores) :][:each]),
            found[i % len(found)] if found else None,
        )
        for i in range(jobs)
    ]


def gpus():
    """Return the names of the GPUs that this process may use."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        return [name.strip() for name in visible.split(",") if name.strip() not in ("", "-1")]
    if not shutil.which("nvidia-smi"):
        return []
    listed = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, check=False)
    count = sum(line.startswith("GPU ") for line in listed.stdout.splitlines())
    return [str(number) for number in range(count)]


def _cores():
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))
