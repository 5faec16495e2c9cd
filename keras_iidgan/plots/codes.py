"""Codes of real data beside N(0, I)."""

import numpy as np

from keras_iidgan.plots import base, latent

_MOST = 4_000
_SHOWN = 64  # Dimensions whose moments are drawn.


def codes_figure(z_real, *, title: str = ""):
    """Draws codes F(x) of real data beside what an IID sample of N(0, I) would be.

    From left to right: two dimensions, over circles that hold 39%, 86% and 99% of N(0, I); the
    squared radius over the density of chi-squared with M degrees of freedom, which is what it has;
    and of each dimension the mean, which should be 0, and the standard deviation, which should
    be 1.

    Args:
        z_real: [N, M] F(x), M of at least 1. Rows that aren't finite are left out.
        title: of the whole figure.

    Returns:
        `matplotlib.figure.Figure` with three panels.

    Raises:
        ValueError: `z_real` isn't a matrix, or has no finite row.
    """
    z = np.asarray(z_real, float)
    if z.ndim != 2 or not z.shape[1]:
        raise ValueError(f"z_real must have shape (N, M >= 1); got {z.shape}")
    z = z[np.isfinite(z).all(axis=1)]
    if not len(z):
        raise ValueError("z_real must have a finite row; got none")
    figure, (panels,) = base.new_figure(1, 3, 12.0, 4.0)
    _plane(panels[0], z)
    _radius(panels[1], z)
    _moments(panels[2], z)
    figure.suptitle(title, fontsize=12, color=base.INK)
    return figure


def _plane(axes, z):
    shown = z[:_MOST]
    mode, good = np.zeros(len(shown), int), np.ones(len(shown), bool)
    latent.latent_panel(axes, shown, mode, good, 1, "F(x) of real x")


def _radius(axes, z):
    from scipy import stats

    squared, law = (z**2).sum(axis=1), stats.chi2(z.shape[1])
    limit = max(law.ppf(0.9999), np.quantile(squared, 0.99))
    outside = (squared > limit).mean()
    bins = np.linspace(0, limit, 50)
    # Shares of all codes, also of those outside, as densities.
    weights = np.full(len(z), 1 / (len(z) * (bins[1] - bins[0])))
    colour = base.colours(1)[0]
    axes.hist(squared, bins, weights=weights, color=colour, alpha=0.6, label="|F(x)|²")
    grid = np.linspace(0, limit, 400)[1:]
    label = f"chi-squared, {z.shape[1]} degrees of freedom"
    axes.plot(grid, law.pdf(grid), color=base.INK, lw=1.4, label=label)
    said = f"\n{outside:.1%} lie outside" if outside else ""
    base.style_axes(axes, f"squared radius{said}", "|z|²", "density")
    axes.legend(fontsize=8, frameon=False)


def _moments(axes, z):
    shown = z[:, :_SHOWN]
    dimensions = np.arange(1, shown.shape[1] + 1)
    mean, deviation = shown.mean(axis=0), shown.std(axis=0)
    axes.axhline(0, color=base.REAL, lw=1, ls="--")
    axes.axhline(1, color=base.REAL, lw=1, ls="--")
    first, second = base.colours(2)
    axes.plot(dimensions, mean, "o", ms=4, color=first, label="mean (0)")
    axes.plot(dimensions, deviation, "s", ms=4, color=second, label="standard deviation (1)")
    axes.set_xlim(0.4, shown.shape[1] + 0.6)
    axes.locator_params(axis="x", nbins=8, integer=True)
    among = f" (1 to {_SHOWN} of {z.shape[1]})" if z.shape[1] > _SHOWN else ""
    base.style_axes(axes, f"each dimension{among}", "dimension")
    axes.legend(fontsize=8, frameon=False)
