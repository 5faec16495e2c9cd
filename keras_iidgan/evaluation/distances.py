"""How far samples are from the training images: FID, KID, neighbourhoods and cells."""

from keras_iidgan import metrics
from keras_iidgan.evaluation import reference
from keras_iidgan.evaluation.base import Collector, FirstRows, OfFeatures


class FID(OfFeatures):
    """`metrics.fid` of all samples against all training images."""

    def __init__(self, setting):
        super().__init__(setting)
        self.reference = setting.reference.moments
        self.moments = metrics.FeatureMoments(self.reference.dim)

    def update(self, chunk):
        """Adds samples."""
        self.moments.update(chunk.features)

    def result(self):
        """Returns the figures."""
        return metrics.fid(self.moments, self.reference)


class _OfFirstRows(OfFeatures):
    def __init__(self, setting):
        super().__init__(setting)
        self.reference = setting.reference.rows
        self.first = FirstRows()

    def update(self, chunk):
        """Adds samples."""
        self.first.update(chunk.features)


class KID(_OfFirstRows):
    """`metrics.kid` of the first samples against as many training images, 10,000 at most."""

    def result(self):
        """Returns the figures."""
        found = metrics.kid(self.first.rows(), self.reference)
        return found | {"kid_reference_samples": float(len(self.reference))}


class Neighbours(_OfFirstRows):
    """`metrics.neighbour_figures` of the first samples and as many training images as of KID."""

    def result(self):
        """Returns the figures."""
        rows = self.first.rows()
        found = metrics.neighbour_figures(rows, self.reference)
        return found | {
            "neighbours_samples": float(len(rows)),
            "neighbours_reference_samples": float(len(self.reference)),
        }


class Cells(Collector):
    """JSD and NDB of `metrics.NearestBins`, of the samples themselves: no backbone is needed."""

    def __init__(self, setting):
        super().__init__(setting)
        self.bins = reference.bins(setting.data)
        self.counts = 0

    def update(self, chunk):
        """Adds samples."""
        self.counts = self.counts + self.bins.counts(chunk.x)

    def result(self):
        """Returns the figures."""
        return metrics.bin_figures(self.bins.train_counts, self.counts)

    def protocol(self):
        """Returns what they were measured with."""
        return {"bins_reference_samples": int(self.bins.train_counts.sum())}
