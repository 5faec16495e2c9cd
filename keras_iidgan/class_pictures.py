"""Grids of samples by class: of the class that was asked for, or that the data's judge finds."""

import numpy as np

from keras_iidgan import plots

_MOST = 20


def why_not(model, data):
    """Return why there is no such grid for a model and its data, or None."""
    if model_is_conditional(model):
        many = model.num_classes > _MOST
        return f"{model.num_classes:,} classes are more than {_MOST} rows" if many else None
    if not data.num_modes:
        return f"nobody says which class an image of {data.name} shows"
    many = data.num_modes > _MOST
    return f"{data.num_modes:,} modes are more than {_MOST} rows" if many else None


def model_is_conditional(model):
    """Whether a model is told the class of what it generates."""
    return getattr(model, "is_conditional", False)


def names(data):
    """Return the names of the classes, numbers where they have none."""
    return data.class_names or range(max(data.num_classes, data.num_modes))


def draw(source, count, columns):
    """Draw a grid with a row for every class.

    Args:
        source: an `image_pictures` source.
        count: samples to draw and sort, where the model isn't told the class.
        columns: images in a row.
    """
    if source.is_conditional:
        return _asked_classes(source, columns)
    x = source.generate(source.codes(count))
    found = source.data.assign(x)
    what = f"by class: {len(x):,} samples, {found.good.mean():.0%} good"
    return plots.class_grid_figure(
        x,
        np.where(found.good, found.mode, -1),
        names=names(source.data),
        columns=columns,
        title=source.titled(what),
    )


def _asked_classes(source, columns):
    """Rows of the same codes, of one class each."""
    classes = source.model.num_classes
    z = np.tile(source.codes(columns), (classes, 1))
    labels = np.repeat(np.arange(classes), columns)
    return plots.class_grid_figure(
        source.generate(z, labels),
        labels,
        names=names(source.data),
        columns=columns,
        title=source.titled("G(z, c), by the class c that was asked for"),
    )
