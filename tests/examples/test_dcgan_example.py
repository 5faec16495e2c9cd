"""The example with IIDRegularizer in somebody's GAN, run small."""

import json
import pathlib

import numpy as np
import pytest

from keras_iidgan import cli, flags
from keras_iidgan.comparing import regularized
from keras_iidgan.examples import dcgan_overridden_train_step as example
from keras_iidgan.examples import trial

SMALL = (
    "--steps=10 --batch_size=16 --latent_dim=4 --eval_samples=50 --train_size=64 --seeds=1"
).split()


def command(*argv):
    with pytest.raises(SystemExit) as caught:
        cli.run(example.main, flags.define_example, ["example", *SMALL, *argv])
    return caught.value.code


def test_both_forms_train_and_their_figures_are_kept_and_rendered(tmp_path, capsys):
    assert command(f"--out={tmp_path / regularized.FILE}") == 0
    out = capsys.readouterr().out
    assert "as it was            modes covered" in out and "times as long" in out
    (found,) = json.loads((tmp_path / regularized.FILE).read_text())["runs"]
    for form in trial.FORMS:
        assert 0 <= found[form]["modes_covered"] <= 50 == found[form]["samples"]
        assert len(found["seconds_per_step"][form]) == trial.ROUNDS
    page = regularized.section(tmp_path)
    assert f"| with IIDRegularizer | {found['with IIDRegularizer']['modes_covered']:.0f} |" in page
    assert f"{found['ratio']['median']:.2f}" in page and "--latent_dim=4" in page


def test_without_a_measurement_there_is_no_section(tmp_path):
    assert regularized.section(tmp_path) == ""


def test_the_regulariser_moves_the_encoder_and_leaves_the_start_of_g_and_d_alone():
    plain, ours = (example.make(4, seed=3, iid=iid) for iid in (False, True))
    for role in ("generator", "discriminator"):
        for a, b in zip(
            getattr(plain, role).get_weights(), getattr(ours, role).get_weights(), strict=True
        ):
            np.testing.assert_array_equal(a, b)
    x = np.random.default_rng(0).uniform(-1, 1, (64, 8, 8, 3)).astype(np.float32)
    before = {r: getattr(ours, r).get_weights() for r in ("generator", "discriminator", "encoder")}
    history = ours.fit(trial.batches(x, 16, 0), steps_per_epoch=2, shuffle=False, verbose=0).history
    assert set(history) == {"d_loss", "g_loss", "z_cycle", "x_cycle", "gaussian"}
    for role, weights in before.items():
        moved = [
            not np.array_equal(a, b)
            for a, b in zip(weights, getattr(ours, role).get_weights(), strict=True)
        ]
        assert all(moved), role
    assert plain.encoder is None
    alone = plain.fit(trial.batches(x, 16, 0), steps_per_epoch=1, shuffle=False, verbose=0).history
    assert set(alone) == {"d_loss", "g_loss"}


def test_only_marked_lines_know_of_the_regulariser():
    """Without them what is left is a GAN that runs: a stranger may trust the marks."""
    text = pathlib.Path(example.__file__).read_text()
    lines = text.split("class DCGAN", 1)[1].split("def make(", 1)[0].splitlines()
    mentions = [line for line in lines if "iid" in line or "encoder" in line]
    unmarked = [line.strip() for line in mentions if "# IID" not in line]
    assert unmarked == [
        "iid: an `IIDRegularizer`, or None for the GAN as it was.",
        "def __init__(self, latent_dim, iid=None, seed=0):",
        "x=x, z=z, x_fake=x_fake, generator=self.generator, encoder=self.encoder",
    ]


def test_the_ratio_is_of_the_same_rounds_and_leaves_the_first_out():
    seconds = dict(zip(trial.FORMS, ([9.0, 1.0, 2.0, 4.0], [1.0, 2.0, 2.0, 12.0]), strict=True))
    assert trial.ratio(seconds) == {"median": 2.0, "min": 1.0, "max": 3.0}


@pytest.mark.parametrize(
    ("flag", "least"),
    [("steps", 10), ("batch_size", 2), ("latent_dim", 1), ("seeds", 1), ("train_size", 0)],
)
def test_flags_out_of_range_are_refused(capsys, flag, least):
    assert command(f"--{flag}={least - 1}") == 2
    error = f"error: --{flag} must be at least {least}; got {least - 1}\n"
    assert capsys.readouterr().err == error
