"""Export a model as one SavedModel with every signature, checked before it gets its version.

python -m keras_iidgan.export --run=runs/00000-iidgan-ring
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import numpy as np

from keras_iidgan import cli, export_check, files, flags, warmup
from keras_iidgan.cli import UsageError


def export(model, folder, refine_steps=50):
    """Write `model` as the next integer version in `folder`.

    The SavedModel is written aside with a warm-up record for each signature. The records are run
    by the V1 loader in a process without Keras, as TensorFlow Serving would, and the outputs
    compared with the model's. Only then is it renamed to its version. Without the package
    tensorflow-serving-api the same requests are run, but not recorded, and a line says so.

    Signatures, by the networks that the method has:
        serving_default     z [N, M] -> x
        sample              seed [N] int64 -> x, z; a row depends on its own seed alone
        invert              x -> z
        reconstruct         x -> x, z, error [N], the mean absolute difference
        score               x -> logit [N], squared_norm [N] of z, error [N]; where D judges pairs
                            (x, z), as in BiGAN, the logit is that of (x, F(x))
        interpolate         z0, z1, t [N, K] -> x [N, K, ...], z [N, K, M]: the spherical way
        interpolate_images  x0, x1, t -> x, z: the same between the codes of two samples
        invert_refined      x -> z, x, error_before [N], error [N]: ||x - G(z)|| lessened by
                            `refine_steps` steps from F(x)
        examples            serialized tf.Examples [N] -> z, error; of `image`, a PNG or JPEG file,
                            for images of 1 or 3 channels, else of `x`, a list of floats
    and for images of 1 or 3 channels, `image_bytes` [N] being PNG files (or JPEG, as an input):
        generate_png        z -> image_bytes
        sample_png          seed -> image_bytes, z
        invert_png          image_bytes -> z
    x is [N, *shape], and [N, H, W] for images of one channel. Of a conditional model, what
    generates from codes or seeds takes label [N] int64 besides, as `score` does; `sample`,
    `sample_png`, `interpolate` and all that inverts return it, [N, K] along a way; and `invert`,
    `invert_png` and `examples` the probability [N, classes] of each.

    Args:
        model: a `Method`.
        folder: parent of the versions.
        refine_steps: steps of `invert_refined`; 0 leaves that signature out.

    Returns:
        Path of the version.

    Raises:
        UsageError: if the folder can't be written or the check fails; no version appears then.
    """
    folder = pathlib.Path(folder)
    name = folder.absolute().name
    return _export(model, folder, name, refine_steps, lambda aside: _publish(aside, folder))


def export_to(model, path, model_name, refine_steps=50):
    """Write `model` as `export` does, but to a folder of its own instead of a version.

    Args:
        model: a `Method`.
        path: the folder of the SavedModel; it must not exist or be empty.
        model_name: the name that warm-up records are for.
        refine_steps: as of `export`.

    Raises:
        UsageError: as `export`; `path` is then as it was.
    """
    path = pathlib.Path(path)
    _export(model, path.parent, model_name, refine_steps, lambda aside: _rename(aside, path))


def _export(model, parent, model_name, refine_steps, publish):
    """Write a SavedModel aside in the folder `parent`, check it, and hand it to `publish`."""
    import tensorflow as tf

    aside = _make_aside(parent)
    try:
        endpoints = _write(model, aside, refine_steps)
        _check(aside, endpoints, export_check.inputs(model, endpoints), model_name)
        return publish(aside)
    except (OSError, tf.errors.OpError) as error:
        raise UsageError(f"--export_dir={parent} can't be written: {files.reason(error)}") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _write(model, aside, refine_steps):
    """Write every signature of a model; returns the functions behind them."""
    import keras

    from keras_iidgan import signatures

    archive = keras.export.ExportArchive()
    endpoints = signatures.endpoints(model, refine_steps)
    for network in signatures.networks(model):
        archive.track(network)
    for name, (function, _) in endpoints.items():
        function.get_concrete_function()  # So that Keras doesn't trace it in another one.
        archive.add_endpoint(name, function)
    archive.write_out(str(aside), verbose=False)
    return endpoints


def check_writable(folder):
    """Find out before a training whether its export will have a place.

    Args:
        folder: parent of the versions; made if it is missing.

    Raises:
        UsageError: if nothing can be written there.
    """
    _make_aside(pathlib.Path(folder)).rmdir()


def _make_aside(folder):
    """Make a folder whose name isn't an integer, which servers pass over."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return pathlib.Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
    except OSError as error:
        raise UsageError(f"--export_dir={folder} can't be written: {files.reason(error)}") from None


def _publish(aside, folder):
    while True:
        taken = [int(p.name) for p in folder.iterdir() if re.fullmatch("[0-9]+", p.name)]
        version = folder / str(max(taken, default=0) + 1)
        if not version.exists():
            return _rename(aside, version)


def _rename(aside, path):
    aside.chmod(0o755)  # mkdtemp's folders are private; a server may run as another user.
    return aside.rename(path)


def _check(path, endpoints, feeds, model_name):
    """Compare every signature, run without Keras, with the function it was made from."""
    if warmup.is_possible():
        requests = warmup.write(path, model_name, feeds)
    else:
        requests = feeds
        print("no warm-up records: they need the package tensorflow-serving-api (extra: serving)")
    fault = export_check.fault(endpoints, feeds, run_without_keras(path, requests))
    if fault:
        raise UsageError(f"the export failed its check: {fault}")


def run_without_keras(path, feeds):
    """Run signatures of a SavedModel by the V1 loader in a process that can't import Keras.

    Args:
        path: folder with `saved_model.pb`.
        feeds: `{"signature|input": array}`, or the path of a file of warm-up records.

    Returns:
        `{"signature|output": array}`.

    Raises:
        UsageError: if loading or running fails; has the last line of what that process said.
    """
    with tempfile.TemporaryDirectory() as work:
        source, result = feeds, pathlib.Path(work, "out.npz")
        if isinstance(feeds, dict):
            source = pathlib.Path(work, "in.npz")
            np.savez(source, **feeds)
        command = [sys.executable, "-m", "keras_iidgan.v1_run", str(path), str(source), str(result)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise UsageError(f"the export can't be served: {reason}")
        with np.load(result, allow_pickle=True) as arrays:  # Strings are pickled.
            return dict(arrays)


def main(values):
    """Export a saved run."""
    from keras_iidgan import saved_run

    if values.refine_steps < 0:
        raise UsageError(f"--refine_steps must be at least 0; got {values.refine_steps}")
    run = saved_run.load(values.run, values.checkpoint)
    version = export(run.model, values.export_dir or run.export_dir, values.refine_steps)
    print(f"exported {version}")
    return 0


if __name__ == "__main__":
    cli.run(main, flags.define_export)
