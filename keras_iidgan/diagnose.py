"""Apply every diagnosis to a model and its data."""

import dataclasses

import numpy as np

from keras_iidgan import diagnostics
from keras_iidgan.data.base import pixels
from keras_iidgan.diagnostics import Clusters, Findings, Located, Verdict


@dataclasses.dataclass(frozen=True, eq=False)
class Diagnosis:
    """What was found about a model, and the arrays that pictures of it need.

    Attributes:
        findings: `diagnostics.Findings`, all of them.
        verdict: `diagnostics.Verdict`.
        coverage: `diagnostics.Located`, groups of `real` by how far generated samples reach them.
        reconstruction: the same by G(F(x)), or None without an encoder.
        real: [N, *shape] test samples that everything is compared with; `Group.members` are
            indices into it.
        generated: [M, *shape] the samples, those that are finite.
        codes: F(real) [N, latent_dim], or None.
        rebuilt: G(F(real)) [N, *shape], or None.
        clusters: `diagnostics.Clusters` of the real samples, to be given to the next diagnosis of
            the same data.
        features: the name of the features that distances are taken in; "pixels" or "points".
        notes: lines that say what was left out and why.
    """

    findings: Findings
    verdict: Verdict
    coverage: Located
    reconstruction: Located | None
    real: np.ndarray
    generated: np.ndarray
    codes: np.ndarray | None
    rebuilt: np.ndarray | None
    clusters: Clusters
    features: str
    notes: tuple[str, ...]
