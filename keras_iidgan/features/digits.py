"""The classifier of digits as a feature extractor, channel by channel for stacks."""

import hashlib

import numpy as np

from keras_iidgan.features.base import Extractor


def extractor(assign) -> Extractor:
    """Return the classifier of a data set of digits; it is made if need be.

    Features are the values of its last hidden layer, those of the channels of a stack side by
    side. The probability of a stack is the product of those of its channels: K is 10 or 1,000.

    Args:
        assign: a `data.digit_modes.DigitModes`.
    """
    digest = hashlib.sha256()
    for weight in assign.classifier().network.get_weights():
        digest.update(np.ascontiguousarray(weight).tobytes())
    return Extractor("classifier of digits", digest.hexdigest()[:16], assign.class_features)
