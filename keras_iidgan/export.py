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

from keras_iidgan import cli, files, flags
from keras_iidgan.cli import UsageError

_CHECK_ROWS = 3
_TOLERANCE = 1e-4


def export(model, folder):
    """Write `model` as the next integer version in `folder`.

    The SavedModel is written aside, loaded by the V1 loader in a process without Keras, as
    TensorFlow Serving would, and each signature's outputs are compared with the model's. Only then
    is it renamed to its version.

    Signatures, by the networks that the method has:
        serving_default  z [N, M] -> x
        sample           seed [N] int64 -> x, z; a row depends on its own seed alone
        invert           x -> z
        reconstruct      x -> x, z, error [N], the mean absolute difference
        score            x -> logit [N], squared_norm [N] of z, error [N]; where D judges pairs
                         (x, z), as in BiGAN, the logit is that of (x, F(x))
    A conditional model's `serving_default`, `sample` and `score` take label [N] int64 besides,
    `sample`, `invert` and `reconstruct` return it, and `invert` the probability [N, K] of each.

    Args:
        model: a `Method`.
        folder: parent of the versions.

    Returns:
        Path of the version.

    Raises:
        UsageError: if the folder can't be written or the check fails; no version appears then.
    """
    import keras
    import tensorflow as tf

    from keras_iidgan import signatures

    folder = pathlib.Path(folder)
    aside = _make_aside(folder)
    try:
        archive = keras.export.ExportArchive()
        endpoints = signatures.endpoints(model)
        for network in signatures.networks(model):
            archive.track(network)
        for name, (function, specs) in endpoints.items():
            archive.add_endpoint(name, function, input_signature=specs)
        archive.write_out(str(aside), verbose=False)
        _check(aside, endpoints)
        return _publish(aside, folder)
    except (OSError, tf.errors.OpError) as error:
        raise UsageError(f"--export_dir={folder} can't be written: {files.reason(error)}") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)


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
    aside.chmod(0o755)  # mkdtemp's folders are private; a server may run as another user.
    while True:
        taken = [int(p.name) for p in folder.iterdir() if re.fullmatch("[0-9]+", p.name)]
        version = folder / str(max(taken, default=0) + 1)
        if not version.exists():
            aside.rename(version)
            return version


def _check(path, endpoints):
    """Compare every signature, run without Keras, with the function it was made from."""
    expected, feeds = {}, {}
    for name, (function, specs) in endpoints.items():
        values = [_example(spec) for spec in specs]
        for spec, value in zip(specs, values, strict=True):
            feeds[f"{name}|{spec.name}"] = value
        for output, tensor in function(*values).items():
            expected[f"{name}|{output}"] = np.asarray(tensor)
    found = run_without_keras(path, feeds)
    for key, value in expected.items():
        scale = max(1.0, float(np.abs(value).max()))
        error = float(np.abs(found[key] - value).max()) if key in found else float("inf")
        if not error <= _TOLERANCE * scale:
            raise UsageError(f"the export failed its check: {key} differs by {error:g}")


def _example(spec):
    shape = [_CHECK_ROWS if size is None else size for size in spec.shape]
    if spec.dtype.is_integer:
        # Seeds take any integer; of labels there are two at least.
        return (np.arange(np.prod(shape)) % 2).astype(spec.dtype.as_numpy_dtype).reshape(shape)
    values = np.random.default_rng(0).uniform(-1, 1, shape)
    return values.astype(spec.dtype.as_numpy_dtype)


def run_without_keras(path, feeds):
    """Run signatures of a SavedModel by the V1 loader in a process that can't import Keras.

    Args:
        path: folder with `saved_model.pb`.
        feeds: `{"signature|input": array}`.

    Returns:
        `{"signature|output": array}`.

    Raises:
        UsageError: if loading or running fails; has the last line of what that process said.
    """
    with tempfile.TemporaryDirectory() as work:
        source, result = pathlib.Path(work, "in.npz"), pathlib.Path(work, "out.npz")
        np.savez(source, **feeds)
        command = [sys.executable, "-m", "keras_iidgan.v1_run", str(path), str(source), str(result)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise UsageError(f"the export can't be served: {reason}")
        with np.load(result) as arrays:
            return dict(arrays)


def main(values):
    """Export a saved run."""
    from keras_iidgan import saved_run

    run = saved_run.load(values.run)
    version = export(run.model, values.export_dir or run.export_dir)
    print(f"exported {version}")
    return 0


if __name__ == "__main__":
    cli.run(main, flags.define_export)
