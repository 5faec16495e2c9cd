"""Replica arithmetic: what one replica of a `tf.distribute` strategy must know of the others."""

import tensorflow as tf

# Left to itself, TensorFlow takes another algorithm under XLA, and so draws other numbers.
_ALGORITHM = "philox"


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
    replicas = count()
    if replicas == 1:
        return tf.random.stateless_normal(shape, seed, alg=_ALGORITHM)
    rows = tf.random.stateless_normal([replicas * shape[0], *shape[1:]], seed, alg=_ALGORITHM)
    index = tf.distribute.get_replica_context().replica_id_in_sync_group
    return tf.reshape(rows, [replicas, *shape])[index]
