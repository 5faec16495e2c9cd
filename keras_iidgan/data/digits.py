"""Real 8x8 handwritten digits without a download, alone and stacked three deep.

scikit-learn carries the 1,797 digits with it. A stack is three of them as the channels of a colour
image, which makes 1,000 modes, as Stacked MNIST does with larger digits.

Reference:
    Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI repository, 1998.
    Unrolled GAN (Metz et al.), VEEGAN (Srivastava et al.): Stacked MNIST.
"""

import functools

import numpy as np

from keras_iidgan.data.base import Data, Dataset
from keras_iidgan.data.digit_modes import (
    CHANNELS,
    CLASSES,
    LEAST_CONFIDENCE,
    DigitModes,
    class_shares,
    stack,
    stack_shares,
)

STACKS = 50_000
TEST_STACKS = 10_000
TEST_EVERY = 5
SIDE = 8


@functools.cache
def split():
    """Reads the digits and splits them, always alike and evenly over the classes.

    Every fifth digit of a class is a test image.

    Returns:
        (train [1433, 8, 8, 1] float32 in [-1, 1], labels [1433] int32) and the same of the 364
        test images.
    """
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    images = (images.reshape(-1, SIDE, SIDE, 1) / 8 - 1).astype(np.float32)  # From 0..16.
    labels = labels.astype(np.int32)
    rank = np.zeros(len(labels), int)  # Of an image within its class.
    for digit in range(CLASSES):
        rank[labels == digit] = np.arange((labels == digit).sum())
    test = rank % TEST_EVERY == 0
    return (images[~test], labels[~test]), (images[test], labels[test])


def recipe():
    """Returns how the classifier of these digits is made."""
    from keras_iidgan.data import classifier

    return classifier.Recipe("digits", 40, 64, 2e-3, 1, 0.98, "about 10 s")


def _classifier():
    from keras_iidgan.data import cache

    return _cached_classifier(cache.cache_folder())


@functools.cache
def _cached_classifier(folder):
    from keras_iidgan.data import classifier

    (train, labels), (test, test_labels) = split()
    return classifier.make(recipe(), train, labels, test, test_labels, LEAST_CONFIDENCE, folder)


def _digits(*, seed, std, size, data_dir):
    del std, data_dir
    (train, labels), (test, _) = split()
    if size is not None and size > len(train):
        raise ValueError(f"size must be at most {len(train)} for digits; got {size}")
    order = np.random.default_rng(seed).permutation(len(train))[:size]
    return Data(
        name="digits",
        kind="images",
        train=train[order],
        test=test,
        num_modes=CLASSES,
        assign=DigitModes((SIDE, SIDE, 1), _classifier),
        mode_weights=class_shares(labels),
        labels=labels[order],
    )


def _stacked_digits(*, seed, std, size, data_dir):
    del std, data_dir
    (train, labels), (test, test_labels) = split()
    stacks, modes = stack(np.random.default_rng([seed, 0]), train, labels, size or STACKS)
    test_stacks, _ = stack(np.random.default_rng([seed, 1]), test, test_labels, TEST_STACKS)
    return Data(
        name="stacked_digits",
        kind="images",
        train=stacks,
        test=test_stacks,
        num_modes=CLASSES**CHANNELS,
        assign=DigitModes((SIDE, SIDE, CHANNELS), _classifier),
        mode_weights=stack_shares(labels),
        labels=modes,
    )


DATASETS = {
    "digits": Dataset(build=_digits),
    "stacked_digits": Dataset(build=_stacked_digits),
}
