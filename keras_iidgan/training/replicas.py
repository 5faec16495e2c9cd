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
    return _own_rows(_normal, shape, seed)


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


def _normal(shape, seed):
    """Draw N(0, 1) by Box and Muller's formula."""
    count = tf.reduce_prod(shape)
    uniform = _uniform([2, (count + 1) // 2], seed)
    radius = tf.sqrt(-2 * tf.math.log(1 - uniform[0]))
    angle = 2 * math.pi * uniform[1]
    values = tf.concat([radius * tf.cos(angle), radius * tf.sin(angle)], axis=0)
    return tf.reshape(values[:count], shape)
