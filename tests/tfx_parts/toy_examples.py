"""Small files of tf.Examples, and the arguments that TFX would give to `run_fn`."""

import types

import numpy as np
import tensorflow as tf


def example(**features):
    """Make an example of bytes, a list of floats, or integers."""
    found = tf.train.Example()
    for name, value in features.items():
        feature = found.features.feature[name]
        if isinstance(value, bytes):
            feature.bytes_list.value.append(value)
        elif isinstance(value, int):
            feature.int64_list.value.append(value)
        else:
            feature.float_list.value.extend(np.ravel(value))
    return found


def write(folder, split, examples, zipped=True):
    """Write examples into a file of a split; returns its glob."""
    (folder / split).mkdir(parents=True, exist_ok=True)
    path = folder / split / ("data.gz" if zipped else "data.tfrecord")
    with tf.io.TFRecordWriter(str(path), options="GZIP" if zipped else "") as writer:
        for each in examples:
            writer.write(each.SerializeToString())
    return str(path.parent / "*")


def points(folder, count=200, seed=0):
    """Write points around two places as both splits; returns their globs."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(count, 2)) + 3 * rng.integers(2, size=(count, 1))
    rows = [example(x=row) for row in x]
    return write(folder, "train", rows), write(folder, "eval", rows[: count // 2])


def fn_args(folder, train, test, **custom_config):
    """Return what TFX would give to `run_fn`, as far as it is read."""
    return types.SimpleNamespace(
        train_files=[train],
        eval_files=[test],
        train_steps=None,
        custom_config=custom_config,
        model_run_dir=str(folder / "model_run" / "5"),
        serving_model_dir=str(folder / "model" / "5" / "Format-Serving"),
    )
