"""TFX's training function: `Trainer(run_fn="keras_iidgan.tfx.trainer.run_fn", ...)`.

`custom_config` names the flags of `keras_iidgan.train`: `{"flagfile": "configs/tfx_digits.flags"}`,
`{"flags": {"method": "iidgan", "steps": 3000, "hparam": {"gaussian": "w2"}}}`, or both. See
`settings.read` for its other keys, and `reading` for the features that examples must have.
"""

import os
import pathlib
import shutil

from keras_iidgan import cli, train
from keras_iidgan.cli import UsageError
from keras_iidgan.files import to_json
from keras_iidgan.tfx import retries, settings


def run_fn(fn_args):
    """Train, and write every signature as one SavedModel.

    The run folder with logs, checkpoints, pictures and figures is `model_run_dir`. An execution
    that is tried again after it failed or was killed continues from its last checkpoint.

    Args:
        fn_args: TFX's FnArgs; read are `train_files`, `eval_files`, `train_steps`, `schema_path`,
            `transform_graph_path`, `data_accessor`, `custom_config`, `model_run_dir` and
            `serving_model_dir`.

    Raises:
        UsageError: one line that says what is wrong with settings or examples.
    """
    run_dir, serving_dir = _local("model_run_dir", fn_args), _local("serving_model_dir", fn_args)
    found = settings.read(
        fn_args.custom_config, run_dir=str(run_dir), steps=getattr(fn_args, "train_steps", None)
    )
    cli.import_tensorflow()
    from keras_iidgan.tfx import samples, sources

    data = samples.load(
        found, fn_args.train_files, fn_args.eval_files, **sources.of_trainer(fn_args)
    )
    with retries.kept(run_dir, retries.digest(found.config, data)):
        _train(found, data, serving_dir)


def _local(name, fn_args):
    """Return a folder of `fn_args`, which must be on a disk of this machine."""
    path = os.fspath(getattr(fn_args, name) or "")
    if not path or "://" in path:
        raise UsageError(f"{name} must be a folder that this machine has mounted; got {path!r}")
    return pathlib.Path(path)


def _train(found, data, serving_dir):
    from keras_iidgan import export, session

    run = session.prepare(found.config, data)

    def publish():
        serving_dir.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(serving_dir, ignore_errors=True)  # Of an execution that came this far before.
        export.export_to(run.model, serving_dir, found.model_name, found.config.refine_steps)
        return serving_dir

    with session.opened(run) as folder:
        folder.write("shape.json", to_json(list(data.shape)))  # For whoever reads examples again.
        if train.continue_run(run, folder) is not None:
            raise UsageError(f"the training was stopped at step {int(run.model.step.numpy()):,}")
        train.finish(run, folder, publish)
