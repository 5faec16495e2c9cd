"""Which part of N(0, I) no code of a real sample reaches."""

import numpy as np

from keras_iidgan.diagnostics.balls import coverage_of_perfect
from keras_iidgan.diagnostics.findings import Finding, Findings
from keras_iidgan.diagnostics.samples import as_rows, check_neighbours, count_within, nearest

MOST = 5_000  # Codes that are compared.
_PER_CELL = 20  # Codes that a polar cell has on the average.
_MOST_CELLS = 400
_LARGE = 0.05


def diagnose_unused(z, *, k=5, seed=0) -> Findings:
    """Ask which share of N(0, I) the codes z = F(x) of real data leave unused.

    With N codes, N fresh draws u_i of N(0, I), and r_i the distance from u_i to its k-th nearest
    other draw:

    Formula:
        unused_mass   statistic: m = 1/N #{i: ||z_j - u_i|| >= r_i for all j};
                      effect: (m - e) / (1 - e), at least 0, with e what N other draws of N(0, I)
                      would have on the average: prod_{l < k} (N - 1 - l) / (2 N - 1 - l)
        empty_cells   for M = 2 and 40 codes or more: A R cells of equal mass, A of equal angle by
                      R of radius; statistic: number of cells without a code; effect: their share
                      beyond the (1 - 1 / (A R))^N expected by chance, of what isn't by chance
    A generator draws from what is unused, too, and nobody has told it what to make of it. In many
    dimensions all draws are nearly equally far from each other: there a hole has to be as large as
    a shift of the mean before neighbours see it, and the tests of the moments see more.

    Args:
        z: codes [N, M]; of more than 5,000 the first 5,000.
        k: neighbours, at least 1.
        seed: of the draws.

    Returns:
        Both findings, or the first. The details of `empty_cells` have `angles` = A, `radii` = R
        and `empty`, indices a R + r of angle a and radius r, both counted from 0.

    Raises:
        ValueError: `z` isn't finite or has k rows or fewer.
    """
    check_neighbours(k)
    if np.ndim(z) != 2:
        raise ValueError(f"z must have shape (N > k, M); got {np.shape(z)}")
    z = as_rows("z", z, k + 1)
    cells = [_empty_cells(z)] if z.shape[1] == 2 and len(z) >= 2 * _PER_CELL else []
    return Findings([_unused_mass(z[:MOST], len(z), k, seed), *cells])


def _unused_mass(z, total, k, seed):
    fresh = np.random.default_rng(seed).standard_normal(z.shape).astype(z.dtype)
    radii = nearest(fresh, k=k)[0][:, -1]
    missed = float((count_within(fresh, z, radii) == 0).mean())
    by_chance = 1 - coverage_of_perfect(len(z), len(z), k)
    return Finding(
        name="unused_mass",
        title="Mass of N(0, I) that no F(x) comes near",
        group="unused",
        statistic=missed,
        effect=max(0.0, (missed - by_chance) / (1 - by_chance)),
        effect_title="share beyond chance",
        samples=len(z),
        large=_LARGE,
        note=f"{len(z)} of {total} codes" if len(z) < total else "",
        details={"by_chance": by_chance},
    )


def polar_cells(z, angles, radii):
    """Return the polar cell of each 2-D code, all of equal mass under N(0, I).

    Formula: a R + r, a = floor(A angle / (2 pi)), r = floor(R (1 - exp(-||z||^2 / 2))).

    Args:
        z: [N, 2].
        angles: A.
        radii: R.

    Returns:
        [N] integers in 0..A R - 1.
    """
    z = np.asarray(z, np.float64)
    turn = np.arctan2(z[:, 1], z[:, 0]) / (2 * np.pi) % 1
    within = -np.expm1(-np.square(z).sum(axis=1) / 2)
    a = np.minimum((turn * angles).astype(int), angles - 1)
    return a * radii + np.minimum((within * radii).astype(int), radii - 1)


def _empty_cells(z):
    cells = min(len(z) // _PER_CELL, _MOST_CELLS)
    radii = max(int(np.sqrt(cells / 4)), 1)  # A cell is about as long as it is wide.
    angles = max(cells // radii, 1)
    counts = np.bincount(polar_cells(z, angles, radii), minlength=angles * radii)
    empty = np.flatnonzero(counts == 0)
    by_chance = (1 - 1 / len(counts)) ** len(z)
    return Finding(
        name="empty_cells",
        title="Polar cells of N(0, I) without any F(x)",
        group="unused",
        statistic=float(len(empty)),
        effect=max(0.0, (len(empty) / len(counts) - by_chance) / (1 - by_chance)),
        effect_title="share of the mass, beyond chance",
        samples=len(z),
        large=_LARGE,
        note=f"{angles} angles by {radii} radii of equal mass",
        details={"angles": angles, "radii": radii, "empty": empty.tolist()},
    )
