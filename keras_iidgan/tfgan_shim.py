"""Make TF-GAN 2.1 importable on TensorFlow 2.16 and later.

TF-GAN 2.1.0, its last release, subclasses `tf.estimator` classes while it is being imported, and
TensorFlow 2.16 removed `tf.estimator`. TF-GAN's losses and metrics work on plain tensors and need
none of it. So, for the time of the import only:

* `tf.estimator` is a stand-in with the one class that TF-GAN subclasses outside its estimator
  package, and that package itself is an empty module;
* `tf.compat.v1.estimator` is a stand-in for tensorflow-hub 0.15 (the version that TFX pins), which
  TF-GAN imports and which subclasses `Exporter`;
* `tf.compat.v2.keras`, by whose version TensorFlow Probability chooses its own Keras, is Keras 3:
  tensorflow-transform, once imported, makes it Keras 2 under a name that can't be imported;
* modules of an earlier, failed import are dropped, else Python would go on from a half-loaded
  package.

They are taken away again, so that code which asks `hasattr(tf, "estimator")` sees the
truth. What stays is the empty `tensorflow_gan.python.estimator`: `tfgan.estimator.X` raises
AttributeError.
"""

import contextlib
import functools
import importlib
import sys
import types
import warnings

_EMPTY_PACKAGE = "tensorflow_gan.python.estimator"


@functools.cache
def tfgan():
    """TF-GAN's module, imported at the first call.

    Returns:
        The module `tensorflow_gan`. Its losses on tensors are in `losses.wargs`.

    Raises:
        ImportError: TF-GAN, TensorFlow Probability or tensorflow-hub is not installed, or their
            versions do not work together; the cause is chained.
    """
    import tensorflow as tf

    if "tensorflow_gan" in sys.modules:
        return sys.modules["tensorflow_gan"]
    _forget("tensorflow_gan")
    sys.modules[_EMPTY_PACKAGE] = types.ModuleType(_EMPTY_PACKAGE, "Left out: see tfgan_shim.")
    try:
        # The first call may come while a tf.function is traced; init_scope keeps tensors that
        # an import might create out of that graph.
        with tf.init_scope(), _estimator_stand_ins(tf), _keras_3(), _quiet():
            return importlib.import_module("tensorflow_gan")
    except Exception as error:
        _forget("tensorflow_gan")
        raise ImportError(f"TF-GAN could not be imported: {error}") from error


def tfhub():
    """TensorFlow Hub's module, imported along with TF-GAN, because its old versions need as much.

    Raises:
        ImportError: as `tfgan`.
    """
    tfgan()
    return importlib.import_module("tensorflow_hub")


def _forget(package):
    """Drop the modules below `package` where the package itself did not finish its import."""
    if package not in sys.modules:
        for name in [name for name in sys.modules if name.startswith(package + ".")]:
            del sys.modules[name]


@contextlib.contextmanager
def _estimator_stand_ins(tf):
    """Lend `tf` and `tf.compat.v1` an `estimator` while the import runs, where they lack one."""
    _forget("tensorflow_hub")
    v1 = importlib.import_module("tensorflow.compat.v1")
    stand_ins = (
        (tf, types.SimpleNamespace(SessionRunHook=v1.train.SessionRunHook)),
        (v1, types.SimpleNamespace(Exporter=object)),
    )
    lent = [
        (module, stand_in) for module, stand_in in stand_ins if not hasattr(module, "estimator")
    ]
    for module, stand_in in lent:
        module.estimator = stand_in
    try:
        yield
    finally:
        for module, _ in lent:
            del module.estimator


@contextlib.contextmanager
def _keras_3():
    """Let `tf.compat.v2.keras` be Keras 3 while the import runs."""
    import keras

    v2 = importlib.import_module("tensorflow.compat.v2")
    before = vars(v2).get("keras")
    v2.keras = keras
    try:
        yield
    finally:
        if before is None:
            del v2.keras
        else:
            v2.keras = before


@contextlib.contextmanager
def _quiet():
    """Silence the deprecations that TF-GAN's import is known to raise, and only those."""
    with warnings.catch_warnings():
        for message in ("distutils", "pkg_resources", "Deprecated call to `pkg_resources"):
            warnings.filterwarnings("ignore", message=message)
        yield
