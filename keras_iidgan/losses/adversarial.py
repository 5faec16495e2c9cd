"""The adversarial pair of losses of the original GAN, on logits, by TF-GAN."""

import tensorflow as tf

from keras_iidgan.tfgan_shim import tfgan

FORMS = ("non_saturating", "saturating")

# No collection and no summaries: both are side effects of graph mode, and ours are logged by name.
_PLAIN = {"label_smoothing": 0.0, "loss_collection": None, "add_summaries": False}


def discriminator_loss(real_logits, fake_logits):
    """Binary cross-entropy of the discriminator: real samples are 1, generated ones 0.

    Formula: -mean log sigmoid(real_logits) - mean log(1 - sigmoid(fake_logits))

    Args:
        real_logits: the discriminator's logits of real samples, `[B]` or `[B, 1]` or any shape.
        fake_logits: its logits of generated samples; the shape may differ.

    Returns:
        A float32 scalar; 2 log 2 where every logit is 0.

    Reference: IID-GAN, eq. 2, with the sign turned so that it is minimised. TF-GAN would smooth
    the real labels to 0.75 by default; here they are 1.
    """
    losses = tfgan().losses.wargs
    return losses.minimax_discriminator_loss(_float32(real_logits), _float32(fake_logits), **_PLAIN)


def generator_loss(fake_logits, form="non_saturating"):
    """The generator's side of the game, in one of its two usual forms.

    Formula:
        non_saturating: -mean log sigmoid(fake_logits)
        saturating:      mean log(1 - sigmoid(fake_logits))

    Both have the same fixed point. The saturating form is the printed one; its gradient vanishes
    where the discriminator rejects a sample with confidence, the other one's does not.

    Args:
        fake_logits: the discriminator's logits of generated samples, `[B]` or `[B, 1]`.
        form: `non_saturating` or `saturating`.

    Returns:
        A float32 scalar; at logits 0 it is log 2, and -log 2 in the saturating form.

    Raises:
        ValueError: `form` is unknown.

    Reference: IID-GAN, eq. 2 prints the saturating form; the default is the non-saturating one of
    Goodfellow et al. (2014), section 3.
    """
    losses = tfgan().losses.wargs
    fake_logits = _float32(fake_logits)
    if form == "non_saturating":
        return losses.modified_generator_loss(fake_logits, **_PLAIN)
    if form == "saturating":
        # Not minimax_generator_loss: that one adds the constant log sigmoid(1), the real half of
        # the game at made-up logits of 1. A weight of 0 leaves the half that is meant.
        unused = tf.zeros([1])
        return -losses.minimax_discriminator_loss(unused, fake_logits, real_weights=0.0, **_PLAIN)
    raise ValueError(f"form must be one of {', '.join(FORMS)}; got {form!r}")


def _float32(logits):
    return tf.cast(logits, tf.float32)
