"""The input pipeline: batches as a function of seed and step, so that a resume is exact."""

import numpy as np
import tensorflow as tf

_BLOCK = 32
_BLOCK_BYTES = 1 << 25  # Of float32; a few blocks are ready at a time.


def batches(
    x,
    batch_size,
    *,
    per_step=1,
    labels=None,
    flip=False,
    seed=0,
    first_step=0,
    strategy=None,
):
    """Return an endless dataset of shuffled batches, starting at any step.

    An element holds the rows of one training step: one batch, or `per_step` of them in a row.

    Epochs are permutations of the rows; a batch may span two of them, so that every batch is
    full. The rows of step s are a function of (seed, s) alone: no shuffle buffer, no state, and
    `first_step=s` continues exactly where a run that stopped after s steps was.

    Args:
        x: array [N, *shape], kept in memory as it is, or a `np.memmap`, which is read batch by
            batch. uint8 are pixels p, yielded as p / 127.5 - 1 in float32; other types are yielded
            unchanged.
        batch_size: B, the global batch.
        per_step: P, the batches of one step; see `TurnTrainer.batches_per_step`.
        labels: integers [N] that go with the rows, or None.
        flip: mirror about half of the images [H, W, C], another half in every epoch.
        seed: seed of the shuffle, and of which images are mirrored.
        first_step: the first step to yield.
        strategy: a `tf.distribute` strategy whose replicas share the batch equally, or None.

    Returns:
        `tf.data.Dataset` of [P*B, *shape], or of pairs with labels [P*B] int32; under a strategy a
        distributed dataset, in which replica r of R gets rows r*B/R to (r+1)*B/R of every batch.

    Raises:
        ValueError: if there are fewer rows than one batch takes, R doesn't divide B, or rows that
            aren't images are to be mirrored.
    """
    if not 1 <= batch_size <= len(x):
        raise ValueError(
            f"batch_size must be in 1..{len(x)}, the size of the data; got {batch_size}"
        )
    if flip and np.ndim(x) != 4:
        raise ValueError(f"flip needs images [N, H, W, C]; got shape {np.shape(x)}")
    if labels is not None and len(labels) != len(x):
        raise ValueError(f"labels must be {len(x)}, one for each row; got {len(labels)}")
    arrays = (x,) if labels is None else (x, np.asarray(labels, np.int32))
    source = _Source(arrays, batch_size, per_step, seed, first_step, flip)
    if strategy is None:
        return source.rows_of(replicas=1, here=range(1))
    replicas = strategy.num_replicas_in_sync
    if batch_size % replicas:
        raise ValueError(f"batch_size must be a multiple of {replicas}; got {batch_size}")

    def local(context):
        each = replicas // context.num_input_pipelines
        here = range(context.input_pipeline_id * each, (context.input_pipeline_id + 1) * each)
        return source.rows_of(replicas=replicas, here=here)

    return strategy.distribute_datasets_from_function(local)


class _Source:
    """Where batches come from: the arrays, and the order in which rows are taken."""

    def __init__(self, arrays, batch_size, per_step, seed, first_step, flip):
        self.gathers = [_gather(array) for array in arrays]
        self.size, self.batch_size, self.per_step = len(arrays[0]), batch_size, per_step
        self.row_size = int(np.prod(arrays[0].shape[1:]))
        self.seed, self.first_step, self.flip = seed, first_step, flip

    def rows_of(self, *, replicas, here):
        """Yield, step by step, the parts of its batches of the replicas `here`, in turn."""
        part = self.batch_size // replicas  # Of one batch; an element has `per_step` of them.
        rows = self.per_step * part
        count = min(_BLOCK, max(1, _BLOCK_BYTES // (4 * rows * self.row_size)))
        within = tf.range(part, dtype=tf.int64)
        batch = self.batch_size * tf.range(self.per_step, dtype=tf.int64)
        offset = tf.reshape(batch[:, None] + within, [rows])

        def block(i):
            """Gather `count` elements at once; small ones aren't worth an op each."""
            element = i * count + tf.range(count, dtype=tf.int64)
            step, replica = self.first_step + element // len(here), here.start + element % len(here)
            start = step * self.per_step * self.batch_size + replica * part
            return self._at(start[:, None] + offset)

        options = tf.data.Options()
        # Autotuning makes `fit` end late, by up to the time of the training itself.
        options.autotune.enabled = False
        blocks = tf.data.Dataset.range(np.iinfo(np.int64).max).map(block)
        return blocks.prefetch(4).unbatch().with_options(options)

    def _at(self, position):
        """Return the rows at positions [count, part] of the endless sequence of epochs."""
        rows = shuffled(position, self.size, self.seed)
        chosen = [_scaled(gather(rows)) for gather in self.gathers]  # [count, part, ...]
        if self.flip:
            chosen[0] = _mirrored(chosen[0], _bit(position, self.seed))
        return chosen[0] if len(chosen) == 1 else tuple(chosen)


def _gather(array):
    """Return a function from rows, an int64 tensor, to those rows of an array."""
    if not isinstance(array, np.memmap):
        with tf.device("CPU:0"):  # A GPU's memory is for networks; batches are made beside it.
            tensor = tf.constant(np.ascontiguousarray(array))
        return lambda rows: tf.gather(tensor, rows)

    def read(rows):
        found = np.empty([*rows.shape, *array.shape[1:]], array.dtype)
        flat = found.reshape(-1, *array.shape[1:])
        order = np.argsort(rows, axis=None)  # In the order of the file.
        flat[order] = array[rows.ravel()[order]]
        return found

    def gather(rows):
        found = tf.numpy_function(read, [rows], array.dtype)
        return tf.ensure_shape(found, [*rows.shape, *array.shape[1:]])

    return gather


def _mirrored(images, bits):
    """Mirror those of the images [count, part, H, W, C] whose bit [count, part] is set."""
    height, width, channels = images.shape[2:]
    # Lines [n, W, C] are reversed many times faster than images, and rows chosen from both are
    # faster than `tf.where`.
    reverse = tf.reverse(tf.reshape(images, [-1, width, channels]), [1])
    both = [tf.reshape(x, [-1, height, width, channels]) for x in (images, reverse)]
    count = tf.size(bits)
    chosen = tf.range(count) + count * tf.cast(tf.reshape(bits, [-1]), tf.int32)
    return tf.reshape(tf.gather(tf.concat(both, 0), chosen), images.shape)


def _bit(position, seed):
    """Toss a fair coin for every position: the top bit of the seed's SplitMix64 sequence there.

    Reference: Steele, Lea, Flood, Fast Splittable Pseudorandom Number Generators, 2014.
    """
    state = _uint64(seed * 0xD1342543DE82EF95)
    state += tf.cast(position, tf.uint64) * _uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        moved = tf.bitwise.right_shift(state, _uint64(shift))
        state = tf.bitwise.bitwise_xor(state, moved) * _uint64(factor)
    return state >= _uint64(1 << 63)


def _uint64(number):
    return tf.constant(number % (1 << 64), tf.uint64)


def _scaled(x):
    return x if x.dtype != tf.uint8 else tf.cast(x, tf.float32) / 127.5 - 1


def shuffled(position, size, seed):
    """Map positions in the endless sequence of epochs to rows, each epoch a permutation.

    Args:
        position: int64 tensor, any shape; of at most `size` consecutive epochs' numbers.
        size: N, rows in an epoch.
        seed: seed of the shuffle.

    Returns:
        int64 tensor of rows in 0..size - 1, of the same shape.
    """
    flat = tf.reshape(position, [-1])
    place, epoch = flat % size, flat // size
    last = tf.constant(size - 1, tf.int64)

    def permute(which, rows):
        key = [tf.constant(seed, tf.int64), which]
        permuted = tf.random.experimental.index_shuffle(place, key, last)
        return which + 1, tf.where(epoch == which, permuted, rows)

    # The operation takes one key for a whole vector, so it runs once per epoch that occurs.
    stop = tf.reduce_max(epoch)
    _, rows = tf.while_loop(
        lambda which, rows: which <= stop, permute, [tf.reduce_min(epoch), place]
    )
    return tf.reshape(rows, tf.shape(position))
