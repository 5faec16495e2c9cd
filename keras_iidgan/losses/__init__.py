"""Losses: functions from tensors to scalars.

TF-GAN and TensorFlow Probability are imported when a loss that uses them is first called.
"""

from keras_iidgan.losses.adversarial import discriminator_loss, generator_loss
from keras_iidgan.losses.cycle import cycle, x_weight
from keras_iidgan.losses.gaussian import check_batch, gaussian_loss, moments, names

__all__ = [
    "check_batch",
    "cycle",
    "discriminator_loss",
    "gaussian_loss",
    "generator_loss",
    "moments",
    "names",
    "x_weight",
]
