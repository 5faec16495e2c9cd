"""A look at few samples, cheap enough to be taken while a model trains."""

import numpy as np
from scipy import stats

from keras_iidgan.diagnostics.groups import find_clusters, group_scales
from keras_iidgan.diagnostics.samples import as_rows, nearest
from keras_iidgan.metrics import code_moments

GREEN, AMBER, RED = 0, 1, 2
_DIMENSIONS = 32  # Of the data, that distances are taken in.
_CLUSTERS = 20
_EXPECTED = 30  # Samples of a perfect generator that a group must get to be judged.
_LOST = 0.1  # Of its true share: with less a group is lost.
_SLACK = 2.0
_REPEATED = 0.5  # Share of repeated samples, or of what is lost, from which on it has collapsed.
_FAR = 0.3  # Distance of codes from N(0, I) that matters.


class Glance:
    """Compares few generated samples with as many fixed real ones, group by group.

    A generated sample belongs to the group of the nearest of the N real ones, and is near if it is
    at most r_g from it, r_g being twice the group's scale: the 99 % quantile of what real rows of
    group g are from their nearest other row. With n_g the near ones of M generated samples and w_g
    the share of group g among the real ones:

    Formula:
        coverage         sum_g w_g [n_g >= w_g M / 10], what isn't lost
        coverage_overlap sum_g min(n_g / M, w_g); 1 is perfect, and M draws of the data themselves
                         have near 1 - sum_g sqrt(w_g (1 - w_g) / (2 pi M))
        near             sum_g n_g / M
        repeated         share of generated samples that are nearer to another one than half of what
                         99 % of the real ones are from theirs; less than 0.01 of a perfect one
        codes_mean, codes_covariance   of `metrics.code_moments`
        codes_shift      codes_mean / sqrt(D), D the dimensions of the codes
        codes_radius     sup_t |P(|z|^2 <= t) - P(chi^2_D <= t)|, Kolmogorov's distance
    Those of codes are left out where there are none. Distances are Euclidean, of images in the
    32 principal components of the real ones. So this sees lost modes and repetition, not whether
    pictures are good.

    `collapse` is 2 (red) if half of the data are lost or half of the samples repeated; 1 (amber) if
    any group is lost, or codes_radius or codes_shift reaches 0.3; else 0 (green). A group that a
    perfect generator would be expected to put fewer than 30 of the samples into isn't judged.

    Args:
        real: [N, ...], real rows, at random.
        groups: [N] integers, the mode or class of each row. Without them, or where one of them has
            fewer than 30 rows, the groups are clusters of K-means, one for 60 rows and 20 at most.
        names: the name of each group; without them "group k".
        seed: of the clusters.

    Attributes:
        names: the name of each group that is judged.
        shares: [G], w_g.

    Raises:
        ValueError: `real` has fewer than 60 rows, or isn't finite, or doesn't fit `groups`.

    Reference:
        The shares are those of Richardson and Weiss, On GANs and GMMs, 2018, cut off at a distance
        as in Naeem et al., Reliable Fidelity and Diversity Metrics, 2020.
    """

    def __init__(self, real, groups=None, names=(), seed=0):
        real = as_rows("real", real, least=2 * _EXPECTED)
        if groups is not None and np.shape(groups) != (len(real),):
            raise ValueError(f"groups must be [{len(real)}]; got {np.shape(groups)}")
        self._project = _projection(real, seed)
        self._rows = self._project(real)
        self._groups, self.names = _groups(self._rows, groups, names, seed)
        self.shares = np.bincount(self._groups) / len(real)
        apart = nearest(self._rows)[0][:, 0]
        scales = group_scales(self._rows, self._groups, len(self.shares), apart=apart)
        self._radius = _SLACK * scales
        self._close = np.quantile(apart, 0.01) / 2
        self.samples = len(real)

    def __call__(self, fake, codes=None):
        """Look at samples.

        Args:
            fake: [M, ...], generated; best `samples` of them, for which `repeated` is made.
            codes: [N, D], codes F(x) of real data, or None.

        Returns:
            Dict of the figures above, and `lost`, the names of the groups that are, the largest
            first.

        Raises:
            ValueError: the shapes don't fit.
        """
        fake = np.asarray(fake)
        fake = fake.reshape(len(fake), -1)
        finite = np.isfinite(fake).all(axis=1)
        near = np.zeros(len(self.shares))
        repeated = 1.0
        if finite.sum() > 1:
            rows = self._project(fake[finite])
            near, repeated = self._near(rows), self._repeated(rows)
        expected = self.shares * len(fake)
        lost = (near < _LOST * expected) & (expected >= _EXPECTED)
        figures = {
            "coverage": float(self.shares[~lost].sum()),
            "coverage_overlap": float(np.minimum(near / len(fake), self.shares).sum()),
            "near": float(near.sum() / len(fake)),
            "repeated": repeated,
        }
        figures |= {} if codes is None else _of_codes(codes)
        order = [g for g in np.argsort(-self.shares, kind="stable") if lost[g]]
        return {
            "collapse": light(figures),
            **figures,
            "lost": [self.names[g] for g in order],
        }

    def _near(self, rows):
        apart, found = nearest(self._rows, rows)
        group = self._groups[found[:, 0]]
        near = group[apart[:, 0] <= self._radius[group]]
        return np.bincount(near, minlength=len(self.shares))

    def _repeated(self, rows):
        return float((nearest(rows)[0][:, 0] < self._close).mean())


def light(figures):
    """Return the traffic light of the figures of a `Glance`: 0, 1 or 2."""
    lost = 1 - figures["coverage"]
    if lost >= _REPEATED or figures["repeated"] >= _REPEATED:
        return RED
    far = max(figures.get("codes_radius", 0), figures.get("codes_shift", 0))
    # The shares that are left may sum to 1 - 1e-16.
    return AMBER if lost > 1e-9 or not far < _FAR else GREEN


def _of_codes(codes):
    codes = np.asarray(codes, np.float64)
    codes = codes.reshape(len(codes), -1)
    if not np.isfinite(codes).all():
        return {"codes_radius": 1.0}  # As far as can be; the others have no value.
    dim = codes.shape[1]
    radius = stats.kstest(np.square(codes).sum(axis=1), stats.chi2(dim).cdf).statistic
    moments = code_moments(codes)
    return moments | {
        "codes_shift": moments["codes_mean"] / np.sqrt(dim),
        "codes_radius": float(radius),
    }


def _projection(real, seed):
    """Return a function from rows to few coordinates that keep the distances of the real ones."""
    if real.shape[1] <= _DIMENSIONS:
        return lambda rows: rows.astype(np.float64)
    from sklearn.decomposition import PCA

    components = min(_DIMENSIONS, len(real) - 1)
    return PCA(components, svd_solver="randomized", random_state=seed).fit(real).transform


def _groups(rows, groups, names, seed):
    """Return the group of each row, 0 to G - 1, and the groups' names."""
    if groups is not None:
        known, places = np.unique(groups, return_inverse=True)
        if np.bincount(places).min() >= _EXPECTED:
            return places, [names[k] if len(names) > k else f"group {k}" for k in known]
    # A number of clusters that is chosen would take many times as long.
    count = min(_CLUSTERS, len(rows) // (2 * _EXPECTED), len(np.unique(rows, axis=0)))
    clusters = find_clusters(rows, count, seed=seed)
    known, places = np.unique(clusters.assign(rows), return_inverse=True)
    return places, [clusters.names()[k] for k in known]
