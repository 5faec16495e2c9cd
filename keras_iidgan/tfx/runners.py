"""Run the pipeline here, or compile it for Kubeflow Pipelines and Vertex."""

import pathlib

from tfx import v1 as tfx
from tfx.orchestration import metadata

from keras_iidgan.cli import UsageError
from keras_iidgan.tfx import parts


def make_pipeline(chosen):
    """Make the pipeline.

    Args:
        chosen: `options.Options`.
    """
    is_local = chosen.runner == "local"
    connection = metadata.sqlite_metadata_connection_config(chosen.metadata) if is_local else None
    return tfx.dsl.Pipeline(
        pipeline_name=chosen.pipeline_name,
        pipeline_root=chosen.pipeline_root,
        components=parts.make(chosen),
        enable_cache=chosen.cache,
        metadata_connection_config=connection,
        beam_pipeline_args=list(chosen.beam),
    )


def run_locally(chosen):
    """Run the pipeline in this process.

    Args:
        chosen: `options.Options`.

    Raises:
        UsageError: if a component fails; names it and says why in one line.
    """
    pathlib.Path(chosen.metadata).parent.mkdir(parents=True, exist_ok=True)
    pipeline = make_pipeline(chosen)
    try:
        tfx.orchestration.LocalDagRunner().run(pipeline)
    except Exception as error:
        if not isinstance(_cause(error), UsageError):
            raise
        raise UsageError(str(_cause(error))) from None


def _cause(error):
    """Return the mistake of a user that is behind an error, or the error itself."""
    found = error
    while found is not None:
        if isinstance(found, UsageError):
            return found
        found = found.__cause__ or found.__context__
    return error


def compile_for_kubeflow(chosen):
    """Write the pipeline as a file that Kubeflow Pipelines v2 and Vertex Pipelines run.

    Args:
        chosen: `options.Options`.

    Raises:
        UsageError: if the packages of Kubeflow aren't there.
    """
    try:
        runner = tfx.orchestration.experimental.KubeflowV2DagRunner
        config = tfx.orchestration.experimental.KubeflowV2DagRunnerConfig
        made = runner(config=config(default_image=chosen.image), output_filename=chosen.out)
    except (AttributeError, ImportError, RuntimeError) as error:
        reason = " ".join(str(error).split())
        raise UsageError(f"--runner=kubeflow needs TFX's extra kfp: {reason}") from None
    made.run(make_pipeline(chosen))
