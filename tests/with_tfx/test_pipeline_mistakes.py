"""What a person who made a mistake is told, and that nothing is pushed."""

import pathlib

import pytest
import running
import tensorflow as tf

from keras_iidgan.cli import UsageError


def examples(folder, splits):
    """Write examples, `{split: [{feature: floats or integer}]}`."""
    for split, rows in splits.items():
        (folder / split).mkdir(parents=True)
        with tf.io.TFRecordWriter(str(folder / split / "data.tfrecord")) as writer:
            for row in rows:
                example = tf.train.Example()
                for name, value in row.items():
                    feature = example.features.feature[name]
                    if isinstance(value, int):
                        feature.int64_list.value.append(value)
                    else:
                        feature.float_list.value.extend(value)
                writer.write(example.SerializeToString())
    return folder


def run(folder, splits, config="--steps=4\n--batch_size=4\n--eval_samples=60\n", **flags):
    (folder / "points.flags").write_text(config)
    return running.run(
        f"--examples={examples(folder / 'examples', splits)}",
        f"--config={folder / 'points.flags'}",
        f"--serving_dir={folder / 'served'}",
        f"--pipeline_root={folder / 'root'}",
        *(f"--{name}={value}" for name, value in flags.items()),
    )


ROWS = [{"x": [float(n), 1.0]} for n in range(40)]


@pytest.mark.parametrize(
    ("splits", "said"),
    [
        ({"train": [{"y": [1.0]}] * 9, "eval": [{"y": [1.0]}] * 9}, "must have a feature 'x'"),
        ({"train": [{"x": 3}] * 9, "eval": [{"x": 3}] * 9}, "'x' must be floats or bytes"),
        ({"train": ROWS, "eval": []}, "the split 'eval' .* is empty"),
    ],
    ids=["missing feature", "wrong type", "empty split"],
)
def test_examples_that_cannot_be_used(tmp_path, splits, said):
    with pytest.raises(UsageError, match=said) as caught:
        run(tmp_path, splits)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "served").exists()


def test_an_unknown_method_is_refused_before_anything_runs(tmp_path):
    with pytest.raises(UsageError, match="--method must be one of"):
        run(tmp_path, {"train": ROWS, "eval": ROWS}, config="--method=wgam\n")
    assert not (tmp_path / "root").exists()


def test_a_file_of_the_user_transforms_examples_before_training(tmp_path):
    module = tmp_path / "halved.py"
    module.write_text('def preprocessing_fn(inputs):\n    return {"x": inputs["x"] / 2}\n')
    splits = {"train": ROWS, "eval": ROWS}
    code = run(tmp_path, splits, transform=module, tfma=True, thresholds="coverage>=0")
    assert code == 0
    (version,) = pathlib.Path(tmp_path / "served").iterdir()
    assert tf.saved_model.load(str(version)).signatures["sample"]
    (report,) = running.outputs(tmp_path / "root", "ModeCoverageEvaluator", "report")
    assert (report / "report.html").exists()
    assert running.executions(tmp_path / "root")["Evaluator"] == ["COMPLETE"]
