"""Callbacks of training: evaluation, pictures, checkpoints, and what ends a run early."""

from keras_iidgan.callbacks.best_weights import weights_file
from keras_iidgan.callbacks.collapse_monitor import CollapseMonitor
from keras_iidgan.callbacks.curves import Curves
from keras_iidgan.callbacks.evaluation import Clock, Evaluate
from keras_iidgan.callbacks.guards import NonFiniteLoss, StopOnNonFinite, StopOnSignal
from keras_iidgan.callbacks.pictures import Pictures, kept_snapshots

__all__ = [
    "Clock",
    "CollapseMonitor",
    "Curves",
    "Evaluate",
    "NonFiniteLoss",
    "Pictures",
    "StopOnNonFinite",
    "StopOnSignal",
    "kept_snapshots",
    "weights_file",
]
