"""The command: what it refuses, what it measures only once, and what it writes."""

import json

import pytest
from absl import flags as absl_flags

from keras_iidgan import detect, flags
from keras_iidgan.cli import UsageError
from keras_iidgan.detecting import cells, section, stages
from keras_iidgan.run_config import RunConfig


def parsed(folder, *arguments):
    values = absl_flags.FlagValues()
    flags.define_detect(values)
    places = [f"--measured_dir={folder}", f"--results={folder / 'R.md'}", "--readme="]
    values(["detect", *places, *arguments])
    return values


def fake(cell, configs, quick):
    """A GAN on the ring that finds a mode more at each of two stages, and is judged rightly."""
    names = {"dataset": cell.dataset, "method": cell.method, "seed": cell.seed}
    return [
        names
        | {
            "step": 100 * stage,
            "colour": "red" if stage < 2 else "green",
            "estimated": (3 + stage) / 8,
            "monitor": {"colour": "red", "estimated": (2 - stage) / 8},
            "modes_covered": 3.0 + stage,
            "modes_total": 8.0,
            "high_quality": 0.9,
            "kl": 1.0,
        }
        for stage in (1, 2)
    ]


@pytest.fixture
def measured(monkeypatch, tmp_path):
    """The folder of figures, and the labels of the cells that were trained."""
    trained = []

    def train(cell, configs, quick):
        trained.append(cell.label)
        return fake(cell, configs, quick)

    monkeypatch.setattr(stages, "train", train)
    return tmp_path, trained


ONE = ("--datasets=ring", "--methods=gan", "--seeds=2")


def test_the_table_the_picture_and_where_it_fails(measured, capsys):
    folder, _ = measured
    assert detect.main(parsed(folder, *ONE)) == 0
    page = (folder / "R.md").read_text()
    assert "| ring | 2 | 4 | +1.00 | 0.00 | 0 of 0 | 0 of 0 | 2 of 4 |" in page
    assert "gan on ring, seed 1, step 200 (5 of 8 modes, quality 90%, estimated 62%)" in page
    assert "False alarms: none." in page
    assert "| ring | 2 | 4 | -1.00 | 0.50 | 0 of 0 | 0 of 0 | 0 of 4 |" in page  # The monitor's.
    assert (folder / section.PICTURE).read_bytes().startswith(b"\x89PNG")
    assert section.section(folder).strip() in capsys.readouterr().out


def test_what_is_measured_is_not_measured_again(measured):
    folder, trained = measured
    detect.main(parsed(folder, "--datasets=ring", "--methods=gan", "--seeds=1"))
    detect.main(parsed(folder, *ONE))
    assert trained == ["ring-gan-seed0", "ring-gan-seed1"]
    found = json.loads((folder / section.FILE).read_text())
    assert [stage["seed"] for stage in found["stages"]] == [0, 0, 1, 1]


def test_a_quick_look_joins_no_figures_and_writes_no_page(measured):
    folder, _ = measured
    detect.main(parsed(folder, *ONE, "--quick"))
    assert not (folder / "R.md").exists()
    with pytest.raises(UsageError, match=r"--quick needs a --measured_dir without figures; .*json"):
        detect.main(parsed(folder, *ONE, "--quick"))


@pytest.mark.parametrize(
    ("flag", "message"),
    [
        ("--datasets=rings", r"--datasets must be of ring, .*; got rings"),
        ("--methods=", r"--methods must be of gan, .*; got none"),
        ("--seeds=0", "--seeds must be at least 1; got 0"),
    ],
)
def test_mistakes(measured, flag, message):
    folder, trained = measured
    with pytest.raises(UsageError, match=message):
        detect.main(parsed(folder, *ONE, flag))
    assert trained == []


def test_without_figures_there_is_no_section(tmp_path):
    assert section.section(tmp_path) == ""


@pytest.mark.parametrize("quick", [False, True])
def test_every_cell_is_a_training_that_train_knows(quick):
    for cell in cells.cells(cells.SETTINGS, cells.METHODS, 1):
        config = stages.config(cell.arguments("configs", quick))
        assert isinstance(config, RunConfig)
        assert (config.dataset, config.method, config.export) == (cell.dataset, cell.method, False)
        assert config.steps % config.eval_every == 0
