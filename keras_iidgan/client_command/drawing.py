"""Pictures of what a served model answers, with the project's plots."""

import pathlib

from keras_iidgan import files
from keras_iidgan.cli import UsageError

SUFFIXES = (".png", ".pdf", ".svg")


def check(flag, path):
    """Raise `UsageError` unless a flag's path, if there is one, ends as a picture does."""
    if path is not None and pathlib.Path(path).suffix.lower() not in SUFFIXES:
        raise UsageError(f"--{flag} must end in {', '.join(SUFFIXES)}; got {path}")


def samples(served, x, title):
    """Draw samples: a grid of pictures, or points in the plane."""
    from keras_iidgan import plots

    if served.is_of_pictures:
        return plots.samples_figure(served.pictures(x), title=title)
    return _points(plots, served, x, title=title)


def way(served, x0, x, x1, title):
    """Draw the way from one sample to another, through x."""
    from keras_iidgan import plots

    if served.is_of_pictures:
        return plots.interpolation_figure(*map(served.pictures, (x0, x, x1)), title=title)
    return _points(plots, served, x, joined=True, title=title)


def reconstructions(served, x, x_rec, title):
    """Draw pictures above G of their codes."""
    from keras_iidgan import plots

    return plots.reconstructions_figure(*map(served.pictures, (x, x_rec)), title=title)


def _points(plots, served, x, **options):
    if not served.is_of_points or served.shape[0] < 2:
        raise UsageError(
            "--out must be left out but for pictures and points of two dimensions or more; got"
            f" samples of shape {list(served.shape)}"
        )
    return plots.points_figure(x, **options)


def save(flag, path, figure):
    """Write a figure, complete or not at all, to the path of a flag."""
    from keras_iidgan import plots

    try:
        plots.save(figure, pathlib.Path(path).expanduser())
    except (OSError, ValueError) as error:
        reason = files.reason(error)
        raise UsageError(f"--{flag} must be a file to write; got {path}: {reason}") from None
