"""How generated samples fall into the cells of real ones: JSD and NDB."""

import warnings

import numpy as np
from scipy import special, stats

SIGNIFICANCE = 0.05
_MANY_DIMS = 1000
_CHUNK = 1000  # Rows that exist as float32 or float64 at a time.


class NearestBins:
    """Cells of the training data, and how evenly other samples fill them.

    K-means makes K cells of the training samples. With p_k and q_k the shares of the N_p training
    samples and of the N_q given ones whose nearest centre is k, and pooled shares
    m_k = (N_p p_k + N_q q_k) / (N_p + N_q):

    Formula:
        jsd        1/2 KL(p || (p+q)/2) + 1/2 KL(q || (p+q)/2), natural logarithm; at most log 2
        ndb        number of cells with |p_k - q_k| > z sqrt(m_k (1 - m_k) (1/N_p + 1/N_q)), z the
                   two-sided quantile of level 0.05: "statistically different bins"
        ndb_share  ndb / K
        jsd_floor  (K - 1) (1/N_p + 1/N_q) / 8, a perfect sampler's mean to the first order
        ndb_floor  0.05 K, a perfect sampler's mean
    The cells are made of the training samples, which fill them a little more evenly than any
    others do, so a perfect sampler lies a little above the floors where cells hold few samples.

    Args:
        train: training samples [N_p, ...], flattened here.
        num_bins: K.
        seed: of K-means, and of the choice of dimensions.
        whiten: whether each dimension is divided by its standard deviation; the paper does it for
            CelebA, not for MNIST.
        convert: applied to chunks of `train` first, where these are stored in other units than
            the samples that are given later.

    Raises:
        ValueError: fewer different samples than bins, or values that aren't finite.

    Reference:
        Richardson and Weiss, On GANs and GMMs, 2018: K = 100, and K-means on a random sixth of
        the dimensions where there are more than 1,000.
    """

    def __init__(
        self, train, num_bins: int = 100, *, seed: int = 0, whiten: bool = False, convert=np.asarray
    ):
        train = np.asarray(train)
        if train.ndim < 2 or not len(train):
            raise ValueError(f"train must have shape (N >= 1, ...); got {train.shape}")
        if not 2 <= num_bins <= len(train):
            raise ValueError(f"num_bins must be in 2..{len(train)}; got {num_bins!r}")
        dims = int(np.prod(train.shape[1:]))
        chosen = np.arange(dims)
        if dims > _MANY_DIMS:
            chosen = np.random.default_rng(seed).permutation(dims)[: dims // 6]
        self._dims, self._chosen = dims, np.sort(chosen)
        self._scale = np.ones(len(chosen), np.float32)
        x = np.concatenate([self._place(part) for part in _chunks(train, convert)])
        if whiten:
            deviation = x.std(axis=0)
            self._scale = np.where(deviation > 0, deviation, 1)
            x /= self._scale
        self._centers = _centers(x, num_bins, seed)
        self.train_counts = self._count(x)
        if not self.train_counts.all():
            raise ValueError(
                f"train must have at least num_bins = {num_bins} rows that differ; "
                f"got {len(np.unique(x, axis=0))}"
            )

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns what `from_arrays` makes the same cells of."""
        return {
            "dims": np.int64(self._dims),
            "chosen": self._chosen,
            "scale": self._scale,
            "centers": self._centers,
            "train_counts": self.train_counts,
        }

    @classmethod
    def from_arrays(cls, arrays) -> "NearestBins":
        """Makes cells of `arrays()`.

        Raises:
            ValueError: the arrays are missing or don't fit each other.
        """
        found = cls.__new__(cls)
        try:
            found._dims = int(arrays["dims"])
            found._chosen, found._scale = arrays["chosen"], arrays["scale"]
            found._centers, found.train_counts = arrays["centers"], arrays["train_counts"]
        except KeyError as error:
            raise ValueError(f"arrays must be those of cells; got no {error}") from None
        if found._centers.shape != (*found.train_counts.shape, *found._chosen.shape):
            raise ValueError("arrays must fit each other")
        return found

    def counts(self, x) -> np.ndarray:
        """Returns how many of the samples [N, ...] fall into each cell: [K] integers.

        Counts of chunks add up to those of all samples, for sets that don't fit into memory.
        """
        return sum(self._count(self._place(part)) for part in _chunks(x))

    def _place(self, x):
        """The chosen dimensions of rows, scaled: float32 [n, d]."""
        if x.shape[1] != self._dims:
            raise ValueError(f"x must have {self._dims} values a sample; got {x.shape[1]}")
        return x[:, self._chosen] / self._scale

    def _count(self, x):
        centers = self._centers
        squares = np.square(centers).sum(axis=1)
        cells = [
            (squares - 2 * (x[i : i + _CHUNK].astype(np.float64) @ centers.T)).argmin(axis=1)
            for i in range(0, len(x), _CHUNK)
        ]
        return np.bincount(np.concatenate(cells), minlength=len(centers))

    def __call__(self, x) -> dict[str, float]:
        """Returns the figures above, and `bins` = K and `bins_samples` = N_q, for samples."""
        return bin_figures(self.train_counts, self.counts(x))


def bin_figures(train_counts, counts) -> dict[str, float]:
    """Returns the figures of `NearestBins` for counts per cell, [K] each.

    Raises:
        ValueError: the counts don't fit each other, are negative or sum to 0.
    """
    train_counts, counts = (np.asarray(c, np.float64) for c in (train_counts, counts))
    if train_counts.shape != counts.shape or counts.ndim != 1:
        raise ValueError(
            f"counts must be [K] as train_counts are, {train_counts.shape}; got {counts.shape}"
        )
    sizes = train_counts.sum(), counts.sum()
    if min(sizes) <= 0 or min(train_counts.min(), counts.min()) < 0:
        raise ValueError(f"counts must be non-negative and not all 0; got sums of {sizes}")
    p, q = train_counts / sizes[0], counts / sizes[1]
    middle, pooled = (p + q) / 2, (train_counts + counts) / sum(sizes)
    rate = 1 / sizes[0] + 1 / sizes[1]
    error = np.sqrt(pooled * (1 - pooled) * rate)
    different = np.abs(p - q) > stats.norm.isf(SIGNIFICANCE / 2) * error
    bins = len(p)
    return {
        "jsd": float(special.rel_entr(p, middle).sum() + special.rel_entr(q, middle).sum()) / 2,
        "jsd_floor": float((bins - 1) * rate / 8),
        "ndb": float(different.sum()),
        "ndb_share": float(different.mean()),
        "ndb_floor": SIGNIFICANCE * bins,
        "bins": float(bins),
        "bins_samples": float(sizes[1]),
    }


def _centers(x, num_bins, seed):
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    means = KMeans(num_bins, n_init=3, max_iter=100, random_state=seed)
    # Of several threads the sums would come in any order: the same data would make other cells.
    with warnings.catch_warnings(), threadpool_limits(1, user_api="openmp"):
        warnings.simplefilter("ignore")  # What it would say is said as an error.
        return means.fit(x).cluster_centers_.astype(np.float64)


def _chunks(x, convert=None):
    """Flat float32 chunks of rows, checked."""
    x = np.asarray(x)
    name = "x" if convert is None else "train"
    if x.ndim < 2 or not len(x):
        raise ValueError(f"{name} must have shape (N >= 1, ...); got {x.shape}")
    for start in range(0, len(x), _CHUNK):
        part = x[start : start + _CHUNK]
        part = np.asarray(convert(part) if convert else part, np.float32)
        if not np.isfinite(part).all():
            raise ValueError(f"{name} must be finite; got NaN or infinity")
        yield part.reshape(len(part), -1)
