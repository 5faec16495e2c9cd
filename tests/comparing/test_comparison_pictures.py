import json
import types

import numpy as np
import pytest

from keras_iidgan import session
from keras_iidgan.comparing import pictures, plan
from keras_iidgan.comparing.tables import Column, Row, Table

CENTERS = np.array([[-1.0, 0.0], [1.0, 0.0]])


@pytest.fixture(autouse=True)
def two_points(monkeypatch):
    data = types.SimpleNamespace(train=CENTERS, num_modes=2)
    monkeypatch.setattr(session, "load_data", lambda config: data)


def evaluated(folder, steps, modes):
    """A run folder with evaluations and snapshots at some steps."""
    (folder / "pictures" / "steps").mkdir(parents=True)
    lines = [{"step": step, "modes_covered": modes, "modes_total": 2} for step in steps]
    (folder / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    mode = np.arange(6) % 2
    for step in steps:
        np.savez(
            folder / "pictures" / "steps" / f"snapshot-{step:08d}.npz",
            step=step,
            z=np.zeros((6, 2)),
            x_fake=CENTERS[mode],
            mode=mode,
            good=np.ones(6, bool),
        )


def comparison(tmp_path, made, name="mine", **options):
    """A comparison of the runs `{(row, seed): (steps of its evaluations, modes)}`."""
    rows = {row: Row(row, "gan", "ring") for row, _ in made}
    table = Table(
        "Mine",
        "",
        tuple(rows.values()),
        tuple(dict.fromkeys(seed for _, seed in made)),
        (Column("modes", "modes_covered", ".1f", "high"),),
        **options,
    )
    runs = []
    for (row, seed), (steps, modes) in made.items():
        folder = tmp_path / "runs" / rows[row].label(seed)
        if steps:
            evaluated(folder, steps, modes)
        config = types.SimpleNamespace(run_dir=str(folder), seed=seed)
        figures = tmp_path / "kept" / name / f"{rows[row].label(seed)}.json"
        figures.parent.mkdir(parents=True, exist_ok=True)
        figures.write_text(json.dumps({"row": row, "seed": seed, "modes_covered": modes}))
        runs.append(plan.Run(rows[row], config, figures))
    return plan.Comparison(
        name, table, tuple(runs), tmp_path / "out", tmp_path / "kept" / name, True, ()
    )


def test_points_get_curves_codes_densities_and_their_way_over_the_steps(tmp_path):
    made = comparison(tmp_path, {("a", 0): ((1, 2), 2), ("b", 0): ((1, 2), 1)})
    drawn = pictures.draw(made)
    assert [path.name for path in drawn] == [
        *("curves.png", "latent.png", "densities.png", "progress.png"),
    ]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in drawn)


def test_runs_whose_folders_are_elsewhere_are_in_no_picture(tmp_path):
    assert pictures.draw(comparison(tmp_path, {("a", 0): ((), 2)})) == []


def test_a_run_that_ended_early_leaves_the_steps_of_the_others_alone():
    def seen(*steps):
        return [types.SimpleNamespace(step=step) for step in steps]

    found = pictures._at_common_steps({"a": seen(1, 2, 3, 4), "b": seen(1), "c": seen(1, 2, 3)})
    assert {name: [s.step for s in own] for name, own in found.items()} == {
        **{"a": [1, 2, 3], "c": [1, 2, 3]}
    }


def test_the_picture_of_results_md_lies_beside_the_kept_figures(tmp_path):
    made = comparison(tmp_path, {("a", 0): ((1, 2), 2)}, picture=True)
    pictures.keep_progress(made)
    assert (tmp_path / "kept" / "mine.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(("name", "seed"), [("mine", 0), ("iid_gan_fig5", 1)])
def test_of_a_poor_start_the_poorest_seed_is_drawn_and_else_the_first(tmp_path, name, seed):
    made = comparison(tmp_path, {("a", 0): ((1,), 2), ("a", 1): ((1,), 1)}, name)
    assert [run.config.seed for run in pictures._shown(list(made.runs), name)] == [seed]


def test_a_histogram_is_drawn_of_the_tables_that_have_one(tmp_path):
    made = comparison(tmp_path, {("a", 0): ((), 2), ("b", 0): ((), 1)}, histogram="modes_covered")
    assert [path.name for path in pictures.draw(made)] == ["histogram.png"]
