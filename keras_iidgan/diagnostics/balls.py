"""Density and coverage: generated samples in the balls of real ones."""

import math

from keras_iidgan.diagnostics.findings import Finding

_UNCOVERED = 0.2


def coverage_of_perfect(n, m, k):
    """Return the coverage of n real samples by m of a perfect sampler, on the average.

    Of the n - 1 + m others of a real sample each is as likely to be its nearest as any; it isn't
    covered where the k nearest are all real.
    """
    return 1 - math.prod((n - 1 - i) / (n - 1 + m - i) for i in range(k))


def density_and_coverage(inside, made, k):
    """Make the findings of density and coverage.

    Args:
        inside: [N], how many generated samples each real one has in its ball.
        made: M, the generated samples.
        k: neighbours that a ball reaches to.

    Returns:
        The two `Finding`s; see `coverage.diagnose_coverage`.
    """
    expected = coverage_of_perfect(len(inside), made, k)
    density, coverage = float(inside.sum() / (k * made)), float((inside > 0).mean())
    density_found = Finding(
        name="density",
        title="Density of generated samples around real ones",
        group="lost",
        statistic=density,
        effect=abs(math.log2(max(density, 1 / (k * made)))),
        effect_title="factor from a perfect sampler, log2",
        samples=made,
        note=f"k = {k}; a perfect sampler has 1",
    )
    coverage_found = Finding(
        name="coverage",
        title="Real samples with a generated one among their neighbours",
        group="lost",
        statistic=coverage,
        effect=max(0.0, 1 - coverage / expected),
        effect_title="share that is missed, beyond chance",
        samples=len(inside),
        large=_UNCOVERED,
        note=f"k = {k}; a perfect sampler has {expected:.3f}",
        details={"expected": expected},
    )
    return density_found, coverage_found
