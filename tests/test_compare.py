import csv
import json
import pathlib

import pytest

from keras_iidgan import cli, compare, flags
from keras_iidgan.comparing import page, pictures, presets, runner


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


def test_the_readme_changes_between_its_marks_alone(tmp_path):
    keep(tmp_path / "kept", summary(3, 0.5))
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{page.BEGIN}\nold\n{page.END}\nafter\n")
    for _ in range(2):
        run(f"--measured_dir={tmp_path / 'kept'}", f"--results={tmp_path / 'R.md'}")
    text = readme.read_text()
    assert text.startswith(f"before\n{page.BEGIN}\n|")
    assert text.endswith(f"\n{page.END}\nafter\n")
    assert "50.00%" in text
    assert "old" not in text


def test_kept_runs_are_not_run_again(tmp_path, monkeypatch):
    table = presets.get("ring")
    keep(tmp_path / "kept", *(summary(0, 0.9, row.name) for row in table.rows))
    again = "a kept run was trained again"
    monkeypatch.setattr(runner, "start_process", lambda *_: pytest.fail(again))
    options = [f"--measured_dir={tmp_path / 'kept'}", f"--results={tmp_path / 'R.md'}"]
    assert not run("--tables=ring", "--seeds=0,", *options)


def test_the_kept_tables_are_what_results_md_says(tmp_path):
    assert not run(f"--results={tmp_path / 'R.md'}")
    here = pathlib.Path(__file__).parent.parent
    assert (tmp_path / "R.md").read_text() == (here / "RESULTS.md").read_text()


def test_an_unknown_table_is_refused(capsys):
    assert run("--tables=moon") == 2
    error = capsys.readouterr().err
    assert "moon" in error
    assert "ring" in error


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
    run(f"--measured_dir={kept}", f"--results={out}")
    assert "Speed" not in out.read_text()
    (kept / "speed.json").write_text(json.dumps(found))
    run(f"--measured_dir={kept}", f"--results={out}")
    assert "| 2 | products | `products` | 400 | 0.75 (0.70, 0.80) |" in out.read_text()
    assert "| 2 | fit | `fit` | 300 |  |" in out.read_text()
    assert "numpy 2" in out.read_text()
    del found["matrix_product_flops_per_step"]
    (kept / "conv_speed.json").write_text(json.dumps(found))
    run(f"--measured_dir={kept}", f"--results={out}")
    assert out.read_text().count("MFLOP") == 1
    assert "## Speed of training on images" in out.read_text()


TINY = ("--steps=20", "--eval_every=20", "--eval_samples=500", "--batch_size=16", "--std=variance")


def test_methods_are_trained_and_compared_and_one_that_diverges_is_told(
    tmp_path, capsys, monkeypatch
):
    out = tmp_path / "out"
    command = ["--methods=gan,iidgan", "--dataset=ring", *TINY, f"--out={out}", "--jobs=2"]
    command += ["--hparam=iidgan.cycle_weight=1e38", "--jit_compile=false"]
    assert run(*command) == 0
    said = capsys.readouterr().out
    assert "2/2 done, 0 left" in said
    rows = {row["run"]: row for row in csv.DictReader((out / "table.csv").read_text().splitlines())}
    assert (rows["gan"]["diverged"], rows["iidgan"]["diverged"]) == ("0", "1")
    assert float(rows["gan"]["steps mean"]) == 20
    assert rows["iidgan"]["quality mean"] == ""
    assert rows["iidgan"]["modes paper"] == "8.0 ± 0.0"
    assert "| iidgan | 0 | 1 of 1 | - |" in (out / "table.md").read_text()
    assert r"\end{table}" in (out / "table.tex").read_text()
    for picture in ("curves", "latent", "densities", "progress"):
        assert (out / f"{picture}.png").stat().st_size > 1000
    assert not (tmp_path / "RESULTS.md").exists()
    # A second time nothing is left to run, and a table of other runs doesn't go over it.
    monkeypatch.setattr(pictures, "draw", lambda comparison: [])  # Once is enough.
    assert run(*command) == 0
    assert "done," not in capsys.readouterr().out
    assert run(*command, "--steps=40") == 2
    assert "steps was 20, is 40" in capsys.readouterr().err


def test_a_dry_run_prints_the_runs_and_runs_none(tmp_path, capsys):
    options = ["--dry_run", f"--out={tmp_path / 'out'}"]
    assert run("--methods=gan,iidgan", "--dataset=ring", "--seeds=2", *options) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [
        *("gan-seed0", "iidgan-seed0", "gan-seed1", "iidgan-seed1"),
    ]
    assert "--steps=80000" in lines[0]
    assert not (tmp_path / "out").exists()


def test_shards_have_every_run_once(tmp_path, monkeypatch):
    shared = []

    class Recorder:
        def __init__(self, runs, slots):
            shared.append([run.label for run in runs])

        def run(self):
            return runner.Outcome()

    monkeypatch.setattr(compare, "Runner", Recorder)
    for i in range(3):
        command = ["--methods=gan,iidgan", "--seeds=2", *TINY, f"--out={tmp_path / 'out'}"]
        assert run(*command, f"--shard={i}/3") == 0
    labels = [label for shard in shared for label in shard]
    assert len(shared) == 3
    assert sorted(labels) == sorted(f"{m}-seed{n}" for m in ("gan", "iidgan") for n in (0, 1))


@pytest.mark.parametrize("flag", ["--shard=3/3", "--shard=1", "--shard=a/b", "--jobs=-1"])
def test_shards_and_jobs_out_of_range_are_refused(flag, capsys):
    assert run("--methods=gan", flag) == 2
    assert flag.split("=")[0] in capsys.readouterr().err


def test_a_run_that_fails_is_told_and_the_exit_code_says_so(tmp_path, monkeypatch, capsys):
    class Failing:
        def __init__(self, runs, slots):
            pass

        def run(self):
            return runner.Outcome(failed={"gan-seed0": "the disk is full"})

    monkeypatch.setattr(compare, "Runner", Failing)
    assert run("--methods=gan", *TINY, f"--out={tmp_path / 'out'}") == 1
    assert "gan-seed0: the disk is full; the same command tries it" in capsys.readouterr().err
