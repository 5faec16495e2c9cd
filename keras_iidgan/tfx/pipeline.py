"""From tf.Examples to a blessed model in a folder that is served.

    python -m keras_iidgan.tfx.pipeline --examples=FOLDER --config=configs/tfx_digits.flags \\
        --serving_dir=saved_models/digits --pipeline_root=runs/tfx

Without --examples those of --dataset are written first. The last line says whether a version was
pushed; the exit code is 1 if the model wasn't blessed, or not validated.
"""

import pathlib

from keras_iidgan import cli, flags
from keras_iidgan.cli import UsageError
from keras_iidgan.tfx import options


def main(values):
    """Run the pipeline that the flags describe, or compile it."""
    chosen = options.read(values)
    try:
        from keras_iidgan.tfx import outcomes, runners
    except ImportError as error:
        raise UsageError(
            f"tfx can't be imported ({error}); install the extra tfx, or use the environment of "
            "tests/with_tfx/make_env.sh"
        ) from None
    if chosen.runner == "kubeflow":
        runners.compile_for_kubeflow(chosen)
        print(f"compiled to {chosen.out}")
        return 0
    before = versions(chosen.serving_dir)
    runners.run_locally(chosen)
    pushed = sorted(versions(chosen.serving_dir) - before)
    if pushed:
        print(f"pushed {pathlib.Path(chosen.serving_dir) / str(pushed[-1])}")
        return 0
    return _nothing_new(chosen, outcomes.of_last_run(chosen.metadata))


def _nothing_new(chosen, outcome):
    """Say why nothing was pushed, and return the exit code."""
    if outcome.is_pushed:
        print(f"nothing new: the model is in {chosen.serving_dir} already")
        return 0
    if outcome.is_blessed:
        print(f"not pushed: {chosen.infra_validator} couldn't serve the model, or isn't there")
    else:
        print(f"not pushed: the model wasn't blessed; the report says why: {outcome.report}")
    return 1


def versions(folder):
    """Return the versions in a folder, a set of integers."""
    folder = pathlib.Path(folder)
    found = folder.iterdir() if folder.is_dir() else ()
    return {int(path.name) for path in found if path.name.isdigit()}


if __name__ == "__main__":
    cli.run(main, flags.define_tfx_pipeline)
