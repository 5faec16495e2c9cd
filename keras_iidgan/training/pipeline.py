"""The input pipeline: batches as a function of seed and step, so that a resume is exact."""

import numpy as np
import tensorflow as tf


def batches(x, batch_size, *, seed=0, first_step=0):
    """Return an endless dataset of shuffled batches, starting at any step.

    Epochs are permutations of the rows; a batch may span two of them, so that every batch is
    full. The rows of step s are a function of (seed, s) alone: no shuffle buffer, no state, and
    `first_step=s` continues exactly where a run that stopped after s steps was.

    Args:
        x: array [N, *shape], kept in memory as it is.
        batch_size: B, the global batch.
        seed: seed of the shuffle.
        first_step: the first step to yield.

    Returns:
        `tf.data.Dataset` of [B, *shape].

    Raises:
        ValueError: if there are fewer rows than one batch takes.
    """
    size = len(x)
    if not 1 <= batch_size <= size:
        raise ValueError(f"batch_size must be in 1..{size}, the size of the data; got {batch_size}")
    rows = tf.constant(np.ascontiguousarray(x))

    def batch(step):
        position = step * batch_size + tf.range(batch_size, dtype=tf.int64)
        epoch, place = position // size, position % size
        chosen = tf.gather(rows, shuffled(place, epoch, size, seed))
        return tf.ensure_shape(chosen, [batch_size, *x.shape[1:]])

    steps = tf.data.Dataset.range(first_step, np.iinfo(np.int64).max)
    options = tf.data.Options()
    # Autotuning makes `fit` end late, by up to the time of the training itself.
    options.autotune.enabled = False
    # One process reads all of the data; sharding by files or rows would change the batches.
    options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.OFF
    return steps.map(batch).prefetch(64).with_options(options)


def shuffled(place, epoch, size, seed):
    """Map places [B] of epochs [B] to rows [B], each epoch a permutation of 0..size - 1.

    The places must span at most two epochs, as those of one batch do.
    """
    last = tf.constant(size - 1, tf.int64)
    first_epoch = epoch[0]

    def permuted(which):
        return tf.random.experimental.index_shuffle(place, [tf.constant(seed, tf.int64), which], last)

    return tf.where(epoch == first_epoch, permuted(first_epoch), permuted(first_epoch + 1))
