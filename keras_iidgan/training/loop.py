"""Many training steps in one compiled call, behind Keras' own `steps_per_execution`.

Keras runs `steps_per_execution` steps in a TensorFlow loop around a compiled step. For small
networks the time between those compiled steps outweighs the steps. Here the loop itself is
compiled: K batches are gathered, and one XLA program takes K steps on them. Keras sees the same
contract as before, so progress bar, callbacks, logs and resume count true steps.
"""

import tensorflow as tf


def loop_train_function(model, keras_function):
    """Return a train function that runs `model.steps_per_execution` steps in one XLA program.

    Args:
        model: a compiled `keras.Model` with `jit_compile=True`.
        keras_function: the function that Keras made, used for iterators whose batch size isn't
            static (a stack of batches needs equal shapes) and for plain generators.

    Returns:
        A function from an iterator to a dict of logs. Raises `StopIteration` at the end of data.
    """
    take = tf.function(lambda iterator: _take(iterator, model.steps_per_execution))

    @tf.function(jit_compile=True, autograph=False)
    def run(batches, count):
        def step(i):
            model.train_step(tf.nest.map_structure(lambda stack: stack[i], batches))
            return i + 1

        tf.while_loop(lambda i: i < count, step, [0])
        return model.get_metrics_result()

    def function(iterator):
        if not _has_static_batches(iterator):
            return keras_function(iterator)
        batches, count = take(iterator)
        if int(count) == 0:
            raise StopIteration
        return run(batches, count)

    return function


def repeat_train_function(model, keras_function):
    """Return a train function that calls Keras' one `model.steps_per_execution` times.

    For several replicas: TensorFlow can't place the sums across them inside a loop of its own.

    Args:
        model: a compiled `keras.Model`.
        keras_function: the function that Keras made.

    Returns:
        A function from an iterator to a dict of logs. Raises `StopIteration` at the end of data.
    """
    steps = model.steps_per_execution

    def function(iterator):
        logs = None
        model.steps_per_execution = 1  # What Keras' function reads when it is traced.
        try:
            for _ in range(steps):
                logs = keras_function(iterator)
        except StopIteration:
            if logs is None:
                raise
        finally:
            model.steps_per_execution = steps
        return logs

    return function


def _has_static_batches(iterator):
    if not isinstance(iterator, tf.data.Iterator):
        return False
    specs = tf.nest.flatten(iterator.element_spec)
    return all(isinstance(s, tf.TensorSpec) and s.shape.is_fully_defined() for s in specs)


def _take(iterator, steps):
    """Gather up to `steps` batches: stacks [steps, B, ...], of which the first `count` are real."""
    spec = iterator.element_spec
    arrays = [tf.TensorArray(s.dtype, steps, element_shape=s.shape) for s in tf.nest.flatten(spec)]

    def more(i, following, arrays):
        del arrays
        return tf.logical_and(i < steps, following.has_value())

    def body(i, following, arrays):
        batch = tf.nest.flatten(following.get_value())
        arrays = [array.write(i, part) for array, part in zip(arrays, batch, strict=True)]
        following = tf.cond(i + 1 < steps, iterator.get_next_as_optional, lambda: following)
        return i + 1, following, arrays

    start = (0, iterator.get_next_as_optional(), arrays)
    count, _, arrays = tf.while_loop(more, body, start)
    return tf.nest.pack_sequence_as(spec, [array.stack() for array in arrays]), count
