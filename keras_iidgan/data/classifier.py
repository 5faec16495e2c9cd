"""Small classifiers of images, trained once and kept in a cache folder.

They are what says which class an image shows, so the modes of digits and their stacks rest on
them. They are made from the data alone: no random state of the caller's is read or moved.
"""

import dataclasses
import hashlib
import json
import pathlib
import sys

import numpy as np
from scipy import special

from keras_iidgan.data import cache, classifier_network
from keras_iidgan.data.progress import Progress

CLASSES = 10
_HIDDEN = -3  # Before dropout and logits.


@dataclasses.dataclass(frozen=True)
class Recipe:
    """How the classifier of one data set is made.

    Attributes:
        name: of the data, in messages and of the file.
        epochs: passes over the training images.
        batch_size: images per step.
        learning_rate: Adam's at the start; it falls to 0 along half a cosine.
        shift: pixels by which training images are moved at most along each axis.
        least_accuracy: share of the test images that the finished classifier must get right.
        duration: how long training takes, for the line that announces it.
        seed: of order and shifts.
    """

    name: str
    epochs: int
    batch_size: int
    learning_rate: float
    shift: int
    least_accuracy: float
    duration: str
    seed: int = 0


class Classifier:
    """Class probabilities of images.

    Args:
        network: Keras model, [N, H, W, 1] -> logits [N, 10].
        report: figures of its quality, see `make`.
    """

    def __init__(self, network, report: dict[str, float]):
        self.network = network
        self.report = report
        self._both = None

    def __call__(self, x) -> np.ndarray:
        """Returns probabilities [N, 10] float64 for x [N, H, W, 1] in [-1, 1]."""
        return _probabilities(self.network, x)

    def features(self, x) -> tuple[np.ndarray, np.ndarray]:
        """Returns its last hidden layer's values [N, D] float32, and probabilities [N, 10]."""
        import keras

        if self._both is None:
            outputs = [self.network.layers[i].output for i in (_HIDDEN, -1)]
            self._both = keras.Model(self.network.inputs, outputs, name="classifier_features")
        hidden, logits = self._both.predict(x, batch_size=1024, verbose=0)
        return hidden, special.softmax(logits.astype(np.float64), axis=-1)


def make(recipe: Recipe, x, y, x_test, y_test, confidence: float, folder) -> Classifier:
    """Reads a classifier from the cache, or trains it and keeps it.

    A cached file that can't be read, or a folder that can't be written, is said in a warning.

    Args:
        recipe: see `Recipe`.
        x: training images [N, H, W, 1] float32 in [-1, 1].
        y: their classes [N] int32.
        x_test: images to measure with, [N_test, H, W, 1].
        y_test: their classes [N_test].
        confidence: probability from which an image counts as good.
        folder: cache folder.

    Returns:
        The classifier; its `report` has `test_accuracy`, `test_high_quality` (share of the test
        images whose largest probability reaches `confidence`), `train_images`, `test_images`.

    Raises:
        RuntimeError: the trained classifier is less accurate than the recipe demands.
    """
    network = classifier_network.build(x.shape[1:], CLASSES)
    digest = _digest(recipe, network, x, y, x_test, y_test)
    path = pathlib.Path(folder) / f"{recipe.name}-classifier-{digest}.npz"
    report = _read(network, path)
    if report is None:
        print(
            f"Training the classifier of {recipe.name}, once, {recipe.duration} ...",
            file=sys.stderr,
            flush=True,
        )
        _train(recipe, network, x, y)
        report = _measure(network, x_test, y_test, confidence) | {"train_images": len(x)}
        weights = {f"weight_{i}": weight for i, weight in enumerate(network.get_weights())}
        cache.keep(path, "the classifier's weights", report=json.dumps(report), **weights)
    if report["test_accuracy"] < recipe.least_accuracy:
        raise RuntimeError(
            f"the classifier of {recipe.name} must reach {recipe.least_accuracy:.0%} test "
            f"accuracy; got {report['test_accuracy']:.1%}"
        )
    return Classifier(network, report)


def _train(recipe, network, x, y):
    import keras

    rng = np.random.default_rng(recipe.seed)
    steps = recipe.epochs * -(-len(x) // recipe.batch_size)
    rate = keras.optimizers.schedules.CosineDecay(recipe.learning_rate, steps)
    network.compile(
        optimizer=keras.optimizers.Adam(rate, name="classifier_adam"),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,  # Compiling would take longer than it saves.
    )
    progress = Progress(steps, f"steps of the classifier of {recipe.name}")
    bar = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: progress.reached(int(network.optimizer.iterations))
    )
    for epoch in range(recipe.epochs):
        # Shuffled here, by our own generator, so that one seed gives one classifier.
        order = rng.permutation(len(x))
        network.fit(
            _shifted(x[order], recipe.shift, rng),
            y[order],
            batch_size=recipe.batch_size,
            shuffle=False,
            initial_epoch=epoch,
            epochs=epoch + 1,
            verbose=0,
            callbacks=[bar],
        )


def _shifted(x, reach, rng):
    """Each image moved by up to `reach` pixels along each axis, black at the edges."""
    edge = ((0, 0), (reach, reach), (reach, reach), (0, 0))
    padded = np.pad(x, edge, constant_values=-1)
    top, left = rng.integers(0, 2 * reach + 1, size=(2, len(x), 1))
    rows = (top + np.arange(x.shape[1]))[:, :, None]  # [N, H, 1]
    columns = (left + np.arange(x.shape[2]))[:, None, :]  # [N, 1, W]
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


def _digest(recipe, network, *arrays):
    settings = dataclasses.asdict(recipe) | {"format": 2}
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    digest.update(network.to_json().encode())
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def _read(network, path):
    """Loads the weights and returns their report, or None where there is nothing to load."""
    stored = cache.load(path, "training it again")
    if stored is None:
        return None
    network.set_weights([stored[f"weight_{i}"] for i in range(len(network.weights))])
    return json.loads(str(stored["report"]))
