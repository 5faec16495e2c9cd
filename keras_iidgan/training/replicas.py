"""Replica arithmetic: what one replica of a `tf.distribute` strategy must know of the others."""

import math

import tensorflow as tf


def count():
    """Return the number of replicas that train in step, 1 without a strategy."""
    return tf.distribute.get_strategy().num_replicas_in_sync


def all_reduce_sum(tensors):
    """Sum tensors across replicas, differentiably.

    Args:
        tensors: list of tensors, of equal shapes on every replica.

    Returns:
        The list of sums. The gradient of a sum is again summed across replicas.
    """
    if count() == 1:
        return tensors
    context = tf.distribute.get_replica_context()
    return context.all_reduce(tf.distribute.ReduceOp.SUM, tensors)


def all_gather(rows):
    """Return the rows of all replicas, differentiably.

    The gradient of a row is summed across replicas. So a loss of the gathered rows, which every
    replica computes alike and divides by their number, has the gradient of one device.

    Args:
        rows: `[b, ...]`, of equal shape on every replica.

    Returns:
        `[R*b, ...]` for R replicas, those of the first one first.
    """
    replicas = count()
    if replicas == 1:
        return rows
    index = tf.distribute.get_replica_context().replica_id_in_sync_group
    mine = tf.reshape(tf.one_hot(index, replicas, dtype=rows.dtype), [-1, *[1] * len(rows.shape)])
    (spread,) = all_reduce_sum([mine * rows[None]])  # [R, b, ...]
    return tf.reshape(spread, tf.concat([[-1], tf.shape(rows)[1:]], axis=0))


def local_normal(shape, seed):
    """Draw this replica's rows of a global N(0, 1) draw.

    Every replica draws the rows of all of them and keeps its own, so that R replicas of b rows see
    the same noise as one device with R*b rows.

    Args:
        shape: `[b, ...]`, the rows of one replica.
        seed: `[2]` integers, equal on every replica.

    Returns:
        float32 tensor of `shape`, the same with XLA as without.
    """
    return _own_rows(shared_normal, shape, seed)


def local_uniform(shape, seed):
    """Draw this replica's rows of a global draw from [0, 1); see `local_normal`."""
    return _own_rows(_uniform, shape, seed)


def _own_rows(draw, shape, seed):
    replicas = count()
    if replicas == 1:
        return draw(shape, seed)
    rows = draw([replicas * shape[0], *shape[1:]], seed)
    index = tf.distribute.get_replica_context().replica_id_in_sync_group
    return tf.reshape(rows, [replicas, *shape])[index]


def _uniform(shape, seed):
    """Draw from [0, 1), exact multiples of 2^-24.

    TensorFlow's own normal and uniform floats differ between XLA and the rest; its bits don't.
    """
    bits = tf.random.stateless_uniform(
        shape, seed, minval=None, maxval=None, dtype=tf.uint32, alg="philox"
    )
    bits = tf.bitwise.right_shift(bits, tf.constant(8, tf.uint32))
    return tf.cast(bits, tf.float32) * 2.0**-24


def shared_normal(shape, seed):
    """Draw N(0, 1) by Box and Muller's formula, the same on every replica for the same seed.

    Args:
        shape: of the draw.
        seed: `[2]` integers.
    """
    count = tf.reduce_prod(shape)
    uniform = _uniform([2, (count + 1) // 2], seed)
    radius = tf.sqrt(-2 * tf.math.log(1 - uniform[0]))
    angle = 2 * math.pi * uniform[1]
    values = tf.concat([radius * tf.cos(angle), radius * tf.sin(angle)], axis=0)
    return tf.reshape(values[:count], shape)
