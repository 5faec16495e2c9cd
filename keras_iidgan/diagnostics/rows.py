"""Which rows of the codes each test gets."""

import dataclasses
import functools

import numpy as np

MINIMUM = 30  # Rows: with fewer, the limit laws of the tests of order don't hold.
PAIR_ROWS = 1_000  # For what goes through all pairs of rows: time grows with their square.
FLAT = 1e-6  # Variance up to which a direction counts as flat; float32 networks tell no less.


@dataclasses.dataclass(frozen=True)
class Codes:
    """Codes, and the fixed subsamples that p-values come from.

    With enough rows every test rejects, so tests get a subsample of a size that doesn't grow with
    the data. What says how large a departure is gets all rows wherever that is affordable.

    Attributes:
        all: the codes [N, M], float64.
        seed: of the subsample, and of whatever is simulated.
        size: the most rows of a subsample.
    """

    all: np.ndarray
    seed: int
    size: int

    @functools.cached_property
    def few(self):
        """A random subsample [n, M] in random order."""
        count = min(len(self.all), self.size)
        rng = np.random.default_rng([self.seed, len(self.all)])
        return self.all[rng.choice(len(self.all), count, replace=False)]

    @property
    def pairs(self):
        """The rows of `few` that tests over all pairs of rows get."""
        return self.few[:PAIR_ROWS]

    @property
    def first(self):
        """The first rows, in the order that they came in."""
        return self.all[: self.size]

    @functools.cached_property
    def constant(self):
        """Indices of the dimensions that hardly vary."""
        return np.flatnonzero(self.all.var(axis=0) < FLAT)

    def said(self, rows, effect_of_all=True):
        """Return the words that say which rows a finding is of."""
        n, total = len(rows), len(self.all)
        if n == total:
            return f"of all {total:,} rows"
        which = "the first" if np.shares_memory(rows, self.all) else "random"
        words = f"p-value from {which} {n:,} of {total:,} rows"
        return words if effect_of_all else words + ", effect too"


def check_codes(z):
    """Return codes as float64 [N, M], or say what is wrong with them.

    Raises:
        ValueError: `z` isn't a matrix, isn't finite or has fewer than 30 rows. Values beyond the
            range of float32 count as infinite.
    """
    z = np.asarray(z)
    if z.ndim != 2 or not z.shape[1] or z.dtype.kind not in "fiu":
        raise ValueError(
            f"z must be real codes of shape [N, M], M >= 1; got {z.dtype} of shape {z.shape}"
        )
    if len(z) < MINIMUM:
        raise ValueError(f"z must have at least {MINIMUM} rows; got {len(z)}")
    bad = ~(np.abs(z) <= np.finfo(np.float32).max).all(axis=1)
    if bad.any():
        raise ValueError(
            f"z must be finite; got NaN or infinity in {bad.sum():,} of {len(z):,} rows, "
            f"the first of them row {bad.argmax()}"
        )
    return z.astype(np.float64)


def listed(indices, most=5):
    """Return the words for some dimensions: 'dimensions 0, 3 and 7 more'."""
    shown = ", ".join(str(int(i)) for i in indices[:most])
    more = f" and {len(indices) - most} more" if len(indices) > most else ""
    return f"dimension{'s' if len(indices) > 1 else ''} {shown}{more}"


def holm(p_values):
    """Return p-values after Holm's correction for their number.

    Formula:
        p_(k)' = max_{j <= k} min(1, (m - j + 1) p_(j)) of the sorted p_(1) <= ... <= p_(m)

    Reference: Holm, A simple sequentially rejective multiple test procedure, 1979.
    """
    p_values = np.asarray(p_values, np.float64)
    order = np.argsort(p_values, kind="stable")
    steps = p_values[order] * np.arange(len(p_values), 0, -1)
    corrected = np.empty_like(p_values)
    corrected[order] = np.minimum(1, np.maximum.accumulate(steps))
    return corrected
