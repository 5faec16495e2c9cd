"""From the command line to a checked configuration, without TensorFlow."""

import pytest

from keras_iidgan import cli, flags
from keras_iidgan.cli import UsageError
from keras_iidgan.run_config import run_config, schedule_points


def parsed(*argv):
    from absl import flags as absl_flags

    values = absl_flags.FlagValues()
    flags.define_train(values)
    values(["train", *cli.expand_flagfiles(list(argv))])
    return run_config(values)


def test_defaults_are_named_after_method_and_data():
    config = parsed("--method=gan", "--dataset=grid")
    assert config.export_dir == "saved_models/gan_grid"
    assert parsed("--export_dir=elsewhere").export_dir == "elsewhere"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("0.5", 0.5),
        ("1e-3", 0.001),
        ("true", True),
        ("False", False),
        ("l2", "l2"),
        ("a=b", "a=b"),
    ],
)
def test_values_of_hyperparameters_are_read_by_their_look(text, value):
    (found,) = parsed(f"--hparam=name={text}").hparam.values()
    assert found == value and type(found) is type(value)


def test_hparam_is_repeatable_and_the_last_one_counts():
    config = parsed("--hparam=a=1", "--hparam=b=2", "--hparam=a=3")
    assert config.hparam == {"a": 3, "b": 2}


def test_an_evaluation_comes_at_the_end_of_a_short_run():
    assert parsed("--steps=10", "--eval_every=1000").eval_every == 10


def test_the_flag_lines_give_the_same_configuration_again(tmp_path):
    config = parsed(
        "--method=gan",
        "--std=variance",
        "--steps=50",
        "--learning_rate=0.0003",
        "--lr_schedule=cosine:1e-5",
        "--hparam=adversarial=saturating",
        "--hparam=w2_root=true",
        "--hparam=p=2.0",
        "--ema=0.99",
        "--seed=7",
        "--run_dir=here",
    )
    path = tmp_path / "run.flags"
    path.write_text("\n".join(config.flag_lines()))
    again = parsed(f"--flagfile={path}")
    assert again.computation == config.computation
    assert again.run_dir is None  # A place, not a part of what is computed.
    places = {"run_dir", "runs_dir", "export_dir", "refine_steps", "resume", "dry_run"}
    assert not places & set(again.computation)


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("--steps=0", "--steps must be at least 1; got 0"),
        ("--batch_size=-4", "--batch_size must be at least 1; got -4"),
        ("--eval_every=0", "--eval_every must be at least 1; got 0"),
        ("--mode_threshold=0", "--mode_threshold must be at least 1; got 0"),
        ("--latent_dim=-1", "--latent_dim must be at least 0; got -1"),
        ("--eval_samples=-1", "--eval_samples must be at least 0; got -1"),
        ("--seed=-1", r"--seed must be in \[0, 4294967296\); got -1"),
        ("--beta_1=1", r"--beta_1 must be in \[0, 1\); got 1.0"),
        ("--beta_2=-0.1", r"--beta_2 must be in \[0, 1\); got -0.1"),
        ("--ema=1.5", r"--ema must be in \[0, 1\); got 1.5"),
        ("--ema=nan", r"--ema must be in \[0, 1\); got nan"),
        ("--monitor_every=-1", "--monitor_every must be at least 0; got -1"),
        ("--monitor_budget=1", r"--monitor_budget must be in \[0, 1\); got 1.0"),
        ("--stop_on_collapse=3", "--stop_on_collapse must be 0 without --monitor_every; got 3"),
        ("--learning_rate=0", "--learning_rate must be above 0; got 0.0"),
        ("--learning_rate=nan", "--learning_rate must be above 0; got nan"),
        ("--learning_rate=inf", "--learning_rate must be above 0; got inf"),
        ("--distribution=tpu", "--distribution must be one of auto, none, .*; got 'tpu'"),
        ("--mixed_precision=fp8", "--mixed_precision must be one of none, .*; got 'fp8'"),
        ("--jit_compile=yes", "--jit_compile must be one of auto, true, false; got 'yes'"),
        ("--lr_schedule=linear", "--lr_schedule must be one of constant, .*; got 'linear'"),
        ("--lr_schedule=cosine:x", "--lr_schedule: a point must be RATE or .*; got 'x'"),
        ("--lr_schedule=exponential:1e-4@2", "--lr_schedule: a point must be .*; got '1e-4@2'"),
        ("--lr_schedule=exponential:1e-4@0", "--lr_schedule: a point must be .*; got '1e-4@0'"),
        (
            "--lr_schedule=cosine:1",
            "--lr_schedule must be .* --learning_rate=0.001; got 'cosine:1'",
        ),
        ("--lr_schedule=cosine:1e-4@.5,1e-5", "--lr_schedule must be .*; got 'cosine:.*'"),
        ("--lr_schedule=exponential:0", "--lr_schedule must be .*; got 'exponential:0'"),
        ("--lr_schedule=exponential:1e-5@.5,1e-4", "--lr_schedule must be .*rates that fall .*"),
        ("--lr_schedule=exponential:1e-4@.5,1e-5@.4", "--lr_schedule must be .*rates that fall .*"),
        ("--lr_schedule=constant:1e-4", "--lr_schedule must be constant, .*; got 'constant:1e-4'"),
        ("--hparam=gaussian", "--hparam must be name=value; got 'gaussian'"),
        ("--hparam==3", "--hparam must be name=value; got '=3'"),
        ("--steps_per_execution=7", "--steps_per_execution must divide --eval_every=2000 .* got 7"),
    ],
)
def test_refusals(argument, message):
    with pytest.raises(UsageError, match=f"^{message}$"):
        parsed(argument)


@pytest.mark.parametrize(
    ("text", "name", "points"),
    [
        ("constant", "constant", [(0, 0.01), (200, 0.01)]),
        ("cosine", "cosine", [(0, 0.01), (200, 0.0)]),
        ("cosine:0.001", "cosine", [(0, 0.01), (200, 0.001)]),
        ("exponential", "exponential", [(0, 0.01), (200, pytest.approx(1e-5))]),
        ("exponential:1e-4", "exponential", [(0, 0.01), (200, 1e-4)]),
        (
            "exponential:1e-2@0.25,1e-3@0.5,1e-4",
            "exponential",
            [(0, 0.01), (50, 0.01), (100, 1e-3), (200, 1e-4)],
        ),
    ],
)
def test_schedules(text, name, points):
    config = parsed(f"--lr_schedule={text}", "--learning_rate=0.01", "--steps=200")
    assert schedule_points(config) == (name, points)
