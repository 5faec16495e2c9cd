"""What makes numbers of images: the backbone of FID, KID and the Inception Score."""

import dataclasses
import hashlib
from collections.abc import Callable

import numpy as np


class Unavailable(Exception):
    """Features, or a figure, that can't be had here; the message says why, in one sentence."""


@dataclasses.dataclass(frozen=True)
class Extractor:
    """Features and class probabilities of images, by one backbone.

    Attributes:
        name: the backbone's name. Figures of different backbones can't be compared.
        digest: hash of the backbone's content.
        function: x [n, H, W, C] float32 in [-1, 1] -> (features [n, D], probabilities [n, K] or
            None), for n of `batch_size` at most.
        batch_size: images that go through the backbone at a time.
        classes_are_modes: whether its k-th class is the k-th mode of the data.
    """

    name: str
    digest: str
    function: Callable
    batch_size: int = 64
    classes_are_modes: bool = False

    def __call__(self, x):
        """Maps images.

        Args:
            x: [N >= 1, H, W, C], N of any size, float in [-1, 1].

        Returns:
            Features [N, D] float32, and probabilities [N, K] float64 or None.

        Raises:
            Unavailable: the backbone can't take such images, or gives something else.
        """
        parts = [self._part(x[i : i + self.batch_size]) for i in range(0, len(x), self.batch_size)]
        features, probabilities = zip(*parts, strict=True)
        if probabilities[0] is None:
            return np.concatenate(features), None
        return np.concatenate(features), np.concatenate(probabilities)

    def _part(self, x):
        features, probabilities = self.function(np.asarray(x, np.float32))
        features = np.asarray(features, np.float32)
        _check(self.name, "features", features, len(x))
        if probabilities is not None:
            probabilities = np.asarray(probabilities, np.float64)
            _check(self.name, "probabilities", probabilities, len(x))
        return features, probabilities


def _check(name, what, found, rows):
    if found.ndim != 2 or len(found) != rows:
        raise Unavailable(
            f"{name} must give {what} of shape ({rows}, D) for {rows} images; got {found.shape}"
        )


def digest_of_files(path) -> str:
    """Returns a hash of a file, or of the names and contents of the files in a folder."""
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    digest = hashlib.sha256()
    for file in files:
        size = file.stat().st_size
        digest.update(f"{file.relative_to(path) if file != path else ''} {size}\n".encode())
        with file.open("rb") as content:
            while block := content.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()[:16]


def softmax(logits):
    """Returns probabilities [..., K] float64 of logits."""
    from scipy import special

    return special.softmax(logits.astype(np.float64), axis=-1)


def fitted(x, height: int | None, width: int | None, channels: int | None):
    """Brings images to a backbone's size and channels.

    Args:
        x: [n, H, W, C].
        height: H that is wanted; None leaves it.
        width: W that is wanted.
        channels: C that is wanted; grey images are repeated.

    Returns:
        A tensor. Pixels are interpolated bilinearly as TensorFlow 1 did, without aligned corners
        or centres, which is how the Inception network of the printed figures was fed.

    Raises:
        Unavailable: the channels don't fit.
    """
    import tensorflow as tf

    if channels not in (None, x.shape[-1]):
        if x.shape[-1] != 1:
            raise Unavailable(
                f"the backbone takes images of {channels} channels; got {x.shape[-1]}"
            )
        x = np.repeat(x, channels, axis=-1)
    size = [height or x.shape[1], width or x.shape[2]]
    if size == [*x.shape[1:3]]:
        return tf.convert_to_tensor(x)
    return tf.compat.v1.image.resize_bilinear(x, size)
