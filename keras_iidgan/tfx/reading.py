"""The samples of one split of a pipeline's examples."""

import dataclasses

import numpy as np
import tensorflow as tf

from keras_iidgan.cli import UsageError
from keras_iidgan.tfx import decoding

FEATURES = ("image", "x")  # What a sample is read from, the first that there is.
LABEL = "label"
_BATCH = 1024
_GZIP = b"\x1f\x8b"


@dataclasses.dataclass(frozen=True)
class Split:
    """Samples and their labels.

    Attributes:
        x: [N, *shape], uint8 pixels or float32.
        labels: [N] int32, or None.
        is_image: whether the samples are pictures.
    """

    x: np.ndarray
    labels: np.ndarray | None
    is_image: bool


def read(name, patterns, *, shape=None, image_size=0, schema=None, accessor=None, with_labels=True):
    """Read and decode the samples of one split.

    Args:
        name: of the split, for messages.
        patterns: globs of files.
        shape: of a sample; None for what the examples have.
        image_size: as of `decoding.samples`.
        schema: `tensorflow_metadata`'s Schema, or None to go by the first example.
        accessor: TFX's DataAccessor, which knows how the files are stored; needs a schema. None
            reads TFRecords of tf.Examples.
        with_labels: whether to read the feature `label`, integers, where there is one.

    Raises:
        UsageError: for an empty split, a missing feature, or one of another type or size.
    """
    wanted = (*FEATURES, LABEL) if with_labels else FEATURES
    if accessor is not None and schema is not None:
        batches = _by_accessor(patterns, accessor, schema, wanted)
    else:
        batches = _by_records(name, patterns, schema, wanted)
    columns = _columns(name, batches)
    if not columns:
        raise _empty(name, patterns)
    feature = next(feature for feature in FEATURES if feature in columns)
    x = decoding.samples(feature, columns[feature], shape, image_size)
    labels = columns.get(LABEL)
    labels = None if labels is None else labels.reshape(len(x)).astype(np.int32)
    return Split(x, labels, feature == "image" or x.ndim == 4)


def _columns(name, batches):
    """Put batches, each `{feature: [B, ...]}`, one after another."""
    parts = {}
    try:
        for batch in batches:
            for key, values in batch.items():
                parts.setdefault(key, []).append(values)
        return {key: np.concatenate(values) for key, values in parts.items()}
    except (tf.errors.OpError, ValueError) as error:
        reason = getattr(error, "message", None) or str(error)
        raise UsageError(
            f"the split {name!r} doesn't fit its schema: {reason.partition(chr(10))[0]}"
        ) from None


def _by_accessor(patterns, accessor, schema, wanted):
    from tfx_bsl.public import tfxio

    spec = _spec(_types(schema), wanted)
    options = tfxio.TensorFlowDatasetOptions(batch_size=_BATCH, num_epochs=1, shuffle=False)
    for batch in accessor.tf_dataset_factory(patterns, options, schema):
        yield {key: _dense(key, batch[key]) for key in spec if key in batch}


def _dense(key, values):
    """Turn a batch of one feature, as TFX's readers give it, into an array."""
    if isinstance(values, tf.RaggedTensor):
        values = values.to_sparse()
    if isinstance(values, tf.SparseTensor):
        rows = np.bincount(values.indices[:, 0].numpy(), minlength=int(values.dense_shape[0]))
        if rows.min() != rows.max():
            raise ValueError(
                f"feature {key!r} must have as many values in every example; got {rows.min()} to "
                f"{rows.max()}"
            )
        values = tf.reshape(values.values, [len(rows), -1])
    array = values.numpy()
    return array.reshape(-1) if array.dtype == object else array.reshape(len(array), -1)


def check_not_empty(name, patterns):
    """Raise UsageError for a split without examples.

    TFX infers a schema that nothing fits from splits of which one is empty, so that what is wrong
    with the other would be said first.
    """
    try:
        found = any(True for file in _files(patterns) for _ in _records(file).take(1))
    except tf.errors.OpError:
        return  # The files aren't TFRecords; who knows their format will read them.
    if not found:
        raise _empty(name, patterns)


def _empty(name, patterns):
    return UsageError(f"the split {name!r} of the examples is empty: {', '.join(patterns)}")


def _files(patterns):
    return sorted(file for pattern in patterns for file in tf.io.gfile.glob(pattern))


def _by_records(name, patterns, schema, wanted):
    records = [_records(file) for file in _files(patterns)]
    first = next((record.numpy() for part in records for record in part.take(1)), None)
    if first is None:
        return
    types = _types(schema) if schema is not None else _types_of_record(name, first)
    spec = _spec(types, wanted)
    sizes = _sizes(name, first, spec)
    parsers = {
        key: tf.io.FixedLenFeature([] if types[key] is tf.string else [sizes[key]], types[key])
        for key in spec
    }
    for part in records:
        for batch in part.batch(_BATCH):
            parsed = tf.io.parse_example(batch, parsers)
            yield {key: values.numpy() for key, values in parsed.items()}


def _records(file):
    with tf.io.gfile.GFile(file, "rb") as opened:
        is_zipped = opened.read(2) == _GZIP
    return tf.data.TFRecordDataset(file, compression_type="GZIP" if is_zipped else "")


def _types(schema):
    """Return the type of each feature of a schema."""
    known = {1: tf.string, 2: tf.int64, 3: tf.float32}  # BYTES, INT and FLOAT.
    return {feature.name: known.get(feature.type) for feature in schema.feature}


def _types_of_record(name, record):
    kinds = {"bytes_list": tf.string, "int64_list": tf.int64, "float_list": tf.float32}
    try:
        features = tf.train.Example.FromString(record).features.feature
    except Exception:
        raise UsageError(f"the split {name!r} must hold tf.Examples; its first isn't one") from None
    return {key: kinds.get(value.WhichOneof("kind")) for key, value in features.items()}


def _spec(types, wanted):
    """Choose the features to read, and check their types."""
    feature = next((feature for feature in FEATURES if feature in types), None)
    if feature is None:
        known = ", ".join(sorted(types)) or "none"
        raise UsageError(f"the examples must have a feature 'x' or 'image'; they have {known}")
    if types[feature] not in (tf.string, tf.float32):
        raise UsageError(
            f"feature {feature!r} must be floats or bytes; the schema has {_named(types[feature])}"
        )
    if LABEL in wanted and types.get(LABEL, tf.int64) is not tf.int64:
        raise UsageError(
            f"feature {LABEL!r} must be an integer; the schema has {_named(types[LABEL])}"
        )
    return [key for key in (feature, LABEL) if key in types and key in wanted]


def _named(kind):
    return {tf.string: "bytes", tf.int64: "integers", tf.float32: "floats"}.get(kind, "none")


def _sizes(name, record, spec):
    """Count the values of features in the first example; all must have as many."""
    features = tf.train.Example.FromString(record).features.feature
    missing = [key for key in spec if key not in features]
    if missing:
        has = ", ".join(sorted(features)) or "none"
        raise UsageError(
            f"the split {name!r} has no feature {missing[0]!r}, as the schema says; it has {has}"
        )
    lists = ((key, getattr(features[key], features[key].WhichOneof("kind"))) for key in spec)
    return {key: len(found.value) for key, found in lists}
