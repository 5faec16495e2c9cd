"""Measure how well the verdict agrees with the modes that models cover in truth.

    python -m keras_iidgan.detect --seeds=4

Trains every method on every data set from every seed, diagnoses each model at its stages, and
writes the agreement into RESULTS.md. What is measured already isn't measured again.
"""

import pathlib
import sys

from keras_iidgan import cli, flags
from keras_iidgan.cli import UsageError
from keras_iidgan.detecting import cells, section
from keras_iidgan.files import read_json, to_json, write_atomically


def main(values):
    """Check the flags, measure what is missing, and write figures, picture and page."""
    wanted = cells.cells(values.datasets, values.methods, values.seeds)
    folder = pathlib.Path(values.measured_dir)
    path = folder / section.FILE
    found = read_json(path)["stages"] if path.exists() else []
    done = {(stage["dataset"], stage["method"], stage["seed"]) for stage in found}
    left = [cell for cell in wanted if (cell.dataset, cell.method, cell.seed) not in done]
    if values.quick and found:
        raise UsageError(f"--quick needs a --measured_dir without figures; {path} has some")
    for number, cell in enumerate(left, 1):
        print(f"{number}/{len(left)} {cell.label}", file=sys.stderr, flush=True)
        found += _measure(cell, values)
        command = f"python -m keras_iidgan.detect --seeds={values.seeds}"
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(path, to_json({"command": command, "stages": found}, indent=1) + "\n")
    _draw(found, folder)
    if not values.quick:
        from keras_iidgan.comparing import page, records

        page.write(records.read_all(folder), folder, values.results, values.readme)
    print(section.section(folder).strip())
    return 0


def _measure(cell, values):
    from keras_iidgan.detecting import stages

    return stages.train(cell, values.configs, values.quick)


def _draw(found, folder):
    from keras_iidgan import plots

    stages = [stage for stage in found if not stage.get("diverged")]
    if stages:
        plots.save(plots.detection_figure(stages), folder / section.PICTURE)


if __name__ == "__main__":
    cli.run(main, flags.define_detect)
