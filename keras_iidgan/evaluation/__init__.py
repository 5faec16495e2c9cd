"""Metrics by name, measured on samples that are drawn in chunks: memory stays as it is.

To add a metric, add a `Collector` to `METRICS`.
"""

from keras_iidgan.evaluation.base import Chunk, Collector, Setting
from keras_iidgan.evaluation.distances import FID, KID, Cells, Neighbours
from keras_iidgan.evaluation.modes import Codes, Divergences, Modes
from keras_iidgan.evaluation.scores import InceptionScore, ModeScore
from keras_iidgan.features import Unavailable

__all__ = ["IN_TRAINING", "METRICS", "Chunk", "Collector", "Setting", "collect"]

METRICS = {
    "modes": Modes,
    "kl": Divergences,
    "fid": FID,
    "kid": KID,
    "inception_score": InceptionScore,
    "mode_score": ModeScore,
    "jsd": Cells,
    "prdc": Neighbours,
    "codes": Codes,
}
# What every evaluation in training measures, as far as model and data have it.
IN_TRAINING = ("modes", "kl", "codes")


def collect(setting: Setting, names):
    """Draws the samples once and measures them.

    Args:
        setting: the `Setting`.
        names: of `METRICS`.

    Returns:
        The figures and the protocol of all metrics that can be had, and metric -> reason, a
        sentence, of those that can't.
    """
    left_out, collectors, found, protocol = {}, {}, {}, {}

    def attempt(name, call, *args):
        try:
            return call(*args)
        except Unavailable as error:
            left_out[name] = str(error)
        except ValueError as error:
            if name in IN_TRAINING:  # These can always be computed, so it is a fault.
                raise
            left_out[name] = str(error)
        collectors.pop(name, None)
        return None

    for name in names:
        made = attempt(name, METRICS[name], setting)
        if made is not None:
            collectors[name] = made
    for chunk in _chunks(setting, collectors):
        for name, made in [*collectors.items()]:
            attempt(name, made.update, chunk)
    for name, made in [*collectors.items()]:
        figures = attempt(name, made.result)
        if figures is not None:
            found |= figures
            protocol |= made.protocol()
    return found, protocol, left_out


def _chunks(setting, collectors):
    """Draw as long as a collector wants samples; the dictionary may shrink meanwhile."""

    def wanted():
        return any(made.of_samples for made in collectors.values())

    if wanted():
        for x in setting.model.sample_chunks(setting.samples, setting.seed):
            if wanted():
                yield Chunk(x, setting)
