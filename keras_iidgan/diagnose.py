"""Apply every diagnosis to a model and its data."""

import dataclasses

import numpy as np

from keras_iidgan import diagnostics
from keras_iidgan.data.base import pixels
from keras_iidgan.diagnostics import Clusters, Finding, Findings, Located, Verdict

SAMPLES = {"points": 10_000, "images": 5_000}
_LEAST = 30  # Samples that every diagnosis can be made of.


@dataclasses.dataclass(frozen=True, eq=False)
class Diagnosis:
    """What was found about a model, and the arrays that pictures of it need.

    Attributes:
        findings: `diagnostics.Findings`, all of them.
        verdict: `diagnostics.Verdict`.
        coverage: `diagnostics.Located`, groups of `real` by how far generated samples reach them;
            None where hardly any sample is finite.
        reconstruction: the same by G(F(x)), or None without an encoder.
        real: [N, *shape] test samples that everything is compared with; `Group.members` are
            indices into it.
        generated: [M, *shape] the samples, those that are finite.
        codes: F(real) [N, latent_dim], or None.
        rebuilt: G(F(real)) [N, *shape], or None.
        clusters: `diagnostics.Clusters` of the real samples, to be given to the next diagnosis of
            the same data with the same `samples` and `seed`.
        features: what distances are taken in: "points", "pixels", or the extractor's name.
        notes: lines that say what was left out and why.
    """

    findings: Findings
    verdict: Verdict
    coverage: Located | None
    reconstruction: Located | None
    real: np.ndarray
    generated: np.ndarray
    codes: np.ndarray | None
    rebuilt: np.ndarray | None
    clusters: Clusters
    features: str
    notes: tuple[str, ...]


def diagnose(model, data, *, samples=None, seed=0, extractor=None, clusters=None) -> Diagnosis:
    """Ask of a model whether it collapsed, what it lost, and where the hole is.

    The modes of the data are used for nothing but the names of clusters of images.

    Args:
        model: anything with `sample(n, seed)`, `generate(z)`, `can_invert`, and `invert(x)` where
            that is true.
        data: a `Data`.
        samples: how many to draw, and of how many test samples at most; None is 10,000 points or
            5,000 images.
        seed: of the draws and of clusters.
        extractor: a `features.Extractor` for images, in whose features all distances are taken;
            None takes pixels.
        clusters: `Diagnosis.clusters` of an earlier call, which saves finding them; or a number.

    Raises:
        ValueError: `samples` is below 30, or the test set has fewer.
        features.Unavailable: the extractor can't be used for these images.
    """
    samples = SAMPLES[data.kind] if samples is None else samples
    if samples < _LEAST or len(data.test) < _LEAST:
        raise ValueError(
            f"samples and the test set must be at least {_LEAST}; "
            f"got {samples!r} and {len(data.test)}"
        )
    seen = _Seen(data, extractor)
    real = _some(data.test, samples, seed)
    real_seen = seen(real)
    clusters = _clusters(clusters, real, real_seen, data, seed)
    generated = model.sample(samples, seed)
    finite = np.isfinite(generated).reshape(len(generated), -1).all(axis=1)
    generated, notes, findings = generated[finite], [], [_finite(finite)]
    located = None
    if len(generated) >= _LEAST:
        located, found = _of_samples(seen, real_seen, generated, data, samples, clusters, seed)
        findings += found
    codes, rebuilt = _inverted(model, real, notes)
    rebuilding = None
    if codes is not None:
        findings += _of_codes(codes, seed)
        rebuilding = diagnostics.diagnose_reconstruction(
            real_seen, seen(rebuilt), clusters=clusters, seed=seed
        )
        findings += rebuilding.findings
    findings = Findings(findings)
    return Diagnosis(
        findings=findings,
        verdict=diagnostics.verdict(findings),
        coverage=located,
        reconstruction=rebuilding,
        real=real,
        generated=generated,
        codes=codes,
        rebuilt=rebuilt,
        clusters=clusters,
        features=seen.name,
        notes=tuple(notes),
    )


class _Seen:
    """Maps samples to what distances are taken in: rows [N, d]."""

    def __init__(self, data, extractor):
        self._extractor = extractor
        self.name = "points" if data.kind == "points" else "pixels"
        if extractor is not None:
            self.name = extractor.name

    def __call__(self, x):
        return x.reshape(len(x), -1) if self._extractor is None else self._extractor(x)[0]


def _some(x, count, seed):
    """At most `count` samples as float32, without a copy of all of them."""
    return pixels(x[diagnostics.some_rows(np.arange(len(x)), count, seed)])


def _clusters(clusters, real, real_seen, data, seed):
    if isinstance(clusters, Clusters):
        return clusters
    found = diagnostics.find_clusters(real_seen, clusters, seed=seed)
    if data.kind != "images" or not data.num_modes:
        return found  # Points are named by where they are.
    modes, titles = np.asarray(data.assign(real).mode), []
    for name, members in zip(found.names(), _members(found.assign(real_seen)), strict=True):
        modes_of = modes[members]
        usual = np.bincount(modes_of[modes_of >= 0], minlength=1).argmax()
        known = data.class_names[usual] if data.class_names else usual
        titles.append(f"{name}, most often {known}")
    return dataclasses.replace(found, titles=tuple(titles))


def _members(of_each):
    return [np.flatnonzero(of_each == g) for g in range(of_each.max() + 1)]


def _finite(finite):
    return Finding(
        name="finite",
        title="Generated samples that are finite numbers",
        group="lost",
        statistic=float(finite.mean()),
        effect=float(1 - finite.mean()),
        effect_title="share that isn't",
        samples=len(finite),
        large=1e-9,
    )


def _of_samples(seen, real_seen, generated, data, samples, clusters, seed):
    """What generated samples say without an encoder."""
    made = seen(generated)
    located = diagnostics.diagnose_coverage(real_seen, made, clusters=clusters, seed=seed)
    train = seen(_some(data.train, samples, seed))
    found = [
        *located.findings,
        *diagnostics.diagnose_duplicates(made, real_seen, seed=seed),
        *diagnostics.diagnose_memory(made, train, real_seen, seed=seed),
    ]
    return located, found


def _inverted(model, real, notes):
    """Codes of real samples and what the generator makes of them; None and None without either."""
    if not model.can_invert:
        notes.append("no encoder: codes and reconstruction are left out")
        return None, None
    codes = model.invert(real)
    rebuilt = model.generate(codes)
    for name, values in (("codes", codes), ("reconstructions", rebuilt)):
        if not np.isfinite(values).all():
            notes.append(f"{name} aren't finite: codes and reconstruction are left out")
            return None, None
    return codes, rebuilt


def _of_codes(codes, seed):
    return [
        *diagnostics.diagnose_codes(codes, seed=seed),
        *diagnostics.diagnose_unused(codes, seed=seed),
    ]
