"""The SavedModels that the cases need, written with TensorFlow.

They are graphs of TensorFlow 1 style, in which the names of a signature are exactly as wanted, and
a signature may have no input.
"""

import json
import os
import pathlib
import re

from conforming import values, vectors

_SIGNATURE_NAME = re.compile(r'"signature_name"\s*:\s*"(\w+)"')


def write(folder, fixtures, cases, mount=None):
    """Write the models and the configuration of a server that has them.

    Args:
        folder: Where to write; made if it is missing.
        fixtures: What the vectors say of the models of "http" cases.
        cases: The vectors' cases.
        mount: The folder's path where the server runs; the same by default.

    Returns:
        Path of the configuration file.

    Raises:
        ValueError: The folder isn't empty.
    """
    folder = pathlib.Path(folder).absolute()
    if folder.exists() and any(folder.iterdir()):
        raise ValueError(f"--write_models must be a new or empty folder; got {folder}")
    for name, fixture in fixtures.items():
        for version in fixture["versions"]:
            _save(folder / name / version, _TOYS)
    echoes = _models(cases)
    for name, signatures in echoes.items():
        _save(folder / name / "1", signatures)
    labels = {name: fixture.get("labels", {}) for name, fixture in fixtures.items()}
    path = folder / "models.config"
    path.write_text(_config(mount or folder, sorted({*labels, *echoes}), labels))
    return path


def _config(base, names, labels):
    lines = []
    for name in names:
        lines.append(f'  config {{ name: {json.dumps(name)} model_platform: "tensorflow"')
        lines.append(f"    base_path: {json.dumps(f'{base}/{name}')}")
        lines.append("    model_version_policy { all {} }")
        for label, version in labels.get(name, {}).items():
            lines.append(f"    version_labels {{ key: {json.dumps(label)} value: {version} }}")
        lines.append("  }")
    return "\n".join(["model_config_list {", *lines, "}", ""])


def _models(cases):
    """Return `{model: {signature: function () to inputs and outputs}}` for echoes and answers."""
    found = {}
    for case in cases:
        if case["layer"] == "parse":
            inputs = case["signature"]["inputs"]
            signatures = found.setdefault(vectors.echo_model(inputs), {})
            for name in {"serving_default", *_SIGNATURE_NAME.findall(case["request_body"])}:
                signatures[name] = _echo(inputs)
        elif case["layer"] == "format":
            signatures = found.setdefault(vectors.ANSWERS, {})
            signatures[case["name"]] = _constant(case["tensors"])
    return found


def _echo(specs):
    def build(tf):
        inputs = {alias: _placeholder(tf, **spec) for alias, spec in specs.items()}
        outputs = {
            vectors.echo_alias(alias, specs[alias]["dtype"]): tf.identity(tensor)
            for alias, tensor in inputs.items()
        }
        return inputs, outputs or {"y": tf.constant([1.0])}

    return build


def _constant(tensors):
    def build(tf):
        outputs = {}
        for alias, tensor in tensors.items():
            dtype = tensor["dtype"]
            elements = [values.raw(value, dtype) for value in tensor["values"]]
            outputs[alias] = tf.constant(elements, tf.as_dtype(dtype), tensor["shape"])
        return {"x": _placeholder(tf, "float32")}, outputs

    return build


def _placeholder(tf, dtype, shape=None):
    sizes = shape and [None if size < 0 else size for size in shape]
    return tf.compat.v1.placeholder(tf.as_dtype(dtype), sizes)


def _halve(tf):
    x = _placeholder(tf, "float32")
    return {"x": x}, {"y": 0.5 * x + 2.0}


def _pair(tf):
    a, b = _placeholder(tf, "float32", [-1]), _placeholder(tf, "float32", [-1])
    return {"a": a, "b": b}, {"sum": a + b, "diff": a - b}


def _total(tf):
    x = _placeholder(tf, "float32", [-1])
    return {"x": x}, {"t": tf.reduce_sum(x)}


_TOYS = {"serving_default": _halve, "pair": _pair, "total": _total}


def _save(path, signatures):
    """Write a SavedModel; `signatures` is `{name: function (tensorflow) to inputs, outputs}`."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # errors alone
    import tensorflow as tf

    v1 = tf.compat.v1
    builder = v1.saved_model.Builder(str(path))
    with tf.Graph().as_default(), v1.Session() as session:
        signature_defs = {name: _signature(tf, *make(tf)) for name, make in signatures.items()}
        tags = [v1.saved_model.tag_constants.SERVING]
        builder.add_meta_graph_and_variables(session, tags, signature_def_map=signature_defs)
    builder.save()


def _signature(tf, inputs, outputs):
    from tensorflow.core.protobuf import meta_graph_pb2

    def info(tensor):
        return meta_graph_pb2.TensorInfo(
            name=tensor.name,
            dtype=tensor.dtype.as_datatype_enum,
            tensor_shape=tensor.shape.as_proto(),
        )

    return meta_graph_pb2.SignatureDef(
        inputs={alias: info(tensor) for alias, tensor in inputs.items()},
        outputs={alias: info(tensor) for alias, tensor in outputs.items()},
        method_name="tensorflow/serving/predict",
    )
