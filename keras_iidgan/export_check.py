"""What the signatures of an export must give: inputs to try, and the comparison of the outputs."""

import numpy as np

ROWS = 3
_POSITIONS = 4  # Of an interpolation.
_TOLERANCE = 1e-4
_REFINED = "invert_refined"


def inputs(model, endpoints):
    """Make up inputs for every signature.

    Args:
        model: the `Method` that is exported.
        endpoints: as of `signatures.endpoints`.

    Returns:
        `{"signature|input": array}`; strings are arrays of `bytes` objects.
    """
    return {
        f"{name}|{spec.name}": _example(model, spec)
        for name, (_, specs) in endpoints.items()
        for spec in specs
    }


def _example(model, spec):
    if spec.name == "image_bytes":
        return _files(model.data_shape)
    if spec.name == "examples":
        return _serialized(model)
    free = iter((ROWS, _POSITIONS))
    shape = [next(free) if size is None else size for size in spec.shape]
    if spec.dtype.is_integer:
        # Seeds take any integer; of labels there are two at least.
        return (np.arange(np.prod(shape)) % 2).astype(spec.dtype.as_numpy_dtype).reshape(shape)
    low = 0 if spec.name == "t" else -1
    values = np.random.default_rng(0).uniform(low, 1, shape)
    return values.astype(spec.dtype.as_numpy_dtype)


def _files(data_shape):
    """PNG files that aren't of the model's size."""
    import tensorflow as tf

    height, width, channels = data_shape
    shape = (ROWS, height + 3, 2 * width, channels)
    pixels = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    return tf.io.encode_png(pixels).numpy()


def _serialized(model):
    import tensorflow as tf

    from keras_iidgan.signatures import examples
    from keras_iidgan.signatures.parts import Parts

    name, spec = examples.feature(Parts(model))
    if spec.dtype == tf.string:
        rows = [{"bytes_list": tf.train.BytesList(value=[f])} for f in _files(model.data_shape)]
    else:
        x = np.random.default_rng(0).uniform(-1, 1, (ROWS, *model.data_shape))
        rows = [{"float_list": tf.train.FloatList(value=row.ravel())} for row in x]
    features = [tf.train.Features(feature={name: tf.train.Feature(**row)}) for row in rows]
    return np.array([tf.train.Example(features=f).SerializeToString() for f in features], object)


def fault(endpoints, feeds, found):
    """Compare the outputs of a server with those of the functions that were exported.

    Args:
        endpoints: as of `signatures.endpoints`.
        feeds: `{"signature|input": array}`, what the server was sent.
        found: `{"signature|output": array}`, what it answered.

    Returns:
        What is wrong, in a few words; "" where all is right.
    """
    for name, (function, specs) in endpoints.items():
        values = [feeds[f"{name}|{spec.name}"] for spec in specs]
        expected = {output: np.asarray(tensor) for output, tensor in function(*values).items()}
        answer = {output: found.get(f"{name}|{output}", np.zeros(0)) for output in expected}
        if name == _REFINED and all(value.size for value in answer.values()):
            expected = _refined(endpoints, *values, expected, answer)
        for output, value in expected.items():
            difference = _difference(answer[output], value)
            if not difference <= _TOLERANCE:
                return f"{name}|{output} differs by {difference:g}"
    return ""


def _refined(endpoints, x, expected, answer):
    """What must hold of a refinement, whose way rounding may turn, at the codes where it ended."""
    label = [answer["label"]] if "label" in answer else []
    rebuilt = np.asarray(endpoints["serving_default"][0](answer["z"], *label)["x"])
    distance = np.linalg.norm((x - rebuilt).reshape(len(x), -1), axis=1)
    return expected | {
        "z": answer["z"],
        "x": rebuilt,
        "error": np.minimum(distance, answer["error_before"]),
    }


def _difference(found, expected):
    """The largest difference, relative to the largest value where that is above 1."""
    if found.shape != expected.shape:
        return float("inf")
    if expected.dtype == object:
        return _png_difference(found, expected)
    scale = max(1.0, float(np.abs(expected).max()))
    return float(np.abs(found - expected).max()) / scale


def _png_difference(found, expected):
    """The same of PNG files; one step of 255 is what rounding may do."""
    import tensorflow as tf

    pairs = zip(found, expected, strict=True)
    decoded = [[tf.io.decode_png(file).numpy() / 255 for file in pair] for pair in pairs]
    return max(_difference(a, b) for a, b in decoded) - 1 / 255
