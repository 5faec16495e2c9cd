"""A small classifier of 8x8 digits, trained once and kept in a cache folder.

It is what says which digit an image shows, so the modes of `digits` and `stacked_digits` rest on
it. It is made from the data alone: no random state of the caller's is read or moved.
"""

import hashlib
import json
import os
import pathlib
import sys
import tempfile
import warnings
import zipfile

import numpy as np
from scipy import special

CLASSES = 10
LEAST_ACCURACY = 0.98
# All that the training depends on besides the network; a part of the cached file's name.
SETTINGS = {"epochs": 40, "batch_size": 64, "learning_rate": 2e-3, "shift": 1, "seed": 0}


class Classifier:
    """Class probabilities of digits.

    Args:
        network: Keras model, [N, 8, 8, 1] -> logits [N, 10].
        report: figures of its quality, see `make`.
    """

    def __init__(self, network, report: dict[str, float]):
        self.network = network
        self.report = report

    def __call__(self, x) -> np.ndarray:
        """Returns probabilities [N, 10] float64 for x [N, 8, 8, 1] in [-1, 1]."""
        return _probabilities(self.network, x)


def cache_folder() -> pathlib.Path:
    """Returns the folder KERAS_IIDGAN_CACHE, by default ~/.cache/keras_iidgan."""
    named = os.environ.get("KERAS_IIDGAN_CACHE")
    if named:
        return pathlib.Path(named)
    try:
        home = pathlib.Path.home()
    except RuntimeError:  # A container's user may have none.
        home = pathlib.Path(tempfile.gettempdir())
    return home / ".cache" / "keras_iidgan"


def make(x, y, x_test, y_test, confidence: float, folder) -> Classifier:
    """Reads the classifier from the cache, or trains it (about 10 s on two cores) and keeps it.

    A cached file that can't be read, or a folder that can't be written, is said in a warning.

    Args:
        x: training images [N, 8, 8, 1] float32 in [-1, 1].
        y: their classes [N] int32.
        x_test: images to measure with, [N_test, 8, 8, 1].
        y_test: their classes [N_test].
        confidence: probability from which an image counts as good.
        folder: cache folder.

    Returns:
        The classifier; its `report` has `test_accuracy`, `test_high_quality` (share of the test
        images whose largest probability reaches `confidence`), `train_images`, `test_images`.

    Raises:
        RuntimeError: the trained classifier has less than 98 % test accuracy.
    """
    network = _network()
    path = pathlib.Path(folder) / f"digits-{_digest(network, x, y, x_test, y_test)}.npz"
    report = _read(network, path)
    if report is None:
        print("Training the digit classifier, once, about 10 s ...", file=sys.stderr, flush=True)
        _train(network, x, y)
        report = _measure(network, x_test, y_test, confidence) | {"train_images": len(x)}
        _write(network, report, path)
    if report["test_accuracy"] < LEAST_ACCURACY:
        raise RuntimeError(
            f"the digit classifier must reach {LEAST_ACCURACY:.0%} test accuracy; "
            f"got {report['test_accuracy']:.1%}"
        )
    return Classifier(network, report)


def _network():
    import keras

    # Names, seeds and precision are given, so that building this moves no counter or generator of
    # the caller's and takes no policy of theirs.
    def layer(kind, name, *args, **kwargs):
        return getattr(keras.layers, kind)(*args, name=name, dtype="float32", **kwargs)

    def weights(seed):
        return {"activation": "relu", "kernel_initializer": keras.initializers.GlorotUniform(seed)}

    return keras.Sequential(
        [
            keras.Input((8, 8, 1), name="digit"),
            layer("Conv2D", "edges", 32, 3, padding="same", **weights(1)),
            layer("Conv2D", "strokes", 64, 3, padding="same", **weights(2)),
            layer("MaxPooling2D", "pool_strokes"),
            layer("Conv2D", "parts", 64, 3, padding="same", **weights(3)),
            layer("MaxPooling2D", "pool_parts"),
            layer("Flatten", "flat"),
            layer("Dropout", "drop_parts", 0.3, seed=4),
            layer("Dense", "hidden", 128, **weights(5)),
            layer("Dropout", "drop_hidden", 0.3, seed=6),
            layer(
                "Dense", "logits", CLASSES, kernel_initializer=keras.initializers.GlorotUniform(7)
            ),
        ],
        name="digit_classifier",
    )


def _train(network, x, y):
    import keras

    rng = np.random.default_rng(SETTINGS["seed"])
    orders = [rng.permutation(len(x)) for _ in range(SETTINGS["epochs"])]
    order = np.concatenate(orders)
    images = _shifted(x[order], rng)
    batch_size = SETTINGS["batch_size"]
    rate = keras.optimizers.schedules.CosineDecay(
        SETTINGS["learning_rate"], len(order) // batch_size
    )
    network.compile(
        optimizer=keras.optimizers.Adam(rate, name="digit_adam"),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,  # Compiling would take longer than it saves.
    )
    # Shuffled here, by our own generator, so that one seed gives one classifier.
    network.fit(images, y[order], batch_size=batch_size, shuffle=False, verbose=0)


def _shifted(x, rng):
    """Each image moved by up to `shift` pixels along each axis, black at the edges."""
    reach = SETTINGS["shift"]
    edge = ((0, 0), (reach, reach), (reach, reach), (0, 0))
    padded = np.pad(x, edge, constant_values=-1)
    top, left = rng.integers(0, 2 * reach + 1, size=(2, len(x), 1))
    rows = (top + np.arange(8))[:, :, None]  # [N, 8, 1]
    columns = (left + np.arange(8))[:, None, :]  # [N, 1, 8]
    return padded[np.arange(len(x))[:, None, None], rows, columns]


def _probabilities(network, x):
    logits = network.predict(x, batch_size=1024, verbose=0).astype(np.float64)
    return special.softmax(logits, axis=-1)


def _measure(network, x, y, confidence):
    shares = _probabilities(network, x)
    return {
        "test_accuracy": float((shares.argmax(axis=-1) == y).mean()),
        "test_high_quality": float((shares.max(axis=-1) >= confidence).mean()),
        "test_images": len(x),
    }


def _digest(network, *arrays):
    digest = hashlib.sha256(json.dumps(SETTINGS, sort_keys=True).encode())
    digest.update(network.to_json().encode())
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def _read(network, path):
    """Loads the weights and returns their report, or None where there is nothing to load."""
    if not path.exists():
        return None
    try:
        # Opened here, because np.load leaves a file that is cut short open.
        with path.open("rb") as file, np.load(file) as stored:
            weights = [stored[f"weight_{i}"] for i in range(len(network.weights))]
            report = json.loads(str(stored["report"]))
        network.set_weights(weights)
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
        warnings.warn(f"{path} can't be read ({error}); training it again", stacklevel=2)
        return None
    return report


def _write(network, report, path):
    arrays = {f"weight_{i}": weight for i, weight in enumerate(network.get_weights())}
    aside = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            aside = pathlib.Path(file.name)
            np.savez(file, report=json.dumps(report), **arrays)
        aside.replace(path)
    except OSError as error:
        if aside:
            aside.unlink(missing_ok=True)
        warnings.warn(f"the digit classifier isn't kept: {path}: {error}", stacklevel=2)
