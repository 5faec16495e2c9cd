"""The adversarial pairs of losses on scores without a sigmoid: hinge and Wasserstein, by TF-GAN."""

import tensorflow as tf

from keras_iidgan.tfgan_shim import tfgan

_PLAIN = {"loss_collection": None, "add_summaries": False}


def hinge_discriminator_loss(real_logits, fake_logits):
    """Hinge loss of the discriminator, which stops at scores beyond +-1.

    Formula: mean max(0, 1 - real_logits) + mean max(0, 1 + fake_logits)

    Args:
        real_logits: scores of real samples, `[B]` or `[B, 1]`.
        fake_logits: scores of as many generated samples.

    Returns:
        A float32 scalar; 2 where every score is 0, 0 where all are right by a margin of 1.

    Reference: Miyato et al., Spectral Normalization for GANs, 2018, eq. 16.
    """
    losses = tfgan().losses.wargs
    logits = _float32(real_logits, fake_logits)
    return losses.wasserstein_hinge_discriminator_loss(*logits, **_PLAIN)


def wasserstein_discriminator_loss(real_logits, fake_logits):
    """Negative of the critic's estimate of the Wasserstein-1 distance.

    Formula: mean fake_logits - mean real_logits

    Args:
        real_logits: scores of real samples, `[B]` or `[B, 1]`.
        fake_logits: scores of as many generated samples.

    Returns:
        A float32 scalar; adding a constant to all scores changes nothing.

    Reference: Gulrajani et al., Improved Training of Wasserstein GANs, 2017, eq. 3.
    """
    losses = tfgan().losses.wargs
    return losses.wasserstein_discriminator_loss(*_float32(real_logits, fake_logits), **_PLAIN)


def critic_generator_loss(fake_logits):
    """Loss of the generator against a hinge or Wasserstein critic.

    Formula: -mean fake_logits

    Args:
        fake_logits: scores of generated samples, `[B]` or `[B, 1]`.

    Returns:
        A float32 scalar, whose gradient is the same whatever the scores: it never saturates.

    Reference: as of the two losses above; Miyato et al., eq. 17.
    """
    return tfgan().losses.wargs.wasserstein_generator_loss(*_float32(fake_logits), **_PLAIN)


def _float32(*logits):
    return [tf.cast(each, tf.float32) for each in logits]
