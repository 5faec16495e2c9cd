import json
import pathlib
import statistics

import pytest

from keras_iidgan import cli, compare, flags, tables


def summary(seed, quality, row="iidgan ring paper"):
    return {
        "row": row,
        "seed": seed,
        "steps": 10,
        "samples": 50_000,
        "modes_covered": 8,
        "modes_total": 8,
        "high_quality": quality,
        "reverse_kl": -0.01,
        "protocol_threshold": 1,
    }


def run(*arguments):
    with pytest.raises(SystemExit) as stop:
        cli.run(compare.main, flags.define_compare, ["compare", *arguments])
    return stop.value.code


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """A run without `--readme` must not change this project's own."""
    configs = pathlib.Path("configs").resolve()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configs").symlink_to(configs)


def keep(folder, *summaries):
    (folder / "ring").mkdir(parents=True)
    for found in summaries:
        path = folder / "ring" / f"{found['row'].replace(' ', '-')}-seed{found['seed']}.json"
        path.write_text(json.dumps(found))


def test_a_cell_is_mean_and_sample_deviation_of_the_kept_runs(tmp_path):
    values = [0.95, 0.97, 0.99]
    keep(tmp_path / "kept", *(summary(seed, q) for seed, q in enumerate(values)))
    assert not run(f"--measured_dir={tmp_path / 'kept'}", f"--out={tmp_path / 'R.md'}")
    row = next(x for x in (tmp_path / "R.md").read_text().splitlines() if "| iidgan ring" in x)
    assert f"{statistics.fmean(values):.2%} ± {statistics.stdev(values):.2%}" in row
    assert "| 0, 1, 2 |" in row


def test_one_run_has_no_deviation_and_missing_figures_are_dashes(tmp_path):
    keep(tmp_path / "kept", summary(3, 0.5))
    run(f"--measured_dir={tmp_path / 'kept'}", f"--out={tmp_path / 'R.md'}")
    row = next(x for x in (tmp_path / "R.md").read_text().splitlines() if "| iidgan ring" in x)
    assert "50.00%" in row
    assert "±" not in row
    assert "| - |" in row


def test_the_readme_changes_between_its_marks_alone(tmp_path):
    keep(tmp_path / "kept", summary(3, 0.5))
    page = tmp_path / "README.md"
    page.write_text(f"before\n{compare._BEGIN}\nold\n{compare._END}\nafter\n")
    for _ in range(2):
        run(f"--measured_dir={tmp_path / 'kept'}", f"--out={tmp_path / 'R.md'}")
    text = page.read_text()
    assert text.startswith(f"before\n{compare._BEGIN}\n|")
    assert text.endswith(f"\n{compare._END}\nafter\n")
    assert "50.00%" in text
    assert "old" not in text


def test_kept_runs_are_not_run_again(tmp_path, monkeypatch):
    table = tables.TABLES["ring"]
    keep(tmp_path / "kept", *(summary(0, 0.9, row.name) for row in table.rows))
    monkeypatch.setattr(compare, "_train", lambda *_: pytest.fail("a kept run was trained again"))
    options = [f"--measured_dir={tmp_path / 'kept'}", f"--out={tmp_path / 'R.md'}"]
    assert not run("--tables=ring", "--seeds=0", *options)


def test_an_unknown_table_is_refused(capsys):
    assert run("--tables=moon") == 2
    error = capsys.readouterr().err
    assert "moon" in error
    assert "ring" in error


def test_every_row_is_a_configuration_that_parses():
    from absl import flags as absl_flags

    from keras_iidgan.run_config import run_config

    for table in tables.TABLES.values():
        for row in table.rows:
            values = absl_flags.FlagValues()
            flags.define_train(values)
            values(["train", *cli.expand_flagfiles(row.flags)])
            assert run_config(values).steps > 0


def test_speed_has_a_section_where_it_was_measured(tmp_path):
    keep(tmp_path / "kept", summary(0, 0.9))
    rates = {"fit": 300.0, "products": 400.0}
    found = {
        "batch_size": 128,
        "matrix_product_flops_per_step": 217e6,
        "cores": 2,
        "processor": "a processor",
        "python": "3.11",
        "load_before": 0.1,
        "results": [
            {
                "threads": 2,
                "steps_per_second": {k: {"variant": k, "median": r} for k, r in rates.items()},
                "fit_over": {"products": {"median": 0.75, "min": 0.7, "max": 0.8}},
                "versions": {"numpy": "2"},
            }
        ],
    }
    kept, out = tmp_path / "kept", tmp_path / "R.md"
    run(f"--measured_dir={kept}", f"--out={out}")
    assert "Speed" not in out.read_text()
    (kept / "speed.json").write_text(json.dumps(found))
    run(f"--measured_dir={kept}", f"--out={out}")
    assert "| 2 | products | `products` | 400 | 0.75 (0.70, 0.80) |" in out.read_text()
    assert "| 2 | fit | `fit` | 300 |  |" in out.read_text()
    assert "numpy 2" in out.read_text()
    del found["matrix_product_flops_per_step"]
    (kept / "conv_speed.json").write_text(json.dumps(found))
    run(f"--measured_dir={kept}", f"--out={out}")
    assert out.read_text().count("MFLOP") == 1
    assert "## Speed of training on images" in out.read_text()
