import pathlib

import pytest
from absl import flags as absl_flags

from keras_iidgan import flags
from keras_iidgan.cli import UsageError
from keras_iidgan.comparing import adhoc, check, plan, presets
from keras_iidgan.comparing.tables import Column, Row, Table

RING = ("--methods=gan,iidgan", "--dataset=ring")


def planned(*arguments):
    values = absl_flags.FlagValues()
    flags.define_compare(values)
    values(["compare", *arguments])
    return plan.comparisons(values)


def refusal(*arguments):
    with pytest.raises(UsageError) as refused:
        (comparison,) = planned(*arguments)
        check.check(comparison.runs)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_every_method_runs_with_every_seed_from_its_own_flag_file(tmp_path):
    (comparison,) = planned(*RING, "--seeds=3", f"--out={tmp_path}")
    runs = [(run.config.method, run.config.seed) for run in comparison.runs]
    assert runs == [(m, s) for s in (0, 1, 2) for m in ("gan", "iidgan")]
    assert comparison.runs[1].config.hparam["cycle_weight"] == 6  # Of configs/iidgan_ring.flags.
    assert comparison.runs[0].config.steps == 80_000
    folders = {run.folder for run in comparison.runs}
    assert len(folders) == 6
    assert all(tmp_path in folder.parents for folder in folders)
    assert not any(run.config.export for run in comparison.runs)


def test_a_method_without_a_file_of_its_own_takes_the_data_sets_and_the_hparams_it_has(tmp_path):
    folder = tmp_path / "configs"
    folder.mkdir()
    (folder / "ring.flags").write_text(
        "--dataset=ring\n--steps=123\n--hparam=cycle_weight=5\n--hparam=instance_noise=0.1\n"
    )
    made = plan.row_flags(Row("gan", "gan", "ring", ("--std=variance",)), folder)
    assert made == [
        *("--dataset=ring", "--steps=123", "--hparam=instance_noise=0.1"),
        *("--method=gan", "--std=variance"),
    ]
    assert plan.row_flags(Row("gan", "gan", "moon"), folder) == ["--dataset=moon", "--method=gan"]


def test_flags_of_train_go_to_all_runs_and_into_the_caption():
    given = ("--batch_size=32", "--std=variance", "--hparam=instance_noise=0.1", "--flip=false")
    (comparison,) = planned(*RING, *given)
    for run in comparison.runs:
        assert (run.config.batch_size, run.config.std) == (32, "variance")
        assert run.config.hparam["instance_noise"] == 0.1
    assert "--batch_size=32" in " ".join(comparison.notes)
    assert "--hparam=instance_noise=0.1" in " ".join(comparison.notes)


def test_an_hparam_can_be_for_one_method():
    (comparison,) = planned(*RING, "--hparam=iidgan.cycle_weight=2")
    gan, iidgan = comparison.runs
    assert iidgan.config.hparam["cycle_weight"] == 2
    assert "cycle_weight" not in gan.config.hparam


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3", (0, 1, 2)), ("3,7", (3, 7)), ("7,", (7,)), ("1", (0,)), ("2,2,1", (2, 1)), ("", ())],
)
def test_seeds_are_a_number_or_a_list(text, expected):
    assert adhoc.seeds(text.split(",") if text else []) == expected


@pytest.mark.parametrize("text", ["0", "-1", "x", "1,x", "1.5", ","])
def test_other_seeds_are_refused(text):
    with pytest.raises(UsageError, match="--seeds must be"):
        adhoc.seeds(text.split(","))


def test_a_preset_as_it_stands_is_kept_and_a_changed_one_is_not(tmp_path):
    (kept,) = planned("--preset=gaussian", f"--measured_dir={tmp_path}")
    assert kept.is_kept
    assert {run.figures.parent for run in kept.runs} == {tmp_path / "gaussian"}
    assert kept.folder == pathlib.Path("runs/compare/gaussian")
    for change in ("--steps=10", "--quick", "--std=variance"):
        (changed,) = planned("--preset=gaussian", change, f"--measured_dir={tmp_path}")
        assert not changed.is_kept
        assert all(tmp_path not in run.figures.parents for run in changed.runs)
        assert changed.notes
    (some,) = planned("--preset=iid_gan_fig8", "--seeds=4,5", f"--measured_dir={tmp_path}")
    assert some.is_kept
    assert {run.config.seed for run in some.runs} == {4, 5}


def test_quick_takes_a_tenth_of_the_steps_and_two_seeds_and_says_so():
    (whole,) = planned("--preset=gaussian")
    (quick,) = planned("--preset=gaussian", "--quick")
    assert {run.config.steps for run in whole.runs} == {40_000}
    assert {run.config.steps for run in quick.runs} == {4000}
    assert {run.config.eval_every for run in quick.runs} == {400}
    assert {run.config.seed for run in quick.runs} == {0, 1}
    assert "Quick" in quick.notes[0]
    assert "4,000 steps" in quick.notes[0]
    (mine,) = planned("--preset=gaussian", "--quick", "--steps=30", "--seeds=1")
    assert {(run.config.steps, run.config.seed) for run in mine.runs} == {(30, 0)}


def test_several_presets_get_a_folder_each(tmp_path):
    made = planned("--preset=ring,grid", "--methods=gan", f"--out={tmp_path}")
    assert [one.folder for one in made] == [tmp_path / "ring", tmp_path / "grid"]
    assert {run.config.method for one in made for run in one.runs} == {"gan"}


def test_without_methods_and_presets_there_is_nothing_to_run():
    assert planned() == []
    for stray in ("--dataset=ring", "--quick", "--steps=3"):
        with pytest.raises(UsageError, match="--methods must name"):
            planned(stray)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--methods=gan,moon", "--dataset=ring"), ["--methods must be of", "iidgan", "moon"]),
        (("--methods=gan", "--dataset=moon"), ["--dataset must be one of", "ring", "'moon'"]),
        (("--methods=gan,cgan", "--dataset=noisy_ring"), ["cgan: ", "no labels"]),
        ((*RING, "--hparam=cycle_weight=2"), ["gan: ", "hparam of gan", "'cycle_weight'"]),
        ((*RING, "--std=wide"), ["gan: --std must be", "'wide'"]),
        ((*RING, "--steps=0"), ["gan: --steps must be at least 1; got 0"]),
        ((*RING, "--architecture=moon"), ["gan: --architecture must be one of", "'moon'"]),
        ((*RING, "--batch_size=200000"), ["gan: --batch_size must be at most"]),
        (("--preset=moon",), ["--preset must be of ring", "'moon'"]),
        (("--preset=ring", "--methods=cgan"), ["--methods must be of the preset's, iidgan, gan"]),
        (("--preset=ring", "--dataset=grid"), ["--dataset goes with --methods"]),
    ],
)
def test_what_cannot_run_is_refused_in_one_line_before_anything_runs(arguments, words):
    message = refusal(*arguments)
    for word in words:
        assert word in message


def test_a_preset_whose_method_is_missing_says_so_by_name(monkeypatch):
    columns = (Column("modes", "modes_covered", ".1f"),)
    rows = (Row("GAN", "gan", "ring"), Row("Moon", "moon_gan", "ring"))
    made = {"moons": Table("Moons", "", rows, (0,), columns)}
    monkeypatch.setattr(presets, "tables", lambda: made)
    message = refusal("--preset=moons")
    assert message == (
        "--preset=moons needs methods that aren't here: moon_gan; --methods=gan runs the others"
    )
    (comparison,) = planned("--preset=moons", "--methods=gan")
    assert [run.config.method for run in comparison.runs] == ["gan"]


def test_a_folder_with_another_configuration_is_refused(tmp_path):
    from keras_iidgan.rundir import open_run

    (comparison,) = planned(*RING, "--steps=10", f"--out={tmp_path}")
    open_run(comparison.runs[0].config).close()
    check.check_folders(comparison.runs)
    (other,) = planned(*RING, "--steps=20", f"--out={tmp_path}")
    with pytest.raises(UsageError, match=r"gan: .*steps was 10, is 20.*give another --out"):
        check.check_folders(other.runs)
