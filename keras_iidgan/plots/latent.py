"""The latent space and the data space side by side, for data of two dimensions.

Reference:
    IID-GAN (Li et al.), Figs. 2 and 4.
"""

import numpy as np

from keras_iidgan.plots import base

MAX_POINTS = 4_000


def latent_figure(
    z, x_fake, mode, good, x_real, *, num_modes: int, z_real=None, real_mode=None, title: str = ""
):
    """Draws where the modes lie in the latent space, what is generated, and in which shares.

    From left to right: F(x) of real points by their mode, beside it z ~ N(0, I) by the mode that
    G(z) falls in, G(z) over the real points, and the share of every mode. Bad samples are white.
    Where the two latent panels differ, F(x) isn't distributed as z is.

    Args:
        z: [N, M] latent points. If M > 2, the first two dimensions are drawn.
        x_fake: [N, 2] G(z).
        mode: [N] integers, the mode of each row of `x_fake`.
        good: [N] bool.
        x_real: [R, 2] real points.
        num_modes: K.
        z_real: [R, M] F(x_real); None, as for a model without an encoder, leaves its panel out.
        real_mode: [R] integers, the mode of each row of `x_real`; needed with `z_real`.
        title: of the whole figure.

    Returns:
        `matplotlib.figure.Figure`.

    Raises:
        ValueError: the arrays don't fit each other.
    """
    z, x_fake, mode, good = check_samples(z, x_fake, mode, good)
    count = 3 if z_real is None else 4
    figure, (panels,) = base.new_figure(1, count, 3.7 * count, 4.3)
    panels = list(panels)
    if z_real is not None:
        if real_mode is None or not len(z_real) == len(real_mode) == len(x_real):
            raise ValueError("real_mode must hold the mode of each row of x_real and z_real")
        real_good = np.ones(len(z_real), bool)
        latent_panel(panels.pop(0), z_real, real_mode, real_good, num_modes, "F(x) of real x")
    latent_panel(panels[0], z, mode, good, num_modes, "z ~ N(0, I), by the mode of G(z)")
    points_panel(panels[1], x_fake, mode, good, x_real, num_modes, "G(z) over the real points")
    shares_panel(panels[2], mode, good, num_modes)
    figure.suptitle(title, fontsize=12, color=base.INK)
    return figure


def check_samples(z, x_fake, mode, good):
    """Returns the four as arrays; raises ValueError unless their shapes agree as documented."""
    z, x_fake, mode, good = map(np.asarray, (z, x_fake, mode, good))
    if x_fake.ndim != 2 or x_fake.shape[1] != 2:
        raise ValueError(f"x_fake must have shape (N, 2); got {x_fake.shape}")
    for name, array, rank in (("z", z, 2), ("mode", mode, 1), ("good", good, 1)):
        if array.ndim != rank or len(array) != len(x_fake):
            raise ValueError(
                f"{name} must have {rank} axes and a row per sample, {len(x_fake)}; "
                f"got shape {array.shape}"
            )
    return z, x_fake, mode, good


def latent_panel(axes, z, mode, good, num_modes: int, title: str = ""):
    """Draws latent points [N, M] by mode, over circles at 1, 2 and 3 standard deviations."""
    from matplotlib.patches import Circle

    z = np.asarray(z)
    if z.shape[1] == 1:
        z = np.pad(z, ((0, 0), (0, 1)))
    if z.shape[1] > 2:
        title += f"\ndimensions 1 and 2 of {z.shape[1]}"
    finite = z[np.isfinite(z).all(axis=1), :2]
    reach = np.quantile(np.abs(finite), 0.998) if finite.size else 0.0
    limit = max(4.5, 1.1 * reach)
    title += _scatter(axes, z[:, :2], mode, good, num_modes, (-limit, limit), (-limit, limit))
    for radius in (1, 2, 3):
        axes.add_patch(Circle((0, 0), radius, fill=False, lw=0.6, ls=":", color=base.INK))
    base.style_axes(axes, title, "z 1", "z 2")


def points_panel(axes, x_fake, mode, good, x_real, num_modes: int, title: str = ""):
    """Draws generated points [N, 2] by mode over real ones [R, 2], within the real ones' range."""
    x_fake, mode, good, x_real = map(np.asarray, (x_fake, mode, good, x_real))
    low, high = x_real.min(axis=0), x_real.max(axis=0)
    margin = 0.18 * max(*(high - low), 1e-6)
    # Rings, not dots: the modes are far smaller than a dot, and generated points lie on them.
    axes.scatter(
        *x_real[:: max(1, len(x_real) // 500)].T,
        s=70,
        facecolors="none",
        edgecolors=base.REAL,
        lw=0.5,
        rasterized=True,
    )
    span = [(a - margin, b + margin) for a, b in zip(low, high, strict=True)]
    # Good points last: a mode is a dot wide, and bad ones beside it would hide it.
    title += _scatter(axes, x_fake, mode, good, num_modes, *span, good_last=True)
    base.style_axes(axes, title, "x 1", "x 2")


def shares_panel(axes, mode, good, num_modes: int):
    """Draws the shares of the modes and of bad samples (white) as a pie."""
    good = np.asarray(good)
    counts = np.bincount(np.asarray(mode)[good], minlength=num_modes)
    bad = len(good) - counts.sum()
    shares = np.append(counts, bad) / len(good)
    labels = [f"{share:.1%}" if share >= 0.06 else "" for share in shares[:-1]]
    axes.pie(
        shares,
        labels=[*(labels if num_modes <= 12 else [""] * num_modes), f"bad {shares[-1]:.1%}"],
        colors=[*base.colours(num_modes), base.BAD],
        startangle=90,
        counterclock=False,
        wedgeprops={"edgecolor": base.BAD_EDGE, "linewidth": 0.5},
        textprops={"fontsize": 8, "color": base.INK},
    )
    covered = (counts > 0).sum()
    base.style_axes(axes, f"{covered} of {num_modes} modes, {good.mean():.2%} good")


def _scatter(axes, points, mode, good, num_modes, xlim, ylim, good_last=False):
    """Scatters up to MAX_POINTS points; returns a line for the title if any lie outside."""
    mode, good = np.asarray(mode), np.asarray(good)
    low, high = np.transpose([xlim, ylim])
    inside = ((points >= low) & (points <= high)).all(axis=1)  # False for one that isn't finite.
    shown = np.flatnonzero(inside)[:MAX_POINTS]
    if good_last:
        shown = shown[np.argsort(good[shown], kind="stable")]
    axes.scatter(
        *points[shown].T,
        s=7,
        c=base.mode_colours(mode[shown], good[shown], num_modes),
        # White needs an outline; the colours are clearer without one.
        edgecolors=base.BAD_EDGE,
        linewidths=np.where(good[shown], 0.0, 0.35),
        rasterized=True,
    )
    axes.set(xlim=xlim, ylim=ylim, facecolor=base.PAPER)
    axes.set_aspect("equal")
    outside = len(points) - inside.sum()
    return f"\n{outside:,} of {len(points):,} lie outside" if outside else ""
