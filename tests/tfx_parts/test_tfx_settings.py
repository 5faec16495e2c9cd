"""What `custom_config` may say of a training in a pipeline."""

import pytest

from keras_iidgan.cli import UsageError
from keras_iidgan.tfx import settings


def read(steps=None, **custom_config):
    return settings.read(custom_config, run_dir="runs/here", steps=steps)


def test_flags_win_over_the_file_and_steps_over_both(tmp_path):
    path = tmp_path / "x.flags"
    path.write_text("--method=gan\n--steps=7\n--batch_size=5\n")
    config = read(flagfile=str(path), flags={"steps": 8, "ema": 0.5}).config
    assert (config.method, config.steps, config.batch_size, config.ema) == ("gan", 8, 5, 0.5)
    assert read(steps=9, flagfile=str(path), flags={"steps": 8}).config.steps == 9


def test_hyperparameters_are_a_dict_or_a_list():
    expected = {"gaussian": "w2", "cycle_weight": 0.5}
    assert read(flags={"hparam": expected}).config.hparam == expected
    listed = ["gaussian=w2", "cycle_weight=0.5"]
    assert read(flags={"hparam": listed}).config.hparam == expected


def test_truth_values_are_those_of_json():
    assert read(flags={"flip": True}).config.flip is True
    assert read(flags={"flip": False}).config.flip is False


def test_a_data_set_is_known_only_if_it_is_named():
    assert read().config.dataset == settings.EXAMPLES
    assert read(flags={"dataset": "grid"}).config.dataset == "grid"


def test_a_run_is_kept_where_it_is_told_and_not_exported_elsewhere():
    config = read().config
    assert config.run_dir == "runs/here" and not config.export


@pytest.mark.parametrize(
    ("custom_config", "said"),
    [
        ({"flagfiles": "a"}, "custom_config must have of flagfile, arguments, .*'flagfiles'"),
        ({"flags": {"method": "wgam"}}, "--method must be one of .*iidgan.*'wgam'"),
        ({"flags": {"dataset": "rings"}}, "--dataset must be one of .*ring.*'rings'"),
        ({"flags": {"batchsize": 3}}, "custom_config: .*batchsize"),
        ({"flags": {"steps": "many"}}, "custom_config: .*many"),
        ({"flags": {"run_dir": "x"}}, "custom_config: the pipeline itself sets run_dir"),
        ({"flags": ["--steps=3"]}, "custom_config: flags must be a dict"),
        ({"shape": [0, 3]}, r"custom_config: shape must be .*\[0, 3\]"),
        ({"flagfile": "/no/such.flags"}, "--flagfile must name a readable file"),
    ],
)
def test_a_mistake_is_one_line(custom_config, said):
    with pytest.raises(UsageError, match=said) as caught:
        read(**custom_config)
    assert "\n" not in str(caught.value)


def test_what_other_executors_read_is_passed_over():
    assert read(ai_platform_training_args={}, flags={"steps": 3}).config.steps == 3
