"""The metrics of `keras_iidgan.metrics` as Keras metrics, for `compile(metrics=[...])`.

All state is sums, so batches of any size, and replicas, give what the whole gives at once. What a
metric looks at is `y_pred`, the network's output; `y_true` counts where its docstring says so.
"""

from keras_iidgan.keras_metrics.class_scores import InceptionScore, ModeScore
from keras_iidgan.keras_metrics.codes import CodesCovariance, CodesMean
from keras_iidgan.keras_metrics.frechet import FrechetDistance
from keras_iidgan.keras_metrics.modes import HighQuality, ModeCoverage, ReverseKL
from keras_iidgan.keras_metrics.reconstruction import ReconstructionError

__all__ = [
    "CodesCovariance",
    "CodesMean",
    "FrechetDistance",
    "HighQuality",
    "InceptionScore",
    "ModeCoverage",
    "ModeScore",
    "ReconstructionError",
    "ReverseKL",
]
