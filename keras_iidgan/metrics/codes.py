"""How far codes are from N(0, I) in their first two moments."""

import numpy as np


def code_moments(z):
    """Return the distances of mean and covariance of codes from those of N(0, I).

    Formula:
        codes_mean       = ||mu||_2,        mu = 1/N sum_i z_i
        codes_covariance = ||S - I||_F,     S  = 1/N sum_i (z_i - mu) (z_i - mu)^T

    Args:
        z: codes [N, M].

    Returns:
        Dict of the two floats. For N draws of N(0, I) both are near sqrt(M / N) and
        sqrt(M (M + 1) / N): squared, those are their expectations to the first order in 1/N.

    Raises:
        ValueError: `z` isn't a matrix with rows.

    Reference: IID-GAN, eq. 4 and 11; here on the test set, not on a batch.
    """
    z = np.asarray(z, np.float64)
    if z.ndim != 2 or not len(z):
        raise ValueError(f"z must have the shape [N, M] with N >= 1; got {z.shape}")
    mean = z.mean(axis=0)
    centred = z - mean
    covariance = centred.T @ centred / len(z)
    return {
        "codes_mean": float(np.linalg.norm(mean)),
        "codes_covariance": float(np.linalg.norm(covariance - np.eye(z.shape[1]))),
    }
