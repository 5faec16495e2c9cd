"""The signature that improves the codes which an encoder finds."""

import functools

import tensorflow as tf

from keras_iidgan.signatures.parts import named

_LEAST_CUT, _MOST_CUT = 0.5, 0.1  # Of a rate whose step led nowhere.


def signatures(parts, steps):
    """Return `invert_refined` of that many steps; nothing for 0 or without an encoder."""
    if parts.encoder is None or not steps:
        return {}
    return {"invert_refined": (functools.partial(_invert_refined, parts, steps), [parts.x()])}


def _invert_refined(parts, steps, x):
    z, label, _ = parts.rebuild(x)
    z, before, after = refine(lambda codes: parts.generate(codes, *label), x, z, steps)
    rebuilt = parts.generate(z, *label)
    return {"z": z, "x": rebuilt, "error_before": before, "error": after} | named(label)


def refine(generate, x, z, steps):
    """Bring G(z) nearer to x by gradient steps on each row's squared distance.

    A row moves only where that brings it nearer, so none gets worse. Its rate is its own: the
    first is Polyak's. With s the last move and y the turn of the gradient along it, the next is
    (s y) / (y y), the shorter one of Barzilai and Borwein, which goes with descent at every step;
    where a step led nowhere, it is the minimum along it by the same curvature, (s s) / (s y), cut
    to 0.1 to 0.5 of the rate that was too long. Nothing holds the codes near N(0, I).

    Args:
        generate: function from codes [N, M] to [N, *shape]; a row must depend on its code alone.
        x: [N, *shape], what is to be reached.
        z: [N, M], where to begin.
        steps: number of steps, each one call of `generate` and its gradient.

    Returns:
        The codes [N, M], and ||x - G(z)|| [N] before and after.

    Reference:
        Barzilai and Borwein, Two-point step size gradient methods, 1988.
    """

    def measure(codes):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(codes)
            squares = tf.math.squared_difference(x, generate(codes))
            distance = tf.reduce_sum(squares, axis=list(range(1, x.shape.rank)))
        return distance, tape.gradient(distance, codes, unconnected_gradients="zero")

    def step(codes, distance, gradient, rate):
        trial = codes - rate[:, tf.newaxis] * gradient
        reached, slope = measure(trial)
        nearer = reached < distance
        moved, turned = trial - codes, slope - gradient
        rate = tf.where(nearer, _next(rate, moved, turned), _shorter(rate, moved, turned))
        codes = tf.where(nearer[:, tf.newaxis], trial, codes)
        gradient = tf.where(nearer[:, tf.newaxis], slope, gradient)
        return codes, tf.where(nearer, reached, distance), gradient, rate

    before, gradient = measure(z)
    rate = tf.math.divide_no_nan(before, _dot(gradient, gradient))
    start = (z, before, gradient, rate)
    z, after, *_ = tf.while_loop(lambda *_: True, step, start, maximum_iterations=steps)
    return z, tf.sqrt(before), tf.sqrt(after)


def _next(rate, moved, turned):
    bend = _dot(moved, turned)
    # At a saddle, where it bends the other way, a longer step leads on.
    return tf.where(bend > 0, tf.math.divide_no_nan(bend, _dot(turned, turned)), 2 * rate)


def _shorter(rate, moved, turned):
    bend = _dot(moved, turned)
    lowest = tf.where(bend > 0, tf.math.divide_no_nan(_dot(moved, moved), bend), 0.0)
    return tf.clip_by_value(lowest, _MOST_CUT * rate, _LEAST_CUT * rate)


def _dot(a, b):
    return tf.reduce_sum(a * b, axis=1)
