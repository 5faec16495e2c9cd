"""Measure a model: which figures there are, and the pass over its samples that makes them."""

import contextlib

import numpy as np

from keras_iidgan import metrics
from keras_iidgan.evaluation import classes, coverage, distances
from keras_iidgan.evaluation.chunks import Chunk
from keras_iidgan.features import Unavailable

# Figures -> what collects them: a class made of a `coverage.Setting`, with `update(chunk)` and
# `result()`, and `needs_features`.
_COLLECTORS = {
    "modes": coverage.Modes,
    "kl": coverage.Divergences,
    "fid": distances.Frechet,
    "kid": distances.Kernel,
    "prdc": distances.Neighbours,
    "jsd": distances.Bins,
    "inception_score": classes.InceptionScore,
    "mode_score": classes.ModeScore,
}
_CODES = "codes"
DEFAULT = ("modes", "kl", _CODES)
# Generated samples per evaluation in the papers; see `default_samples`.
_SAMPLES = {"ring": 50_000, "stacked_digits": 26_000, "stacked_mnist": 26_000}


def names():
    """Return the names of all figures that `measure` knows."""
    return (*_COLLECTORS, _CODES)


def default_samples(data):
    """Return the papers' number of generated samples for a data set."""
    return _SAMPLES.get(data.name, 100_000 if data.kind == "points" else 10_000)


def measure(
    model,
    data,
    *,
    samples,
    seed,
    threshold=1,
    wanted=DEFAULT,
    extractor=None,
    least_confidence=None,
):
    """Sample a model and measure it.

    Args:
        model: anything with `sample_chunks(n, seed)`, and with `invert` and `reconstruct` if
            `can_invert`.
        data: a `Data`.
        samples: N, how many samples to draw.
        seed: seed of the draw.
        threshold: good samples that make a mode count as covered.
        wanted: of `names()`.
        extractor: a function of no arguments that returns a `features.Extractor` or raises
            `Unavailable`; called if a figure needs it.
        least_confidence: probability from which an image is a good sample; None is the data's own.

    Returns:
        A flat dict: the figures; the protocol's fields prefixed with `protocol_`; and, where a
        wanted figure can't be had, `unavailable`, a dict from its name to the reason.
        `modes` and `kl` are those of `metrics.mode_metrics`, with `bad_fraction` and for points
        `std_ratio`; `codes`, for a model with an inverse, `reconstruction_error` (mean absolute)
        and `metrics.code_moments` of the test set; the others as their metric says.
    """
    setting = coverage.Setting(data, samples, seed, threshold, least_confidence)
    missing = {}
    collectors = _collectors(setting, wanted, extractor, missing)
    if collectors:
        for x in model.sample_chunks(samples, seed):
            _update(collectors, Chunk(x, data, setting.extractor), missing)
    found = {}
    for name, collector in collectors.items():
        with _leaving_out(name, missing):
            found |= collector.result()
    if _CODES in wanted and model.can_invert:
        apart = model.reconstruct(data.test)
        np.abs(np.subtract(apart, data.test, out=apart), out=apart)  # Test sets may be large.
        found["reconstruction_error"] = float(apart.mean())
        found |= metrics.code_moments(model.invert(data.test))
    stated = setting.protocol()
    found |= {f"protocol_{key}": value for key, value in stated.items() if value is not None}
    missing = {} if wanted == DEFAULT else missing  # Nobody asked.
    return found | ({"unavailable": missing} if missing else {})


def _collectors(setting, wanted, extractor, missing):
    """Make the collectors of what is wanted; put into `missing` why others can't be made."""
    made, no_extractor = {}, "no feature extractor was given" if extractor is None else None
    for name in wanted:
        if name == _CODES:
            continue
        with _leaving_out(name, missing):
            if _COLLECTORS[name].needs_features and setting.extractor is None:
                if no_extractor:
                    raise Unavailable(no_extractor)
                try:
                    setting.extractor = extractor()
                except Unavailable as error:
                    no_extractor = str(error)  # Looked for once, which may take long.
                    raise
            made[name] = _COLLECTORS[name](setting)
    return made


def _update(collectors, chunk, missing):
    """Show a chunk to the collectors, and drop those that can't use it."""
    for name, collector in list(collectors.items()):
        with _leaving_out(name, missing):
            collector.update(chunk)
        if name in missing:
            del collectors[name]


@contextlib.contextmanager
def _leaving_out(name, missing):
    """Put into `missing` why a figure can't be had, be it for its network or for the samples."""
    try:
        yield
    except Unavailable as error:
        missing[name] = str(error)
    except ValueError as error:
        if name in DEFAULT:  # Of any samples there are these.
            raise
        missing[name] = str(error)
