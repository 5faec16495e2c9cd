"""Penalties on the slope of a critic."""

import tensorflow as tf

_EPS = 1e-12


def interpolates(x, x_fake, share):
    """Return a point on the straight line between each real sample and a generated one.

    Formula: share * x + (1 - share) * x_fake

    Args:
        x: real samples [B, *shape].
        x_fake: generated samples [B, *shape].
        share: one share in [0, 1] for each pair, [B] or [B, 1]: uniform draws.

    Returns:
        float32 tensor [B, *shape].
    """
    share = tf.reshape(share, [-1, *(1 for _ in x.shape[1:])])
    x, x_fake = tf.cast(x, tf.float32), tf.cast(x_fake, tf.float32)
    return share * x + (1 - share) * x_fake


def gradient_penalty(critic, x):
    """Penalise a critic whose slope isn't 1.

    Formula: mean_i (||d critic(x_i) / d x_i||_2 - 1)^2, the norm over all axes of one sample

    The slope is that of each score by its own sample, so no layer of the critic may mix the rows of
    a batch, as BatchNorm does.

    Args:
        critic: callable from samples [B, *shape] to scores [B] or [B, 1].
        x: where the slope is taken, [B, *shape].

    Returns:
        A float32 scalar, twice differentiable with finite gradients, also where the slope is 0.

    Reference: Gulrajani et al., Improved Training of Wasserstein GANs, 2017, eq. 3.
    """
    x = tf.cast(x, tf.float32)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        scores = tf.cast(critic(x), tf.float32)
    slope = tape.gradient(scores, x)  # Of the sum of the scores: a row of x moves its own alone.
    squares = tf.reduce_sum(tf.square(slope), axis=list(range(1, x.shape.rank)))  # [B]
    return tf.reduce_mean(tf.square(tf.sqrt(squares + _EPS) - 1))
