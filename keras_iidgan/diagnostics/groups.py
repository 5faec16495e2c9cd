"""Groups of real samples: the caller's classes, or clusters where there are none."""

import dataclasses
import warnings
from typing import Any

import numpy as np

from keras_iidgan.diagnostics.samples import as_rows, nearest, some_rows

CLEAR = 0.7  # Mean silhouette from which on clusters are said to be there.
CELLS = 20  # Where they aren't, and each holds _LEAST_CELL samples.
_LEAST_CELL = 20
_MOST = 40
_TRIED_ON = 1000  # Samples that the number of clusters is chosen on.
_DIMS = 32
GOOD = 0.99  # Share of real samples that the scale of their group passes.


@dataclasses.dataclass(frozen=True, eq=False)
class Clusters:
    """Clusters of real samples.

    Attributes:
        means: the fitted `sklearn.cluster.KMeans`.
        silhouette: the mean over samples of (b - a) / max(a, b), a the mean distance to the others
            of the same cluster and b to those of the nearest other one: 1 for points far apart.
        titles: names for them, where somebody knows better ones.
    """

    means: Any
    silhouette: float
    titles: tuple[str, ...] | None = None

    def __len__(self):
        return self.means.n_clusters

    @property
    def clear(self):
        """Whether the data fall into clusters, rather than being cut into cells."""
        return self.silhouette >= CLEAR

    def assign(self, x):
        """Return the nearest cluster of each sample [N, ...]: [N] integers."""
        return self.means.predict(_contiguous(as_rows("x", x)))

    def names(self):
        """Return a name for every cluster; of points it says where the centre is."""
        if self.titles is not None:
            return list(self.titles)
        centers, kind = self.means.cluster_centers_, "cluster" if self.clear else "cell"
        if centers.shape[1] > 3:
            return [f"{kind} {i}" for i in range(len(self))]
        digits = 2 - int(np.floor(np.log10(max(np.abs(centers).max(), 1e-9))))
        rounded = np.round(centers, digits) + 0.0  # Which makes -0 a 0.
        places = (", ".join(f"{value:.3g}" for value in center) for center in rounded)
        return [f"{kind} {i} at ({place})" for i, place in enumerate(places)]


def find_clusters(real, count=None, *, seed=0) -> Clusters:
    """Cluster real samples by k-means, and say whether there are clusters at all.

    Rule for their number: of 2..40 the one of the largest mean silhouette, on at most 1,000 of the
    samples; if that is below 0.7 there are none, and the samples are cut into 20 cells, or fewer so
    that a cell has 20 samples on the average.

    Args:
        real: [N, ...], flattened here; N of at least 4.
        count: number of clusters; None chooses it.
        seed: of k-means and of the samples that the number is chosen on.

    Raises:
        ValueError: `real` isn't finite or has too few rows, or fewer different ones than `count`.

    Reference: Rousseeuw, Silhouettes, 1987.
    """
    real = as_rows("real", real, least=4)
    tried = some_rows(real, _TRIED_ON, seed)
    seen, different = _few_dims(tried, seed), len(np.unique(tried, axis=0))
    if count is None:
        values = {k: _silhouette(seen, k, seed) for k in range(2, min(_MOST, different - 1) + 1)}
        count = max(values, key=values.get, default=1)
        if values.get(count, 0) < CLEAR:
            count = min(CELLS, max(len(real) // _LEAST_CELL, 1), different)
    elif not isinstance(count, int | np.integer) or not 1 <= count <= len(real):
        raise ValueError(f"clusters must be an integer in 1..{len(real)}; got {count!r}")
    silhouette = _silhouette(seen, count, seed) if 2 <= count < different else 0.0
    return Clusters(_means(real, count, seed), silhouette)


def _few_dims(x, seed):
    """Rows by their 32 largest principal components, where they have more values."""
    if x.shape[1] <= _DIMS:
        return x.astype(np.float64)
    from sklearn.decomposition import PCA

    return PCA(min(_DIMS, len(x)), svd_solver="randomized", random_state=seed).fit_transform(x)


def _silhouette(x, count, seed):
    from sklearn.metrics import silhouette_score

    return float(silhouette_score(x, _means(x, count, seed, starts=2).labels_))


def _means(x, count, seed, starts=4):
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning
    from threadpoolctl import threadpool_limits

    # Of several threads the sums would come in any order: the same data would make other clusters.
    with warnings.catch_warnings(), threadpool_limits(1, user_api="openmp"):
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            return KMeans(count, n_init=starts, max_iter=100, random_state=seed).fit(_contiguous(x))
        except ConvergenceWarning:
            raise ValueError(
                f"clusters must be at most the number of different samples; got {count}"
            ) from None


def _contiguous(x):
    return np.ascontiguousarray(x, np.float64 if x.dtype == np.float64 else np.float32)


def group_of_each(real, groups, names, clusters, seed):
    """Return the group of each real sample [N], the groups' names, and the clusters if any.

    Args:
        real: rows [N, d].
        groups: [N] integers of at least 0, or None.
        names: a name for every value of `groups`, or None.
        clusters: `Clusters`, their number, or None; used where `groups` is None.
        seed: of clusters that are made here.
    """
    if groups is None:
        if names is not None:
            raise ValueError("names must be None where groups is; clusters are named here")
        if not isinstance(clusters, Clusters):
            clusters = find_clusters(real, clusters, seed=seed)
        return clusters.assign(real), clusters.names(), clusters
    groups = np.asarray(groups)
    if groups.shape != (len(real),) or not np.issubdtype(groups.dtype, np.integer):
        raise ValueError(
            f"groups must be integers of shape ({len(real)},); got {groups.dtype} of {groups.shape}"
        )
    if groups.min() < 0:
        raise ValueError(f"groups must be at least 0; got {groups.min()}")
    count = int(groups.max()) + 1
    if names is not None and len(names) < count:
        raise ValueError(f"names must have one for each of the {count} groups; got {len(names)}")
    return groups, [str(n) for n in names] if names else [f"group {i}" for i in range(count)], None


def group_scales(real, groups, count, k=1, apart=None):
    """Say how near a sample has to come to be one of a group, without labels or a threshold.

    Formula: s_g = the 0.99 quantile over the samples x_i of group g of the distance from x_i to
    its k-th nearest other real sample. Where that is 0, real samples being repeated, the distances
    are those among the different ones.

    Args:
        real: rows [N, d], N > k.
        groups: [N], the group of each.
        count: number of groups.
        k: neighbours.
        apart: [N] those distances, where they are known already.

    Returns:
        [count] float64; NaN for a group without samples.
    """
    apart = nearest(real, k=k)[0][:, -1] if apart is None else apart
    scales = _quantiles(apart, groups, count)
    if (scales == 0).any():
        different, first = np.unique(real, axis=0, return_index=True)
        if len(different) > k:
            others = _quantiles(nearest(different, k=k)[0][:, -1], groups[first], count)
            scales = np.where(scales == 0, others, scales)
    return scales


def _quantiles(values, groups, count):
    parts = (values[groups == g] for g in range(count))
    return np.array([np.quantile(part, GOOD) if len(part) else np.nan for part in parts])
