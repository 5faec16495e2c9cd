"""Figures from arrays, without pyplot: no global state, no display."""

from keras_iidgan.plots.base import colours, save, to_array
from keras_iidgan.plots.codes import codes_figure
from keras_iidgan.plots.curves import loss_curves, metric_curves
from keras_iidgan.plots.densities import densities_figure, histograms_figure, shares_figure
from keras_iidgan.plots.detection import detection_figure
from keras_iidgan.plots.images import reconstructions_figure, samples_figure
from keras_iidgan.plots.latent import latent_figure
from keras_iidgan.plots.lost import lost_figure
from keras_iidgan.plots.methods import (
    comparison_curves,
    image_rows_figure,
    methods_figure,
)
from keras_iidgan.plots.points import points_figure
from keras_iidgan.plots.progress import Snapshot, compare_figure, progress_figure
from keras_iidgan.plots.sheets import (
    class_grid_figure,
    interpolation_figure,
    plane_figure,
    polar_figure,
    traversals_figure,
)

__all__ = [
    "Snapshot",
    "class_grid_figure",
    "codes_figure",
    "colours",
    "compare_figure",
    "comparison_curves",
    "densities_figure",
    "detection_figure",
    "histograms_figure",
    "image_rows_figure",
    "interpolation_figure",
    "latent_figure",
    "loss_curves",
    "lost_figure",
    "methods_figure",
    "metric_curves",
    "plane_figure",
    "points_figure",
    "polar_figure",
    "progress_figure",
    "reconstructions_figure",
    "samples_figure",
    "save",
    "shares_figure",
    "to_array",
    "traversals_figure",
]
