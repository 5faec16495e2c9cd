"""Which term went wrong first, remembered from inside compiled steps."""

import tensorflow as tf

_NONE = -1


class FirstBad:
    """Remembers the first term that wasn't finite, and the step.

    Many steps may run between two looks at the logs, and one bad term soon makes all others bad.
    Under several replicas the first one's terms are looked at; the others' faults reach it with
    the next step's gradients.

    Args:
        names: the terms in the order in which a step computes them.
    """

    def __init__(self, names):
        self.names = tuple(names)
        self._found = tf.Variable(
            [_NONE, 0],
            trainable=False,
            dtype=tf.int64,
            aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA,
        )

    def reset(self):
        """Forget what was found."""
        self._found.assign([_NONE, 0])

    def update(self, terms, step):
        """Look at a step's terms, `{name: scalar}` of every name, after step number `step`."""
        bad = tf.stack([~tf.math.is_finite(terms[name]) for name in self.names])
        here = tf.stack([tf.argmax(tf.cast(bad, tf.int32)), tf.cast(step, tf.int64)])
        is_first = tf.reduce_any(bad) & (self._found[0] == _NONE)
        self._found.assign(tf.where(is_first, here, tf.convert_to_tensor(self._found)))

    def found(self):
        """Return the term's name and the step, or None."""
        index, step = self._found.numpy().tolist()
        return None if index == _NONE else (self.names[index], step)
