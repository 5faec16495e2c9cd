"""Mean and covariance of features that arrive in chunks, in float64."""

import os
import pathlib
import zipfile

import numpy as np


class FeatureMoments:
    """Counts features and accumulates their mean and centred squares.

    Formula, for a chunk of n rows with mean m and centred squares S = sum (x - m)^T (x - m) that
    joins N rows with mean M and squares T:
        M' = M + (m - M) n / (N + n)
        T' = T + S + (m - M)^T (m - M) N n / (N + n)

    Memory doesn't grow with the number of rows. The means are taken out before anything is
    squared, so features far from 0 cost no digits.

    Args:
        dim: D, the number of features.

    Attributes:
        count: rows seen.
        mean: [D] float64, their mean.

    Reference:
        Chan, Golub, LeVeque, Updating Formulae and a Pairwise Algorithm for Computing Sample
        Variances, 1979.
    """

    def __init__(self, dim: int):
        if dim < 1:
            raise ValueError(f"dim must be at least 1; got {dim!r}")
        self.count = 0
        self.mean = np.zeros(dim)
        self._squares = np.zeros((dim, dim))

    @property
    def dim(self) -> int:
        """D, the number of features."""
        return len(self.mean)

    @property
    def covariance(self) -> np.ndarray:
        """The unbiased covariance, [D, D] float64.

        Raises:
            ValueError: fewer than two rows were seen.
        """
        if self.count < 2:
            raise ValueError(f"covariance needs at least 2 rows; got {self.count}")
        return self._squares / (self.count - 1)

    def update(self, features):
        """Adds a chunk of features [N, D]; returns self.

        Raises:
            ValueError: the features have another shape or aren't finite.
        """
        features = np.asarray(features, np.float64)
        if features.ndim != 2 or features.shape[1] != self.dim:
            raise ValueError(f"features must have shape (N, {self.dim}); got {features.shape}")
        if not np.isfinite(features).all():
            raise ValueError("features must be finite; got NaN or infinity")
        if len(features):
            mean = features.mean(axis=0)
            centred = features - mean
            self._join(len(features), mean, centred.T @ centred)
        return self

    def merge(self, other: "FeatureMoments"):
        """Adds the rows that another accumulator has seen; returns self.

        Raises:
            ValueError: it has another number of features.
        """
        if other.dim != self.dim:
            raise ValueError(f"other must have {self.dim} features; got {other.dim}")
        if other.count:
            self._join(other.count, other.mean, other._squares)
        return self

    def _join(self, count, mean, squares):
        total = self.count + count
        shift = mean - self.mean
        self.mean = self.mean + shift * count / total
        self._squares += squares + np.outer(shift, shift) * self.count * count / total
        self.count = total

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns what `of` makes the moments of again: `count`, `mean` and `squares`."""
        return {"count": np.asarray(self.count), "mean": self.mean, "squares": self._squares}

    @classmethod
    def of(cls, count, mean, squares) -> "FeatureMoments":
        """Makes moments of kept arrays.

        Raises:
            ValueError: the arrays don't fit each other.
        """
        found = cls(len(mean))
        found.count, found.mean, found._squares = int(count), mean, squares
        fits = squares.shape == (found.dim, found.dim) and found.count >= 0
        if not (fits and np.isfinite(mean).all() and np.isfinite(squares).all()):
            raise ValueError("count, mean and squares must fit each other and be finite")
        return found

    def save(self, path):
        """Writes the moments to a .npz file: aside, then renamed.

        Raises:
            OSError: the file can't be written; an older one is left as it was.
        """
        path = pathlib.Path(path)
        aside = path.with_name(f".{path.name}.{os.getpid()}.part")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with aside.open("wb") as file:
                np.savez(file, **self.arrays())
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)

    @classmethod
    def load(cls, path) -> "FeatureMoments":
        """Reads moments that `save` wrote.

        Raises:
            ValueError: the file is broken or holds something else.
            OSError: there is no such file.
        """
        try:
            with open(path, "rb") as file, np.load(file) as stored:
                return cls.of(stored["count"], stored["mean"], stored["squares"])
        except (KeyError, ValueError, EOFError, TypeError, zipfile.BadZipFile) as error:
            raise ValueError(f"path must be a file of moments; got {path}: {error}") from None
