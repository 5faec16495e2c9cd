"""What came of the last run of a pipeline, read from its metadata."""

import dataclasses
import pathlib

from ml_metadata.proto import metadata_store_pb2
from tfx.orchestration import metadata

from keras_iidgan.tfx import components


@dataclasses.dataclass(frozen=True)
class Outcome:
    """Whether the model got through.

    Attributes:
        is_blessed: whether it reached its thresholds.
        is_pushed: whether it is in the served folder, pushed now or by an earlier run.
        report: path of the page about it.
    """

    is_blessed: bool
    is_pushed: bool
    report: pathlib.Path


def of_last_run(database):
    """Read what the evaluator and the Pusher last put out, be it made or reused.

    Args:
        database: file of the metadata.

    Returns:
        An `Outcome`.
    """
    connection = metadata.sqlite_metadata_connection_config(database)
    with metadata.Metadata(connection) as handle:
        judged = _last_outputs(handle.store, "ModeCoverageEvaluator")
        pushed = _last_outputs(handle.store, "Pusher")
    report = next(each for each in judged if _path(each).exists())
    return Outcome(
        is_blessed=bool(report.custom_properties["blessed"].int_value),
        is_pushed=any(each.custom_properties["pushed"].int_value for each in pushed),
        report=_path(report),
    )


def _path(artifact):
    return pathlib.Path(artifact.uri) / components.REPORT


def _last_outputs(store, component):
    """Return the output artifacts of a component's last execution."""
    names = {kind.id: kind.name.rpartition(".")[2] for kind in store.get_execution_types()}
    ids = [each.id for each in store.get_executions() if names[each.type_id] == component]
    events = store.get_events_by_execution_ids([max(ids)])
    output = metadata_store_pb2.Event.OUTPUT
    return store.get_artifacts_by_id([each.artifact_id for each in events if each.type == output])
