"""The signatures of the way from one code, or sample, to another."""

import functools

import tensorflow as tf

MOST_POINTS = 10_000  # of a call, as a server has a limit of the rows alone

# Below this sine of the angle between two codes their plane is lost in float32's rounding.
_LEAST_SINE = 1e-6


def signatures(parts):
    """Return `interpolate`, between codes, and `interpolate_images`, between samples."""
    bound = functools.partial
    t = tf.TensorSpec([None, None], tf.float32, name="t")
    found = {"interpolate": (bound(_codes, parts), [parts.z("z0"), parts.z("z1"), t, *parts.label])}
    if parts.encoder is not None:
        found["interpolate_images"] = (bound(_samples, parts), [parts.x("x0"), parts.x("x1"), t])
    return found


def between(z0, z1, t):
    """Go from codes to others on the spherical way that pictures of interpolations take.

    Codes of N(0, I) in M dimensions have norms near sqrt(M), and G was trained there. The way
    turns at a constant rate in the plane of the two codes, by the angle w between them, while the
    norm goes evenly from one to the other; a straight line would cut through the middle.

    Formula, with u = z / |z|:
        ((1 - t) |z0| + t |z1|) (sin((1 - t) w) u0 + sin(t w) u1) / sin(w)

    Parallel, opposite and zero codes have no such plane; the way between them is straight.

    Args:
        z0: [N, M] float32.
        z1: [N, M] float32.
        t: [N, K] float32, positions from 0 to 1.

    Returns:
        [N, K, M] float32, exactly `z0` where t = 0 and `z1` where t = 1.

    Raises:
        InvalidArgumentError: when run, for a t outside of [0, 1] or too many of them.
    """
    inside = tf.reduce_all((t >= 0) & (t <= 1))
    few = tf.size(t) <= MOST_POINTS
    checks = [
        tf.debugging.Assert(inside, ["t must be in [0, 1]"]),
        tf.debugging.Assert(few, [f"t must have at most {MOST_POINTS} positions"]),
    ]
    with tf.control_dependencies(checks):
        place = tf.identity(t)[:, :, tf.newaxis]
    ends = [z[:, tf.newaxis] for z in (z0, z1)]
    way = tf.cast(_way(*(tf.cast(part, tf.float64) for part in (*ends, place))), tf.float32)
    return tf.where(place == 0, ends[0], tf.where(place == 1, ends[1], way))


def _way(start, end, t):
    lengths = [tf.norm(z, axis=-1, keepdims=True) for z in (start, end)]
    u0, u1 = (tf.math.divide_no_nan(z, r) for z, r in zip((start, end), lengths, strict=True))
    # Not the arc cosine, which is blind to small angles.
    chords = [tf.norm(u, axis=-1, keepdims=True) for u in (u0 - u1, u0 + u1)]
    angle = 2 * tf.atan2(*chords)
    turned = tf.sin((1 - t) * angle) * u0 + tf.sin(t * angle) * u1
    direction = tf.math.divide_no_nan(turned, tf.sin(angle))
    length = (1 - t) * lengths[0] + t * lengths[1]
    has_plane = (tf.sin(angle) > _LEAST_SINE) & (lengths[0] > 0) & (lengths[1] > 0)
    return tf.where(has_plane, length * direction, (1 - t) * start + t * end)


def _codes(parts, z0, z1, t, *label):
    label = [tf.repeat(each[:, tf.newaxis], tf.shape(t)[1], axis=1) for each in label]
    return _generated(parts, between(z0, z1, t), label)


def _samples(parts, x0, x1, t):
    (z0, first), (z1, second) = (parts.encode(x) for x in (x0, x1))
    label = []
    if first is not None:  # The class of the nearer sample.
        first, second = (tf.argmax(found, axis=1)[:, tf.newaxis] for found in (first, second))
        label = [tf.where(t < 0.5, first, second)]
    return _generated(parts, between(z0, z1, t), label)


def _generated(parts, z, label):
    """Generate from codes [N, K, M] and labels [N, K]."""
    flat = [tf.reshape(each, [-1]) for each in label]
    x = parts.generate(tf.reshape(z, [-1, parts.latent_dim]), *flat)
    x = tf.reshape(x, tf.concat([tf.shape(z)[:2], parts.data_shape], axis=0))
    return {"x": x, "z": z} | ({"label": label[0]} if label else {})
