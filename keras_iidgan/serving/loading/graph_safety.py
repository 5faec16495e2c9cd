"""A search of a SavedModel's graph, before any of it runs, for operations that aren't served.

Three things of a graph are run: the restoring of variables, the initialisation, and signatures.
Only restoring may read a checkpoint, and only the one whose name the loader feeds; only the
initialisation may read a table, and only from an asset of the SavedModel.
"""

import pathlib

from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.loading import forbidden_ops
from keras_iidgan.serving.loading.graph_walk import Graph, name_of

_INIT_SIGNATURE = "__saved_model_init_op"
_INIT_COLLECTIONS = ("saved_model_main_op", "legacy_init_op")


def check(meta_graph):
    """Refuse a graph that can reach what isn't served.

    Args:
        meta_graph: A `MetaGraphDef`.

    Raises:
        StatusError: FAILED_PRECONDITION, with the operations.
    """
    graph = Graph(meta_graph.graph_def)
    assets = set()
    for asset in meta_graph.asset_file_def:
        _check_asset(asset.filename)
        assets.add(name_of(asset.tensor_info.name))
    saver = meta_graph.saver_def
    for name, definition in meta_graph.signature_def.items():
        if name != _INIT_SIGNATURE:
            fed = {info.name for info in definition.inputs.values()}
            _refuse(f'signature "{name}"', graph.reach(_outputs(definition), fed=fed))
    found = graph.reach(_initialisers(meta_graph), forbidden_ops.READ_TABLE, assets)
    _refuse("the initialisation", found)
    filename = {name_of(saver.filename_tensor_name)}
    found = graph.reach([saver.restore_op_name], forbidden_ops.RESTORE, filename)
    _refuse("the restoring of variables", found)


def _refuse(what, found):
    if found:
        message = "can reach operations that touch files or run code, which are not served"
        raise StatusError("FAILED_PRECONDITION", f"{what} {message}: {', '.join(sorted(found))}")


def _check_asset(filename):
    parts = pathlib.PurePosixPath(filename)
    if parts.is_absolute() or ".." in parts.parts:
        message = f"asset {filename!r} lies outside of the SavedModel"
        raise StatusError("FAILED_PRECONDITION", message)


def _initialisers(meta_graph):
    names = []
    if _INIT_SIGNATURE in meta_graph.signature_def:
        names += _outputs(meta_graph.signature_def[_INIT_SIGNATURE])
    for key in _INIT_COLLECTIONS:
        if key in meta_graph.collection_def:
            names += meta_graph.collection_def[key].node_list.value
    return names


def _outputs(definition):
    """Return the names of all tensors that a signature may fetch, parts of composite ones too."""
    names = []
    for info in definition.outputs.values():
        names.append(info.name)
        sparse = info.coo_sparse
        names += [sparse.values_tensor_name, sparse.indices_tensor_name]
        names += [sparse.dense_shape_tensor_name]
        names += [part.name for part in info.composite_tensor.components]
    return [name for name in names if name]
