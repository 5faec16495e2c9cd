"""Figures from arrays, without pyplot: no global state, no display."""

from keras_iidgan.plots.base import colours, save, to_array
from keras_iidgan.plots.curves import loss_curves, metric_curves
from keras_iidgan.plots.images import reconstructions_figure, samples_figure
from keras_iidgan.plots.latent import latent_figure
from keras_iidgan.plots.progress import Snapshot, compare_figure, progress_figure

__all__ = [
    "Snapshot",
    "colours",
    "compare_figure",
    "latent_figure",
    "loss_curves",
    "metric_curves",
    "progress_figure",
    "reconstructions_figure",
    "samples_figure",
    "save",
    "to_array",
]
