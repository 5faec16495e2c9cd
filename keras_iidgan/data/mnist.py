"""MNIST, Fashion-MNIST, and Stacked MNIST: three random digits as the channels of one image.

Reference:
    LeCun et al., Gradient-based Learning Applied to Document Recognition, 1998.
    Xiao, Rasul, Vollgraf, Fashion-MNIST, 2017.
    Unrolled GAN (Metz et al.), VEEGAN (Srivastava et al.), PacGAN (Lin et al.): Stacked MNIST,
    with 50,000 to 128,000 training images.
"""

import functools

import numpy as np

from keras_iidgan.data import prepared
from keras_iidgan.data.base import Data, Dataset, pixels
from keras_iidgan.data.digit_modes import (
    CHANNELS,
    CLASSES,
    LEAST_CONFIDENCE,
    DigitModes,
    class_shares,
    stack,
    stack_shares,
)

SIDE = 28
SIZES = (28, 32)
STACKS = 50_000
TEST_STACKS = 10_000
_ACCURACY = {"mnist": 0.99, "fashion_mnist": 0.9}


def recipe(name):
    """Returns how the classifier of `mnist` or `fashion_mnist` is made."""
    from keras_iidgan.data import classifier

    shift = 2 if name == "mnist" else 0
    return classifier.Recipe(name, 5, 128, 2e-3, shift, _ACCURACY[name], "about three minutes")


@functools.cache
def _classifier(name, data_dir, folder):
    from keras_iidgan.data import classifier

    parts = [prepared.read(name, split, data_dir) for split in ("train", "test")]
    (x, y), (x_test, y_test) = ((pixels(images), labels) for images, labels in parts)
    return classifier.make(recipe(name), x, y, x_test, y_test, LEAST_CONFIDENCE, folder)


def _modes(name, data_dir, side, channels):
    def classifier():
        from keras_iidgan.data import cache

        return _classifier(name, data_dir, cache.cache_folder())

    return DigitModes((side, side, channels), classifier, margin=(side - SIDE) // 2)


def _widened(images, side):
    """Sets images [N, 28, 28, C] into black ones of `side` pixels."""
    edge = (side - SIDE) // 2
    return np.pad(images, ((0, 0), (edge, edge), (edge, edge), (0, 0)))


def _single(name):
    def build(*, seed, std, size, data_dir, image_size):
        del std
        images, labels = prepared.read(name, "train", data_dir)
        test, _ = prepared.read(name, "test", data_dir)
        if size is not None and size > len(images):
            raise ValueError(f"size must be at most {len(images)} for {name}; got {size}")
        order = np.random.default_rng(seed).permutation(len(images))[:size]
        return Data(
            name=name,
            kind="images",
            train=_widened(images[order], image_size),
            test=pixels(_widened(test, image_size)),
            num_modes=CLASSES,
            assign=_modes(name, data_dir, image_size, 1),
            mode_weights=class_shares(labels),
            labels=labels[order],
        )

    return build


def _stacked(*, seed, std, size, data_dir, image_size):
    del std
    images, labels = prepared.read("mnist", "train", data_dir)
    test, test_labels = prepared.read("mnist", "test", data_dir)
    stacks, modes = stack(np.random.default_rng([seed, 0]), images, labels, size or STACKS)
    test_stacks, _ = stack(np.random.default_rng([seed, 1]), test, test_labels, TEST_STACKS)
    return Data(
        name="stacked_mnist",
        kind="images",
        train=_widened(stacks, image_size),
        test=pixels(_widened(test_stacks, image_size)),
        num_modes=CLASSES**CHANNELS,
        assign=_modes("mnist", data_dir, image_size, CHANNELS),
        mode_weights=stack_shares(labels),
        labels=modes,
    )


DATASETS = {
    "mnist": Dataset(build=_single("mnist"), sizes=SIZES),
    "fashion_mnist": Dataset(build=_single("fashion_mnist"), sizes=SIZES),
    "stacked_mnist": Dataset(build=_stacked, sizes=SIZES),
}
