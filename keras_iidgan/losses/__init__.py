"""Losses: functions from tensors to scalars.

TF-GAN and TensorFlow Probability are imported when a loss that uses them is first called.
"""

from keras_iidgan.losses.adversarial import FORMS, discriminator_loss, generator_loss
from keras_iidgan.losses.critics import (
    critic_generator_loss,
    hinge_discriminator_loss,
    wasserstein_discriminator_loss,
)
from keras_iidgan.losses.cycle import NORMS, REDUCTIONS, cycle, x_weight
from keras_iidgan.losses.floors import small_batch_floor
from keras_iidgan.losses.gaussian import check_batch, gaussian_loss, moments, names
from keras_iidgan.losses.grouped import grouped
from keras_iidgan.losses.labels import LABEL_LOSSES, label_loss
from keras_iidgan.losses.penalties import gradient_penalty, interpolates
from keras_iidgan.losses.semi_implicit import (
    LIKELIHOODS,
    draw_observations,
    semi_implicit_floor,
    semi_implicit_loss,
    semi_implicit_mixture,
)
from keras_iidgan.losses.spectral import bures, gdpp
from keras_iidgan.losses.variational import gaussian_nll, kl_diagonal

__all__ = [
    "FORMS",
    "LABEL_LOSSES",
    "LIKELIHOODS",
    "NORMS",
    "REDUCTIONS",
    "bures",
    "check_batch",
    "critic_generator_loss",
    "cycle",
    "discriminator_loss",
    "draw_observations",
    "gaussian_loss",
    "gaussian_nll",
    "gdpp",
    "generator_loss",
    "gradient_penalty",
    "grouped",
    "hinge_discriminator_loss",
    "interpolates",
    "kl_diagonal",
    "label_loss",
    "moments",
    "names",
    "semi_implicit_floor",
    "semi_implicit_loss",
    "semi_implicit_mixture",
    "small_batch_floor",
    "wasserstein_discriminator_loss",
    "x_weight",
]
