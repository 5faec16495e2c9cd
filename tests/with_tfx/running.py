"""Run the pipeline's command in this process: TFX's import takes longer than a small pipeline."""

import collections
import pathlib

from absl import flags as absl_flags
from tfx.orchestration import metadata

from keras_iidgan import flags
from keras_iidgan.tfx import pipeline


def run(*arguments):
    """Run the command; returns its exit code."""
    values = absl_flags.FlagValues()
    flags.define_tfx_pipeline(values)
    values(["pipeline", *map(str, arguments)])
    return pipeline.main(values)


def executions(root):
    """Return what came of each component's executions, `{component: [state]}`, oldest first."""
    from ml_metadata.proto import metadata_store_pb2

    connection = metadata.sqlite_metadata_connection_config(str(root / "metadata.sqlite"))
    names = metadata_store_pb2.Execution.State.Name
    with metadata.Metadata(connection) as store:
        types = {kind.id: kind.name for kind in store.store.get_execution_types()}
        found = sorted(store.store.get_executions(), key=lambda each: each.id)
    states = collections.defaultdict(list)
    for each in found:
        states[types[each.type_id].rpartition(".")[2]].append(names(each.last_known_state))
    return states


def outputs(root, component, key):
    """Return the folders of one output of a component, oldest first."""
    folder = pathlib.Path(root) / component / key
    return sorted(folder.iterdir(), key=lambda path: int(path.name)) if folder.is_dir() else []
