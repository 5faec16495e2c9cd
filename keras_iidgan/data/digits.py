"""Real 8x8 handwritten digits without a download, alone and stacked three deep.

scikit-learn carries the 1,797 digits with it. A stack is three of them as the channels of a colour
image, which makes 1,000 modes, as Stacked MNIST does with larger digits.

Reference:
    Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI repository, 1998.
    Unrolled GAN (Metz et al.), VEEGAN (Srivastava et al.): Stacked MNIST.
"""

import functools

import numpy as np

from keras_iidgan.data.base import Assignment, Data, Dataset

CLASSES = 10
CHANNELS = 3
STACKS = 50_000
TEST_STACKS = 10_000
TEST_EVERY = 5
# IID-GAN's protocol on MNIST: less certain than this is an eleventh class, "bad".
LEAST_CONFIDENCE = 0.75


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
    images = (images.reshape(-1, 8, 8, 1) / 8 - 1).astype(np.float32)  # From 0..16.
    labels = labels.astype(np.int32)
    rank = np.zeros(len(labels), int)  # Of an image within its class.
    for digit in range(CLASSES):
        rank[labels == digit] = np.arange((labels == digit).sum())
    test = rank % TEST_EVERY == 0
    return (images[~test], labels[~test]), (images[test], labels[test])


class DigitModes:
    """Assigns images of digits, alone or stacked, to modes by a classifier.

    The mode of one digit is its class; of a stack 100 r + 10 g + b. A sample is good if the
    classifier gives every channel's class a probability of at least 0.75. The classifier is
    made at the first call, not before.

    Args:
        channels: 1, or 3 for stacks.

    Reference:
        IID-GAN, section 5.2 (MNIST with a class for bad samples).
    """

    def __init__(self, channels: int):
        self.channels = channels

    def __call__(self, x) -> Assignment:
        """Assigns samples to modes.

        Args:
            x: [N, 8, 8, channels] in [-1, 1]. A sample that isn't finite is bad with mode -1.

        Returns:
            `Assignment` with `confidence`, the smallest over the channels.

        Raises:
            ValueError: `x` has another shape.
        """
        x = np.asarray(x, np.float32)
        if x.ndim != 4 or x.shape[1:] != (8, 8, self.channels):
            raise ValueError(f"x must have shape (N, 8, 8, {self.channels}); got {x.shape}")
        finite = np.isfinite(x).all(axis=(1, 2, 3))
        images = np.where(finite[:, None, None, None], x, 0)
        images = np.moveaxis(images, -1, 1).reshape(-1, 8, 8, 1)  # [N * channels, 8, 8, 1]
        shares = _classifier()(images).reshape(-1, self.channels, CLASSES)
        place = CLASSES ** np.arange(self.channels)[::-1]
        mode = np.where(finite, shares.argmax(axis=-1) @ place, -1).astype(np.int32)
        confidence = np.where(finite, shares.max(axis=-1).min(axis=-1), 0).astype(np.float64)
        return Assignment(mode, confidence >= LEAST_CONFIDENCE, confidence=confidence)

    def report(self) -> dict[str, float]:
        """How good the classifier itself is; makes it if need be.

        Returns:
            `test_accuracy` and `test_high_quality` (share that is good) on the single test
            digits, and `train_images` and `test_images`, their numbers.
        """
        return _classifier().report


def _classifier():
    from keras_iidgan.data import classifier

    return _cached_classifier(classifier.cache_folder())


@functools.cache
def _cached_classifier(folder):
    from keras_iidgan.data import classifier

    (train, labels), (test, test_labels) = split()
    return classifier.make(train, labels, test, test_labels, LEAST_CONFIDENCE, folder)


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
        assign=DigitModes(1),
        mode_weights=_class_shares(labels),
        labels=labels[order],
    )


def _stacked_digits(*, seed, std, size, data_dir):
    del std, data_dir
    (train, labels), (test, test_labels) = split()
    shares = _class_shares(labels)
    stacks, modes = _stack(np.random.default_rng([seed, 0]), train, labels, size or STACKS)
    test_stacks, _ = _stack(np.random.default_rng([seed, 1]), test, test_labels, TEST_STACKS)
    return Data(
        name="stacked_digits",
        kind="images",
        train=stacks,
        test=test_stacks,
        num_modes=CLASSES**CHANNELS,
        assign=DigitModes(CHANNELS),
        mode_weights=np.einsum("i,j,k->ijk", shares, shares, shares).ravel(),
        labels=modes,
    )


def _class_shares(labels):
    return np.bincount(labels, minlength=CLASSES) / len(labels)


def _stack(rng, images, labels, size):
    chosen = rng.integers(len(images), size=(size, CHANNELS))
    stacks = np.moveaxis(images[chosen, :, :, 0], 1, -1)  # [size, 8, 8, 3]
    modes = labels[chosen] @ np.array([100, 10, 1], np.int32)
    return np.ascontiguousarray(stacks), modes.astype(np.int32)


DATASETS = {
    "digits": Dataset(build=_digits),
    "stacked_digits": Dataset(build=_stacked_digits),
}
