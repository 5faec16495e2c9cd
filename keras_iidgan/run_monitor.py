"""The collapse monitor of a run, and what it keeps in the run's folder."""

import json

import numpy as np

from keras_iidgan import callbacks
from keras_iidgan.cli import UsageError
from keras_iidgan.data.base import pixels
from keras_iidgan.files import read_json, to_json, write_atomically
from keras_iidgan.training import checkpoints

BEST, RECORDS, STATE = "best", "monitor.jsonl", "monitor.json"
_SEED = 2
_ROWS, _ROWS_A_GROUP, _MOST_ROWS = 1000, 60, 2000


def make(run, folder, write):
    """Return a run's `CollapseMonitor`, or None without `--monitor_every`.

    `monitor.jsonl` gets a line a look, and `best/` the state of the model at the best one, which
    `checkpoints.restore` reads. The looks depend on the clock, so none of their figures enters
    `metrics.jsonl`, which a seed determines.

    Args:
        run: a `session.Run`, its model at the step where training goes on.
        folder: its `RunDir`.
        write: called with the figures of each look and its `step`, for TensorBoard.

    Raises:
        UsageError: the data are too few.
    """
    config, model, data = run.config, run.model, run.data
    if not config.monitor_every:
        return None
    rows = _rows(data)
    records = _Records(folder.path, int(model.step.numpy()))

    def record(found):
        numbers = {k: v for k, v in found.items() if k not in ("step", "lost")}
        write({"step": found["step"], **{f"monitor_{k}": v for k, v in numbers.items()}})
        records.append(found, monitor)

    try:
        monitor = callbacks.CollapseMonitor(
            pixels(data.train[rows]),
            sample=lambda n: model.sample(n, seed=_SEED),
            invert=model.invert if model.can_invert else None,
            groups=None if data.labels is None else data.labels[rows],
            names=_names(data),
            every=config.monitor_every,
            budget=config.monitor_budget or None,
            patience=config.stop_on_collapse or None,
            save_best=records.save_best,
            record=record,
            first_step=records.start,
        )
    except ValueError as error:
        raise UsageError(f"--monitor_every must be 0 for {data.name}: {error}") from None
    records.restore(monitor)
    return monitor


def _rows(data):
    """Choose the rows that are watched, in their order on the disk."""
    count = min(max(_ROWS, _ROWS_A_GROUP * data.num_classes), _MOST_ROWS, len(data.train))
    return np.sort(np.random.default_rng(_SEED).permutation(len(data.train))[:count])


def _names(data):
    if data.class_names:
        return data.class_names
    if data.centers is not None:
        places = [", ".join(f"{value:.3g}" for value in c) for c in np.round(data.centers, 6) + 0.0]
        return [f"mode {k} at ({place})" for k, place in enumerate(places)]
    return [f"{'mode' if data.num_modes else 'class'} {k}" for k in range(data.num_classes)]


class _Records:
    """The monitor's files in a run folder."""

    def __init__(self, folder, start):
        self.folder, self.start = folder, start

    def append(self, found, monitor):
        """Add a look, and keep the monitor's state."""
        self._write([*self._read(), found])
        write_atomically(self.folder / STATE, to_json(monitor.state()))

    def save_best(self, model):
        """Write the model's state to `best/step-<step>.npz`, then drop what was best before."""
        folder, step = self.folder / BEST, int(model.step.numpy())
        older = [path for path in folder.glob("step-*.npz") if path.name != _name(step)]
        checkpoints.save(model, folder, keep=len(older) + 1)
        for path in older:
            path.unlink()

    def restore(self, monitor):
        """Go on where an earlier process was, if there was one and its best weights are there."""
        if not (self.folder / STATE).exists() or not self.start:
            return
        state = read_json(self.folder / STATE)
        if state["best"] and not (self.folder / BEST / _name(state["best"]["step"])).exists():
            state["best"] = None
        self._write([found for found in self._read() if found["step"] <= self.start])
        monitor.restore(state)

    def _read(self):
        path = self.folder / RECORDS
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def _write(self, records):
        lines = "".join(to_json(record) + "\n" for record in records)
        write_atomically(self.folder / RECORDS, lines)


def _name(step):
    return f"step-{step:08d}.npz"


def stopped(listed):
    """Return why the monitor among the callbacks ended training, or None."""
    found = (c.stopped for c in listed if isinstance(c, callbacks.CollapseMonitor))
    return next(found, None)
