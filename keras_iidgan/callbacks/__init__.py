"""Callbacks of training: evaluation, pictures, checkpoints, and what ends a run early."""

from keras_iidgan.callbacks.curves import Curves
from keras_iidgan.callbacks.evaluation import Clock, Evaluate
from keras_iidgan.callbacks.guards import NonFiniteLoss, StopOnNonFinite, StopOnSignal
from keras_iidgan.callbacks.pictures import Pictures, kept_snapshots

__all__ = [
    "Clock",
    "Curves",
    "Evaluate",
    "NonFiniteLoss",
    "Pictures",
    "StopOnNonFinite",
    "StopOnSignal",
    "kept_snapshots",
]
