"""Losses: functions from tensors to scalars.

TF-GAN and TensorFlow Probability are imported when a loss that uses them is first called.
"""

from keras_iidgan.losses.adversarial import FORMS, discriminator_loss, generator_loss
from keras_iidgan.losses.cycle import NORMS, REDUCTIONS, cycle, x_weight
from keras_iidgan.losses.floors import small_batch_floor
from keras_iidgan.losses.gaussian import check_batch, gaussian_loss, moments, names
from keras_iidgan.losses.grouped import grouped
from keras_iidgan.losses.labels import LABEL_LOSSES, label_loss
from keras_iidgan.losses.variational import gaussian_nll, kl_diagonal

__all__ = [
    "FORMS",
    "LABEL_LOSSES",
    "NORMS",
    "REDUCTIONS",
    "check_batch",
    "cycle",
    "discriminator_loss",
    "gaussian_loss",
    "gaussian_nll",
    "generator_loss",
    "grouped",
    "kl_diagonal",
    "label_loss",
    "moments",
    "names",
    "small_batch_floor",
    "x_weight",
]
