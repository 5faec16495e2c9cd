"""Data sets of this package as files of tf.Examples, for pipelines that begin with such files.

python -m keras_iidgan.tfx.writing --dataset=digits --out=examples/digits
"""

import pathlib

from keras_iidgan import cli, flags
from keras_iidgan import data as datasets
from keras_iidgan.cli import UsageError

_ENCODED = 1024
NAME = "data_tfrecord-00000-of-00001.gz"


def write(data, folders):
    """Write the training and the test samples of a data set as zipped TFRecords.

    Images of 1 or 3 channels are the feature `image`, a PNG file; other samples `x`, floats row by
    row. Training examples have their `label` where it is known.

    Args:
        data: a `Data`.
        folders: where the files of the splits `train` and `eval` go, `{split: folder}`.

    Returns:
        The number of examples of each split.
    """
    counts = {}
    for split, x, labels in (("train", data.train, data.labels), ("eval", data.test, None)):
        folder = pathlib.Path(folders[split])
        folder.mkdir(parents=True, exist_ok=True)
        counts[split] = _write(folder / NAME, x, labels, data.kind == "images")
    return counts


def _write(path, x, labels, is_image):
    import tensorflow as tf

    has_files = is_image and x.shape[-1] in (1, 3)
    with tf.io.TFRecordWriter(str(path), options="GZIP") as writer:
        for start in range(0, len(x), _ENCODED):
            part = slice(start, start + _ENCODED)
            rows = _files(x[part]) if has_files else x[part]
            numbers = [None] * len(rows) if labels is None else labels[part]
            for row, label in zip(rows, numbers, strict=True):
                writer.write(_example(row, label).SerializeToString())
    return len(x)


def _files(x):
    from keras_iidgan.data.base import pixels
    from keras_iidgan.signatures import png

    return png.encode(pixels(x)).numpy()


def _example(row, label):
    import tensorflow as tf

    found = tf.train.Example()
    features = found.features.feature
    if isinstance(row, bytes):
        features["image"].bytes_list.value.append(row)
    else:
        features["x"].float_list.value.extend(row.ravel())
    if label is not None:
        features["label"].int64_list.value.append(int(label))
    return found


def main(values):
    """Write the examples of a data set."""
    if not values.out:
        raise UsageError("--out must name a folder; got none")
    cli.import_tensorflow()
    try:
        data = datasets.load(
            values.dataset,
            std=values.std,
            data_dir=values.data_dir,
            image_size=values.image_size or None,
            size=values.train_size or None,
            seed=values.seed,
        )
    except ValueError as error:
        raise UsageError(f"--dataset={values.dataset}: {error}") from None
    out = pathlib.Path(values.out)
    counts = write(data, {split: out / split for split in ("train", "eval")})
    for split, count in counts.items():
        print(f"{count:,} examples in {out / split / NAME}")
    return 0


if __name__ == "__main__":
    cli.run(main, flags.define_tfx_examples)
