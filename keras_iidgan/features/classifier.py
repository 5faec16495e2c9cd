"""The classifier of digits as a backbone: for digits, Inception's features say little."""

import hashlib

import numpy as np

from keras_iidgan.data.digit_modes import CLASSES, DigitModes
from keras_iidgan.features.base import Extractor, Unavailable, softmax


def make(data) -> Extractor:
    """Makes an extractor of the classifier that assigns digits to modes.

    Features are the activations of its last hidden layer, [N, 128]; of a stack those of its
    channels side by side. The class of a stack is its three digits, so its 1,000 probabilities are
    the products of the channels' ones.

    Args:
        data: a `Data` whose `assign` is a `DigitModes`.

    Raises:
        Unavailable: the data have no such classifier.
    """
    if not isinstance(data.assign, DigitModes):
        raise Unavailable(f"the classifier is one of digits, and {data.name} has none")
    import keras

    modes = data.assign
    network = modes.classifier().network
    both = keras.Model(network.inputs[0], [network.get_layer("hidden").output, network.outputs[0]])
    digest = hashlib.sha256(b"hidden and logits")
    for weight in network.get_weights():
        digest.update(weight.tobytes())

    def function(x):
        images, finite = modes.channels(x)
        hidden, logits = (np.array(part) for part in both(images, training=False))
        hidden = hidden.reshape(len(x), -1)
        hidden[~finite] = np.nan
        return hidden, _joint(logits.reshape(len(x), -1, CLASSES))

    # Digits and their stacks share a classifier, and so its name.
    name = f"classifier of {data.name.removeprefix('stacked_')}"
    return Extractor(name, digest.hexdigest()[:16], function, 1024, classes_are_modes=True)


def _joint(logits):
    """Probabilities of all combinations of the channels' classes: [N, channels, K] -> [N, K^c]."""
    shares = softmax(logits)
    joint = shares[:, 0]
    for channel in range(1, shares.shape[1]):
        joint = (joint[:, :, None] * shares[:, channel, None]).reshape(len(joint), -1)
    return joint
