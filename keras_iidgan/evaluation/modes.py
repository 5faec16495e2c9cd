"""Which modes samples cover, how well and how evenly; and how well the data are inverted."""

import numpy as np

from keras_iidgan import metrics
from keras_iidgan.data.digit_modes import LEAST_CONFIDENCE, DigitModes
from keras_iidgan.evaluation.base import Collector
from keras_iidgan.features import Unavailable


class _OfModes(Collector):
    def __init__(self, setting):
        super().__init__(setting)
        data = setting.data
        if not data.num_modes:
            raise Unavailable(f"nobody can say which mode a sample of {data.name} belongs to")
        self.counts = metrics.ModeCounts(data.num_modes)
        self.dim = data.shape[0] if data.kind == "points" else None

    def update(self, chunk):
        """Adds samples."""
        self.counts.update(chunk.assignment.mode, chunk.assignment.good)

    def figures(self):
        return self.counts.figures(
            threshold=self.setting.threshold,
            mode_weights=self.setting.data.mode_weights,
            low_quality=None if self.dim is None else metrics.low_quality_share(self.dim),
        )

    def protocol(self):
        """Returns what they were measured with."""
        setting, data = self.setting, self.setting.data
        stated = metrics.protocol(
            num_modes=data.num_modes,
            samples=setting.samples,
            threshold=setting.threshold,
            dim=self.dim,
        )
        stated["mode_std"] = data.std
        if isinstance(data.assign, DigitModes):
            given = setting.least_confidence
            stated["least_confidence"] = LEAST_CONFIDENCE if given is None else given
        # How good the classifier is that assigns images to modes.
        report = getattr(data.assign, "report", None)
        judge = {} if report is None else {f"classifier_{k}": v for k, v in report().items()}
        return stated | judge


class Modes(_OfModes):
    """Coverage and quality of `metrics.mode_metrics`, `bad_fraction`, and for points `std_ratio`.

    Points are kept, 4 bytes a coordinate, since the spread of a mode is one about its own mean; of
    images only counts are.
    """

    def __init__(self, setting):
        super().__init__(setting)
        self._points = []

    def update(self, chunk):
        """Adds samples."""
        super().update(chunk)
        if self.dim is not None:
            self._points.append((chunk.x, chunk.assignment.mode, chunk.assignment.good))

    def result(self):
        """Returns the figures."""
        found = {name: v for name, v in self.figures().items() if "kl" not in name}
        for name in ("modes_covered", "modes_total", "samples"):
            found[name] = int(found[name])
        found["bad_fraction"] = 1 - found["high_quality"]
        if self.dim is not None:
            x, mode, good = (np.concatenate(part) for part in zip(*self._points, strict=True))
            data = self.setting.data
            found |= metrics.mode_std_ratio(x, mode, good, data.centers, data.std)
        return found


class Divergences(_OfModes):
    """The divergences of `metrics.mode_metrics`; for images those of `class_figures` too."""

    def result(self):
        """Returns the figures."""
        found = {name: v for name, v in self.figures().items() if "kl" in name}
        if self.dim is None:
            found |= self.counts.divergences(self.setting.data.mode_weights)
        return found


class Codes(Collector):
    """`reconstruction_error`, mean absolute, and `metrics.code_moments`, both of the test set."""

    of_samples = False

    def __init__(self, setting):
        super().__init__(setting)
        if not setting.model.can_invert:
            raise Unavailable("the method has no encoder")

    def result(self):
        """Returns the figures."""
        model, x = self.setting.model, self.setting.data.test
        z = model.invert(x)
        apart = model.generate(z)
        np.abs(np.subtract(apart, x, out=apart), out=apart)
        return {"reconstruction_error": float(apart.mean()), **metrics.code_moments(z)}
