import functools
import importlib
import subprocess
import sys
import types
import warnings

import pytest
import tensorflow as tf

from keras_iidgan import tfgan_shim

# In a process of its own: the first import of a process can be made only once.
AFTER_A_FAILED_IMPORT = """
import sys, warnings
import tensorflow as tf
try:
    import tensorflow_gan
except AttributeError:
    print("a plain import fails")
print("it leaves modules behind:", any(m.startswith("tensorflow_gan.") for m in sys.modules))

warnings.simplefilter("error")
from keras_iidgan.tfgan_shim import tfgan

@tf.function
def traced():
    return tfgan().losses.wargs.modified_generator_loss(tf.zeros([2]))

print("loss:", round(float(traced()), 4))
print("cached:", tfgan() is tfgan() is sys.modules["tensorflow_gan"])
print("stand-ins left:", hasattr(tf, "estimator"), hasattr(tf.compat.v1, "estimator"))
"""


def test_first_import_after_a_failed_one_while_tracing_and_without_a_warning():
    command = [sys.executable, "-c", AFTER_A_FAILED_IMPORT]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "a plain import fails",
        "it leaves modules behind: True",
        "loss: 0.6931",
        "cached: True",
        "stand-ins left: False False",
    ]


def test_the_functions_that_the_project_uses_are_there():
    tfgan = tfgan_shim.tfgan()
    assert tfgan.losses.wargs.minimax_discriminator_loss
    assert tfgan.eval.frechet_classifier_distance_from_activations
    assert tfgan.eval.image_grid
    with pytest.raises(AttributeError, match="GANEstimator"):
        _ = tfgan.estimator.GANEstimator


def test_stand_ins_serve_the_classes_of_both_libraries_and_go_again():
    with tfgan_shim._estimator_stand_ins(tf):
        from tensorflow.compat.v1 import estimator

        assert issubclass(tf.estimator.SessionRunHook, tf.compat.v1.train.SessionRunHook)
        assert type("LatestModuleExporter", (estimator.Exporter,), {})
    assert not hasattr(tf, "estimator")
    assert not hasattr(tf.compat.v1, "estimator")


def test_a_real_estimator_is_left_alone(monkeypatch):
    real = types.SimpleNamespace()
    monkeypatch.setattr(tf, "estimator", real, raising=False)
    with tfgan_shim._estimator_stand_ins(tf):
        assert tf.estimator is real
    assert tf.estimator is real


def test_a_failing_import_says_why_and_leaves_nothing(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("tensorflow_gan")]:
        monkeypatch.delitem(sys.modules, name)
    real_import = importlib.import_module

    def without_tfgan(name, *arguments):
        if name == "tensorflow_gan":
            raise ModuleNotFoundError("No module named 'tensorflow_gan'")
        return real_import(name, *arguments)

    monkeypatch.setattr(importlib, "import_module", without_tfgan)
    with pytest.raises(ImportError, match="could not be imported: No module named") as caught:
        tfgan_shim.tfgan.__wrapped__()
    assert isinstance(caught.value.__cause__, ModuleNotFoundError)
    assert [name for name in sys.modules if name.startswith("tensorflow_gan")] == []
    assert not hasattr(tf, "estimator")


def test_only_the_known_warnings_are_silenced():
    warn = functools.partial(warnings.warn, stacklevel=2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with tfgan_shim._quiet():
            warn("distutils Version classes are deprecated.", DeprecationWarning)
            warn("pkg_resources is deprecated as an API.", UserWarning)
            with pytest.raises(DeprecationWarning):
                warn("another matter", DeprecationWarning)


BESIDE_TRANSFORM = """
import os
os.environ["TF_USE_LEGACY_KERAS"] = "1"  # As tensorflow-transform does when it is imported.
import tensorflow.compat.v2 as v2
before = v2.keras.__name__
from keras_iidgan.tfgan_shim import tfgan
print(bool(tfgan().losses.wargs), v2.keras.__name__ == before)
"""


def test_it_can_be_imported_beside_a_library_that_wants_keras_2():
    command = [sys.executable, "-W", "ignore", "-c", BESIDE_TRANSFORM]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout == "True True\n", done.stderr
