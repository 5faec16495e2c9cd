"""Runs without training: a process notes that it began, waits to be let go, and ends."""

import pathlib
import signal
import subprocess
import sys
import types

from keras_iidgan.comparing.plan import Run
from keras_iidgan.comparing.runner import Runner
from keras_iidgan.comparing.slots import Slot
from keras_iidgan.comparing.tables import Row

# Arguments: the run folder, what it ends with, a file that gets a line per start, and one that
# holds every run while it is there (two minutes at most).
_WORK = """
import json, pathlib, sys, time
folder, ending, begun, hold = sys.argv[1:]
folder = pathlib.Path(folder)
with open(begun, "a") as file:
    file.write(folder.name + "\\n")
end = time.monotonic() + 120
while pathlib.Path(hold).exists() and time.monotonic() < end:
    time.sleep(0.02)
folder.mkdir(parents=True, exist_ok=True)
if ending == "fails":
    print("a note\\nerror: the disk is full")
    sys.exit(2)
found = {"diverged": "loss is not finite"} if ending == "diverged" else {"seed": 0, "kl": 1.0}
if ending != "diverged":
    found["protocol_samples"] = 10
(folder / f"{ending}.json").write_text(json.dumps(found))
"""


def run(folder, name, seed=0, steps=100, evaluate=()):
    row = Row(name, "gan", "ring")
    label = row.label(seed)
    config = types.SimpleNamespace(
        run_dir=str(folder / "runs" / label),
        seed=seed,
        steps=steps,
        method="gan",
        dataset="ring",
        flag_lines=lambda: [f"--steps={steps}", f"--seed={seed}", "--hparam=a=1"],
    )
    return Run(row, config, folder / "figures" / f"{label}.json", evaluate)


def starter(folder, *, endings=None):
    """A `start` of `Runner`: runs whose row `endings` names end so, all others well."""

    def start(given, slot, claim):
        del slot
        ending = (endings or {}).get(given.row.name, "summary")
        log = given.folder.with_name(f"{given.folder.name}.log")
        begun, hold = (pathlib.Path(folder) / name for name in ("begun", "hold"))
        with open(log, "a") as file:
            return subprocess.Popen(
                [sys.executable, "-c", _WORK, given.folder, ending, begun, hold],
                stdout=file,
                stderr=file,
                pass_fds=[claim.fileno()],
                start_new_session=True,
            )

    return start


def main(folder, names, jobs):
    """Share the runs of a folder, as `compare` does."""
    # A shell's background job, and all that it starts, ignores the interrupt that a test sends.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    folder = pathlib.Path(folder)
    runs = [run(folder, name) for name in names.split(",")]
    Runner(runs, [Slot((0,))] * int(jobs), start=starter(folder)).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
