"""The pictures of a model of points: in two dimensions its samples and its codes by their mode."""

from keras_iidgan import plots

_POINTS = 2000
DENSE = 20_000  # Points whose density is drawn.


def can_draw(data):
    """Return whether the data are points in two dimensions with modes."""
    return data.kind == "points" and data.shape == (2,) and bool(data.num_modes)


def real_points(data):
    """Return the real points that are drawn: [R, 2]."""
    return data.train[:_POINTS]


def snapshot(model, data, *, seed=0):
    """Return what a model generates now, and where real points lie in z, as `plots.Snapshot`."""
    z = model.latents(_POINTS, seed)
    x_fake = model.generate(z)
    assignment = data.assign(x_fake)
    return plots.Snapshot(
        step=int(model.step.numpy()),
        z=z,
        x_fake=x_fake,
        mode=assignment.mode,
        good=assignment.good,
        z_real=model.invert(real_points(data)) if model.can_invert else None,
        real_mode=data.labels[:_POINTS] if model.can_invert else None,
    )


def draw(seen, data, *, title=""):
    """Draw a snapshot as `plots.latent_figure` does."""
    fields = {name: value for name, value in vars(seen).items() if name != "step"}
    return plots.latent_figure(
        x_real=real_points(data), num_modes=data.num_modes, title=title, **fields
    )


def draw_samples(samples, data, *, title=""):
    """Draw generated points beside real ones: in two dimensions their densities, in one their bars.

    Args:
        samples: dictionary, a name -> points [N, d].
        data: a `Data` of points.
        title: of the figure.

    Returns:
        `matplotlib.figure.Figure`, or None for points that can't be drawn.
    """
    if data.shape == (1,):
        return plots.histograms_figure(samples, data.train, title=title)
    if data.shape == (2,):
        return plots.densities_figure(samples, data.train[:DENSE], title=title)
    return None
