"""What a turn is, and the batches that one training step gives to its turns."""

import dataclasses
import itertools
from collections.abc import Iterator

import tensorflow as tf

# What TensorFlow's error names where rows, whose number a running step alone knows, don't divide.
ROWS_OP = "rows_of_a_step"


@dataclasses.dataclass(frozen=True)
class Turn:
    """One player's move in a training step.

    Args:
        player: the loss is the method's `<player>_loss(batch)`.
        updates: roles of the networks that this turn updates, and no others.
        repeats: how often a step plays this turn, each time on a batch and noise of its own.
    """

    player: str
    updates: tuple[str, ...]
    repeats: int = 1


@dataclasses.dataclass(frozen=True)
class Batch:
    """What a loss function receives: real data `x` [B, *shape], and labels [B] or None.

    `draws` numbers the draws of codes made for this batch. The number belongs to the batch, not to
    the model, because replicas trace the same step side by side, each with a batch of its own.
    The batches of one step count on together, so that none sees the noise of another one.
    """

    x: tf.Tensor
    labels: tf.Tensor | None = None
    draws: Iterator[int] = dataclasses.field(default_factory=lambda: itertools.count(1))


def split(x, labels, count, pack=1):
    """Cut the rows of one step into its batches.

    Args:
        x: data [count * B, *shape], B a multiple of `pack`.
        labels: labels [count * B], or None.
        count: number of batches.
        pack: rows that the discriminator judges as one.

    Returns:
        List of `count` `Batch`es of B rows, in the order of the rows.

    Raises:
        ValueError: if the rows don't divide. Where their number isn't known beforehand, running
            the step raises an error that names `ROWS_OP`; see `checking_rows`.
    """
    if count * pack == 1:
        return [Batch(x, labels)]
    rows = x.shape[0]
    if rows is not None and rows % (count * pack):
        raise ValueError(rows_error(count, pack, rows))
    if rows is None:
        x, rows = _checked(x, count * pack)
    each, draws = rows // count, itertools.count(1)

    def part(k):
        chosen = slice(k * each, (k + 1) * each)
        return Batch(x[chosen], None if labels is None else labels[chosen], draws)

    return [part(k) for k in range(count)]


def _checked(x, multiple):
    """Return rows whose number must be such a multiple when a step runs, and the number."""
    rows = tf.shape(x)[0]
    # The rows wait for the assertion, else a layer that can't take them might fail before it.
    with tf.control_dependencies([tf.debugging.assert_equal(rows % multiple, 0, ROWS_OP)]):
        x = tf.identity(x)
    # XLA ignores assertions, but not a reshape that can't be done.
    parts = tf.reshape(x, [-1, multiple, *x.shape[1:]], name=ROWS_OP)
    return tf.reshape(parts, [-1, *x.shape[1:]]), rows


def checking_rows(model, train_function):
    """Return a train function that says in one line where the rows of a step don't divide."""

    def function(iterator):
        try:
            return train_function(iterator)
        except tf.errors.InvalidArgumentError as error:
            if ROWS_OP not in str(error):
                raise
        raise ValueError(rows_error(model.batches_per_step, model.pack))

    return function


def rows_error(count, pack, rows="another number of"):
    """Say how many rows a batch that `fit` gives to a step has to have."""
    parts = [f"{count} batches a step"] if count > 1 else []
    parts += [f"packs of {pack}"] if pack > 1 else []
    return (
        f"batch_size of fit must be a multiple of {count * pack}, for {' of '.join(parts)}; "
        f"got {rows} rows"
    )
