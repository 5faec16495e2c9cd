"""What the figures of `modes` were measured with, and what a perfect sampler would get."""

import numpy as np
from scipy import stats


def low_quality_share(dim: int, radius: float = 3.0) -> float:
    """Share of an isotropic Gaussian's own points that lie farther than `radius` std from its mean.

    Formula: P(chi^2_d > radius^2); exp(-radius^2 / 2) for d = 2, so exp(-4.5) = 0.0111.

    Args:
        dim: d, number of dimensions.
        radius: in standard deviations.

    Returns:
        The share, in (0, 1).

    Raises:
        ValueError: `dim` is below 1 or `radius` isn't above 0.
    """
    if dim < 1:
        raise ValueError(f"dim must be at least 1; got {dim!r}")
    if not 0 < radius < np.inf:
        raise ValueError(f"radius must be a finite number above 0; got {radius!r}")
    return float(stats.chi2.sf(radius**2, dim))


def protocol(
    *, num_modes: int, samples: int, threshold: int = 1, radius: float = 3.0, dim: int | None = None
) -> dict[str, float]:
    """States how mode figures are measured, with the floors that no sampler is expected to pass.

    Formula, with e = `low_quality_share(dim, radius)` and q = 1 - e:
        perfect_high_quality           q; more than this means that the modes have shrunk
        perfect_reverse_kl             q log q
        perfect_std_ratio              sqrt(P(chi^2_{d+2} <= radius^2) / q), the spread that is
                                       left after cutting at `radius`
        bias_reverse_kl_normalised     (K - 1) / (2 N), what a perfect sampler has on average
        bias_kl                        K / (2 N) over K+1 bins, (K - 1) / (2 N) over K

    The biases are the first term in 1/N of the plug-in estimate, right for N w_i >> 1.

    Args:
        num_modes: K.
        samples: N.
        threshold: good samples that a covered mode needs.
        radius: in standard deviations, for points.
        dim: number of dimensions of isotropic Gaussian modes; None for images, which have no
            known floor of quality.

    Returns:
        `samples`, `threshold`, the biases, and for points `radius` and the perfect figures.

    Raises:
        ValueError: a value is out of its range.
    """
    for name, value in (("num_modes", num_modes), ("samples", samples), ("threshold", threshold)):
        if value < 1:
            raise ValueError(f"{name} must be at least 1; got {value!r}")
    bins = num_modes + (dim is not None)
    stated = {
        "samples": samples,
        "threshold": threshold,
        "bias_reverse_kl_normalised": (num_modes - 1) / (2 * samples),
        "bias_kl": (bins - 1) / (2 * samples),
    }
    if dim is None:
        return stated
    quality = 1 - low_quality_share(dim, radius)
    return stated | {
        "radius": radius,
        "perfect_high_quality": quality,
        "perfect_reverse_kl": float(quality * np.log(quality)),
        "perfect_std_ratio": float(np.sqrt(stats.chi2.cdf(radius**2, dim + 2) / quality)),
    }
