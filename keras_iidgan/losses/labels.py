"""What tells an encoder that it took a sample for one of another class."""

import tensorflow as tf

LABEL_LOSSES = ("cross_entropy", "l2")


def label_loss(labels, logits):
    """Cross-entropy of class logits, a mean over the batch.

    Formula: -1/B sum_i sum_k c_ik log softmax(l_i)_k

    Args:
        labels: c, [B, K], rows that sum to 1.
        logits: l, [B, K].

    Returns:
        A float32 scalar; log K for logits that say nothing.
    """
    labels, logits = tf.cast(labels, tf.float32), tf.cast(logits, tf.float32)
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels, logits))
