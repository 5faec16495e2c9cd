"""Graphs that would touch files or run code are refused before any of them runs."""

import re

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.loading import graph_safety
from keras_iidgan.serving.loading.engine import SavedModel

TEXT = tf.TensorSpec([], tf.string, name="text")


@tf.function
def read_below(text):
    return tf.io.read_file(text)


@tf.function
def call_below(text):
    return read_below(text) + read_below(text)


def python(text):
    return tf.numpy_function(lambda value: value, [text], tf.string)


def dataset(text):
    data = tf.data.Dataset.from_tensors(text).map(tf.io.read_file)
    return next(iter(data))


def lines(text):
    return next(iter(tf.data.TextLineDataset(text)))


def cached(text, filename=""):
    return next(iter(tf.data.Dataset.from_tensors(text).cache(filename)))


def loop(text):
    return tf.while_loop(
        lambda i, _: i < 2, lambda i, value: (i + 1, call_below(value)), (0, text)
    )[1]


def branch(text):
    return tf.cond(text == "", lambda: text, lambda: call_below(text))


def written(text):
    tf.io.write_file("/nowhere/at/all", text)
    return text


def printed(text, stream):
    tf.print(text, output_stream=stream)
    return text


def table(text):
    return text_table("/etc/hostname").lookup(text)


def text_table(path):
    index = tf.lookup.TextFileIndex
    initializer = tf.lookup.TextFileInitializer(
        path, tf.string, index.WHOLE_LINE, tf.int64, index.LINE_NUMBER
    )
    return tf.lookup.StaticHashTable(initializer, -1)


REFUSED = {
    "direct": (tf.io.read_file, "ReadFile"),
    "nested": (call_below, "ReadFile"),
    "loop": (loop, "ReadFile"),
    "branch": (branch, "ReadFile"),
    "dataset": (dataset, "ReadFile"),
    "lines": (lines, "TextLineDatasetV2|TextLineDataset"),
    "files": (lambda text: tf.io.matching_files(text)[0], "MatchingFiles"),
    "written": (written, "WriteFile"),
    "printed": (lambda text: printed(text, "file:///nowhere/at/all"), "PrintV2"),
    "cached": (lambda text: cached(text, "/nowhere/at/all"), "CacheDatasetV2"),
    "python": (python, "(Eager)?PyFunc(Stateless)?"),
    "restored": (
        lambda text: tf.raw_ops.RestoreV2(
            prefix=text, tensor_names=["x"], shape_and_slices=[""], dtypes=[tf.string]
        )[0],
        "RestoreV2",
    ),
    "saved": (
        lambda text: tf.raw_ops.ShardedFilename(basename=text, shard=0, num_shards=1),
        "ShardedFilename",
    ),
    "mapped": (
        lambda text: tf.raw_ops.ImmutableConst(
            dtype=tf.int32, shape=[1], memory_region_name="/etc/hostname"
        ),
        "ImmutableConst",
    ),
    "hidden": (
        lambda text: tf.raw_ops.DatasetFromGraph(graph_def=text) is None or text,
        "DatasetFromGraph",
    ),
}
ALLOWED = {
    "upper": tf.strings.upper,
    "memory": cached,
    "standard": lambda text: printed(text, tf.compat.v1.logging.info),
    "map": lambda text: tf.map_fn(tf.strings.upper, tf.stack([text]))[0],
}


class Outer(tf.Module):
    """A model with a variable, and a table that is read from an asset."""

    def __init__(self, vocabulary):
        super().__init__()
        self.scale = tf.Variable(2.0)
        self.table = text_table(str(vocabulary))


def named(function):
    return tf.function(lambda text: {"y": function(text)}, input_signature=[TEXT])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unsafe")
    (folder / "words.txt").write_text("zero\none\n")
    module = Outer(folder / "words.txt")
    functions = {name: function for name, (function, _) in REFUSED.items()} | ALLOWED
    functions["looked_up"] = lambda text: module.table.lookup(text)
    functions["scaled"] = lambda text: module.scale * 1.0
    module.functions = {name: named(function) for name, function in functions.items()}
    tf.saved_model.save(module, str(folder / "1"), signatures=module.functions)
    return folder


@pytest.fixture
def saved_model(folder):
    return saved_model_pb2.SavedModel.FromString((folder / "1" / "saved_model.pb").read_bytes())


def keep(saved_model, *names):
    """Leave these signatures only, and return the graph."""
    signatures = saved_model.meta_graphs[0].signature_def
    for name in set(signatures) - {"__saved_model_init_op", *names}:
        del signatures[name]
    return saved_model.meta_graphs[0]


@pytest.mark.parametrize("name", REFUSED)
def test_refused(saved_model, name):
    with pytest.raises(StatusError) as caught:
        graph_safety.check(keep(saved_model, name))
    assert caught.value.code == "FAILED_PRECONDITION"
    message = f'signature "{name}" can reach operations that touch files .*: ({REFUSED[name][1]})'
    assert re.fullmatch(message, caught.value.message)


def test_a_model_with_variables_and_assets_is_served(folder, saved_model, tmp_path):
    keep(saved_model, "looked_up", "scaled", *ALLOWED)
    (folder / "1").rename(tmp_path / "1")
    original = (tmp_path / "1" / "saved_model.pb").read_bytes()
    try:
        (tmp_path / "1" / "saved_model.pb").write_bytes(saved_model.SerializeToString())
        servable = SavedModel(tmp_path / "1")
        text = np.array(b"one", object)
        assert servable.run("looked_up", {"text": text})["y"] == 1
        assert servable.run("memory", {"text": text})["y"] == b"one"
        servable.close()
    finally:
        (tmp_path / "1" / "saved_model.pb").write_bytes(original)
        (tmp_path / "1").rename(folder / "1")


def test_a_refused_model_is_not_loaded(folder):
    with pytest.raises(StatusError, match=r"FAILED_PRECONDITION: signature .* can reach"):
        SavedModel(folder / "1")


def test_the_saver_is_no_signature(saved_model):
    graph = keep(saved_model, "upper")
    graph_safety.check(graph)
    graph.signature_def["upper"].outputs["y"].name = graph.saver_def.save_tensor_name
    with pytest.raises(StatusError, match=r"MergeV2Checkpoints, SaveV2, ShardedFilename"):
        graph_safety.check(graph)


def test_a_checkpoint_of_another_name(saved_model):
    graph = keep(saved_model, "upper")
    graph.saver_def.filename_tensor_name = "Const:0"
    with pytest.raises(StatusError, match=r"restoring of variables .*: RestoreV2"):
        graph_safety.check(graph)


def test_tables_from_elsewhere(saved_model):
    graph = keep(saved_model, "upper")
    asset = graph.asset_file_def[0]
    asset.filename = "../../secrets.txt"
    with pytest.raises(StatusError, match=r"asset '../../secrets.txt' lies outside"):
        graph_safety.check(graph)
    asset.filename = "words.txt"
    asset.tensor_info.name = "Const:0"
    with pytest.raises(StatusError, match=r"initialisation .*: InitializeTableFromTextFileV2"):
        graph_safety.check(graph)


def test_a_table_that_a_signature_reads(saved_model):
    graph = keep(saved_model, "upper")
    initialiser = next(
        node
        for node in graph.graph_def.node
        if node.attr["f"].func.name.startswith("__inference__initializer")
    )
    graph.signature_def["upper"].outputs["y"].name = f"{initialiser.name}:0"
    with pytest.raises(StatusError, match=r'signature "upper" .*: InitializeTableFromTextFileV2'):
        graph_safety.check(graph)


def test_what_is_fed_is_not_run(saved_model):
    graph = keep(saved_model, "direct", "upper")
    inputs = graph.signature_def["upper"].inputs
    inputs["text"].name = graph.signature_def["direct"].outputs["y"].name
    del graph.signature_def["direct"]
    graph.signature_def["upper"].outputs["y"].name = inputs["text"].name
    with pytest.raises(StatusError, match="ReadFile"):
        graph_safety.check(graph)
    identity = graph.graph_def.node.add(name="passed_on", op="Identity")
    identity.input.append(inputs["text"].name.removesuffix(":0"))
    graph.signature_def["upper"].outputs["y"].name = "passed_on:0"
    graph_safety.check(graph)
