"""How many modes a set of samples covers, how well and how evenly.

Every function takes what a data set's `assign` gives: the mode of each sample and whether the
sample is good. K is the number of modes, N the number of samples, n_i the number of good samples
of mode i, w_i the true share of mode i.
"""

import numpy as np

from keras_iidgan.metrics.mode_counts import ModeCounts, check_modes


def mode_metrics(
    mode, good, num_modes: int, *, threshold: int = 1, mode_weights=None, low_quality=None
) -> dict[str, float]:
    """Mode coverage, quality and the divergences between generated and true mode shares.

    Formula:
        modes_covered        number of modes with n_i >= threshold
        modes_assigned       the same over good and bad samples (the Stacked MNIST protocol)
        high_quality         sum_i n_i / N
        reverse_kl           sum_i p_i log(p_i / w_i), p_i = n_i / N; for equal shares
                             sum_i p_i log(K p_i). As sum_i p_i < 1 it may be negative, and a
                             sampler with no good sample has 0: read it beside high_quality
        reverse_kl_normalised  the same with p_i = n_i / sum_j n_j
        kl                   with low_quality = e: KL(P_g||P_d) over K+1 bins,
                             sum_i p_i log(p_i / ((1-e) w_i)) + b log(b / e), b = 1 - sum_i p_i;
                             without: sum_i a_i log(a_i / w_i), a_i = share of mode i among all
                             samples that have a mode, good or bad
        and `modes_covered_at_papers`.
    Natural logarithms, 0 log 0 = 0. Where a normalised share has no sample to be computed from,
    the divergence takes its largest possible value, -log(min_i w_i).

    Args:
        mode: [N] integers in 0..K-1; -1 for a sample without a mode, which then must be bad.
        good: [N] bool.
        num_modes: K.
        threshold: good samples that a covered mode needs.
        mode_weights: [K] true shares, above 0; None is 1/K each.
        low_quality: share of bad samples in the true distribution, in (0, 1); see
            `low_quality_share`. None leaves that bin out, as for images.

    Returns:
        The figures above, `modes_total` = K and `samples` = N, as floats.

    Raises:
        ValueError: an argument doesn't fit the others or is out of its range.

    Reference:
        IID-GAN, section 5.1 (coverage, quality, reverse KL); semi-implicit generative model,
        section 5.2 (KL over 26 bins); PacGAN, VEEGAN (Stacked MNIST).
    """
    counts = ModeCounts(num_modes).update(mode, good)
    return counts.figures(threshold=threshold, mode_weights=mode_weights, low_quality=low_quality)


def modes_covered_at_papers(mode, good, num_modes: int) -> dict[str, float]:
    """Covered modes by the thresholds of the papers, at the sample sizes that they state.

    Formula: `modes_covered_T_of_n` is the number of modes that more than T of the first n samples
    are good samples of. Neither T nor n is scaled. A protocol that N samples are too few for, or
    that not even equal shares could pass (n / K <= T), is left out. `modes_covered_1` needs one
    good sample among all N.

    Args:
        mode: [N] integers, as in `mode_metrics`, in the order of drawing.
        good: [N] bool.
        num_modes: K.

    Returns:
        `modes_covered_1`, and where they apply `modes_covered_20_of_2048` and
        `modes_covered_1000_of_50000`.

    Raises:
        ValueError: `mode`, `good` and `num_modes` don't fit.

    Reference:
        VEEGAN (one good sample); LDMGAN (more than 20 of 2,048); semi-implicit generative model
        (more than 1,000 of 50,000).
    """
    return ModeCounts(num_modes).update(mode, good).covered_at_papers()


def mode_std_ratio(x, mode, good, centers, std: float) -> dict[str, float | list]:
    """Spread of the good samples of each mode, in units of the true standard deviation.

    Formula: r_i = sqrt(sum ||x - mean_i||^2 / (d (n_i - 1))) / std over the good samples of mode
    i, mean_i their own mean. Below `protocol`'s `perfect_std_ratio` the mode has shrunk.

    Args:
        x: [N, d] samples.
        mode: [N] integers, as in `mode_metrics`.
        good: [N] bool.
        centers: [K, d] true means; only K is used, an offset of the mean is no spread.
        std: true standard deviation along each axis, in the units of `x`.

    Returns:
        `std_ratio` (mean over the modes with two good samples or more), `std_ratio_min`,
        `std_ratio_max`, all 0 if there is no such mode, and `std_ratio_per_mode`, a list of K
        floats with None for the other modes.

    Raises:
        ValueError: an argument doesn't fit the others or is out of its range.
    """
    mode, good = check_modes(mode, good, len(centers))
    x = np.asarray(x, np.float64)
    if x.shape != (len(mode), np.shape(centers)[1]):
        raise ValueError(f"x must be [{len(mode)}, {np.shape(centers)[1]}]; got {x.shape}")
    if not 0 < std < np.inf:
        raise ValueError(f"std must be a finite number above 0; got {std!r}")
    ratios = [_spread(x[good & (mode == k)], std) for k in range(len(centers))]
    known = [ratio for ratio in ratios if ratio is not None] or [0.0]
    return {
        "std_ratio": float(np.mean(known)),
        "std_ratio_min": min(known),
        "std_ratio_max": max(known),
        "std_ratio_per_mode": ratios,
    }


def _spread(x, std):
    if len(x) < 2:
        return None
    return float(np.sqrt(x.var(axis=0, ddof=1).mean()) / std)
