"""The Frechet distance between Gaussians, and FID from moments of features."""

import warnings

import numpy as np

from keras_iidgan.metrics.feature_moments import FeatureMoments


def frechet_distance(mean1, cov1, mean2, cov2) -> float:
    """Squared Frechet (2-Wasserstein) distance of N(mean1, cov1) and N(mean2, cov2).

    Formula: ||mean1 - mean2||^2 + tr(cov1) + tr(cov2) - 2 sum_i sqrt(l_i), with l_i the
    eigenvalues of cov1^(1/2) cov2 cov1^(1/2)

    Those are the eigenvalues of cov1 cov2, of a symmetric matrix, so rank-deficient covariances
    are no danger: rounding that makes an l_i negative is cut off at 0.

    Args:
        mean1: [D].
        cov1: [D, D], symmetric.
        mean2: [D].
        cov2: [D, D], symmetric.

    Returns:
        The distance, at least 0.

    Raises:
        ValueError: the shapes don't fit, or an entry isn't finite.

    Reference:
        Dowson and Landau, The Frechet Distance between Multivariate Normal Distributions, 1982.
    """
    mean1, cov1, mean2, cov2 = (np.asarray(a, np.float64) for a in (mean1, cov1, mean2, cov2))
    dim = mean1.shape
    if len(dim) != 1 or mean2.shape != dim or not cov1.shape == cov2.shape == dim * 2:
        raise ValueError(
            f"means must be [D] and covariances [D, D]; got {mean1.shape}, {cov1.shape}, "
            f"{mean2.shape}, {cov2.shape}"
        )
    if not all(np.isfinite(a).all() for a in (mean1, cov1, mean2, cov2)):
        raise ValueError("means and covariances must be finite; got NaN or infinity")
    values, vectors = np.linalg.eigh(cov1)
    root = vectors * np.sqrt(np.clip(values, 0, None))  # [D, D]; root root^T = cov1
    # root^T cov2 root has the eigenvalues of cov1^(1/2) cov2 cov1^(1/2).
    cross = np.sqrt(np.clip(np.linalg.eigvalsh(root.T @ cov2 @ root), 0, None)).sum()
    shift = mean1 - mean2
    return float(max(shift @ shift + np.trace(cov1) + np.trace(cov2) - 2 * cross, 0.0))


def fid(generated: FeatureMoments, reference: FeatureMoments) -> dict[str, float]:
    """Frechet distance between the features of generated and of real images.

    Formula, with l_i the eigenvalues of the reference's covariance, N and R the samples:
        fid        `frechet_distance` of the two means and covariances
        fid_floor  (1/N + 1/R) (5/4 sum_i l_i + 1/2 sum_ij l_i l_j / (l_i + l_j))
    The floor is what a perfect sampler of Gaussian features has on average, to the first order in
    1/N and 1/R. It grows with D^2, so it is large for thousands of features and samples.

    It is FID where the features are those of the Inception network of the original; with others
    it is not comparable to printed figures.

    Args:
        generated: moments of generated images' features.
        reference: moments of real images' features.

    Returns:
        `fid`, `fid_floor`, `fid_samples` and `fid_reference_samples`.

    Raises:
        ValueError: the numbers of features differ, or there are fewer than two samples.

    Reference:
        Heusel et al., GANs Trained by a Two Time-scale Update Rule, 2017.
    """
    if generated.dim != reference.dim:
        raise ValueError(
            f"generated must have the {reference.dim} features of the reference; "
            f"got {generated.dim}"
        )
    for name, moments in (("generated", generated), ("reference", reference)):
        if 2 <= moments.count <= moments.dim:
            warnings.warn(
                f"FID of {moments.count} {name} samples with {moments.dim} features is biased: "
                f"their covariance is singular; take more than {moments.dim}",
                stacklevel=2,
            )
    distance = frechet_distance(
        generated.mean, generated.covariance, reference.mean, reference.covariance
    )
    rows = 1 / generated.count + 1 / reference.count
    return {
        "fid": distance,
        "fid_floor": rows * _floor(np.linalg.eigvalsh(reference.covariance)),
        "fid_samples": float(generated.count),
        "fid_reference_samples": float(reference.count),
    }


def _floor(eigenvalues):
    """The expected distance of a perfect sampler, times the number of its samples."""
    values = eigenvalues[eigenvalues > eigenvalues.max(initial=0) * 1e-12]
    pairs = np.outer(values, values) / np.add.outer(values, values)
    return float(1.25 * values.sum() + pairs.sum() / 2)
