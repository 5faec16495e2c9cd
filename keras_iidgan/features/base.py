"""What a feature extractor is."""

import dataclasses
import hashlib
import pathlib
from collections.abc import Callable

import numpy as np


class Unavailable(Exception):
    """A feature extractor that can't be had here; the message is a sentence that says why."""


@dataclasses.dataclass(frozen=True)
class Extractor:
    """A network from images to features.

    Attributes:
        name: what it is called beside the figures that rest on it.
        digest: of its weights; tells apart what is kept of its features.
        apply: from float32 images [n, H, W, C] in [-1, 1] to features [n, D], and class
            probabilities [n, K] or None.
        batch_size: images that `apply` is given at a time.
    """

    name: str
    digest: str
    apply: Callable
    batch_size: int = 256

    def __call__(self, x):
        """Map images [N, H, W, C] to features [N, D] float32 and probabilities [N, K] or None.

        Raises:
            Unavailable: an image isn't finite, or what the network puts out are no features.
        """
        if not np.isfinite(x).all():
            raise Unavailable("images must be finite to have features; got NaN or infinity")
        parts = [self.apply(x[i : i + self.batch_size]) for i in range(0, len(x), self.batch_size)]
        features = self._joined("features", "D", [f for f, _ in parts], len(x), np.float32)
        if parts[0][1] is None:
            return features, None
        return features, self._joined(
            "probabilities", "K", [p for _, p in parts], len(x), np.float64
        )

    def _joined(self, what, columns, parts, count, dtype):
        """Put the outputs of batches together, if they are what is asked for."""
        parts = [np.asarray(part) for part in parts]
        for part in parts:
            if part.ndim != 2 or not np.issubdtype(part.dtype, np.number):
                raise Unavailable(
                    f"{self.name} must give {what} as numbers [N, {columns}]; got {part.dtype} of "
                    f"shape {list(part.shape)}"
                )
            if not np.isfinite(part).all():
                raise Unavailable(f"{self.name} must give finite {what}; got some that aren't")
        found = np.concatenate(parts).astype(dtype, copy=False)
        if len(found) != count:
            raise Unavailable(f"{self.name} must give {count} rows of {what}; got {len(found)}")
        return found


def digest_of(path) -> str:
    """Return a hash of the content of a file, or of all files below a folder."""
    path, digest = pathlib.Path(path), hashlib.sha256()
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    for file in files:
        digest.update(str(file.relative_to(path)).encode())
        with file.open("rb") as content:
            while part := content.read(1 << 20):
                digest.update(part)
    return digest.hexdigest()[:16]
