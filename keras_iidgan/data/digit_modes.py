"""The modes of digits and of their stacks, as a classifier sees them."""

from collections.abc import Callable

import numpy as np

from keras_iidgan.data.base import Assignment, pixels

CLASSES = 10
CHANNELS = 3
# IID-GAN's protocol on MNIST: less certain than this is an eleventh class, "bad".
LEAST_CONFIDENCE = 0.75


class DigitModes:
    """Assigns images of digits, alone or stacked, to modes by a classifier.

    The mode of one digit is its class; of a stack 100 r + 10 g + b. A sample is good if the
    classifier gives every channel's class a probability of at least 0.75. The classifier is
    made at the first call, not before.

    Args:
        shape: (H, W, channels) of a sample; channels are 1, or 3 for stacks.
        classifier: a function without arguments that returns a `classifier.Classifier`.
        margin: pixels at each edge that the classifier doesn't see.

    Reference:
        IID-GAN, section 5.2 (MNIST with a class for bad samples).
    """

    def __init__(self, shape: tuple[int, int, int], classifier: Callable, margin: int = 0):
        self.shape = shape
        self.classifier = classifier
        self.margin = margin

    def __call__(self, x) -> Assignment:
        """Assigns samples to modes.

        Args:
            x: [N, *shape], float in [-1, 1] or uint8. A sample that isn't finite is bad with mode
                -1.

        Returns:
            `Assignment` with `confidence`, the smallest over the channels.

        Raises:
            ValueError: `x` has another shape.
        """
        x = pixels(np.asarray(x))
        if x.ndim != 4 or x.shape[1:] != self.shape:
            expected = ", ".join(map(str, self.shape))
            raise ValueError(f"x must have shape (N, {expected}); got {x.shape}")
        finite = np.isfinite(x).all(axis=(1, 2, 3))
        shares = self.classifier()(self._channels(x, finite))
        shares = shares.reshape(len(x), self.shape[-1], CLASSES)
        place = CLASSES ** np.arange(self.shape[-1])[::-1]
        mode = np.where(finite, shares.argmax(axis=-1) @ place, -1).astype(np.int32)
        confidence = np.where(finite, shares.max(axis=-1).min(axis=-1), 0).astype(np.float64)
        return Assignment(mode, confidence >= LEAST_CONFIDENCE, confidence=confidence)

    def class_features(self, x):
        """What the classifier sees in samples.

        Args:
            x: as of `__call__`, finite.

        Returns:
            The values of its last hidden layer, those of the channels side by side, [N, D]
            float32, and the probabilities of the modes, [N, K] float64.
        """
        x = pixels(np.asarray(x))
        channels = self._channels(x, np.ones(len(x), bool))
        features, shares = self.classifier().features(channels)
        shares = shares.reshape(len(x), self.shape[-1], CLASSES)
        modes = shares[:, 0]
        for channel in range(1, self.shape[-1]):
            modes = (modes[:, :, None] * shares[:, None, channel]).reshape(len(x), -1)
        return features.reshape(len(x), -1), modes

    def _channels(self, x, finite):
        """Every channel as an image of its own, without its margin: [N * channels, h, w, 1]."""
        height, width, _ = self.shape
        images = np.where(finite[:, None, None, None], x, 0)
        edge = self.margin
        images = images[:, edge : height - edge, edge : width - edge]
        return np.moveaxis(images, -1, 1).reshape(-1, *images.shape[1:3], 1)

    def report(self) -> dict[str, float]:
        """How good the classifier itself is; makes it if need be.

        Returns:
            `test_accuracy` and `test_high_quality` (share that is good) on the single test
            images, and `train_images` and `test_images`, their numbers.
        """
        return self.classifier().report


def class_shares(labels) -> np.ndarray:
    """Returns the share of each class among labels [N]: [10] float64."""
    return np.bincount(labels, minlength=CLASSES) / len(labels)


def stack_shares(labels) -> np.ndarray:
    """Returns the share of each of the 1,000 stacks drawn from images of these labels: [1000]."""
    shares = class_shares(labels)
    return np.einsum("i,j,k->ijk", shares, shares, shares).ravel()


def stack(rng, images, labels, size: int):
    """Draws stacks of three images as the channels of a colour image.

    Args:
        rng: NumPy generator.
        images: [N, H, W, 1].
        labels: [N] int32 in 0..9.
        size: number of stacks.

    Returns:
        [size, H, W, 3] of the images' dtype, and their modes [size] int32.
    """
    chosen = rng.integers(len(images), size=(size, CHANNELS))
    stacks = np.moveaxis(images[chosen, :, :, 0], 1, -1)
    modes = labels[chosen] @ np.array([100, 10, 1], np.int32)
    return np.ascontiguousarray(stacks), modes.astype(np.int32)
