"""A `Data` whose samples are a pipeline's examples."""

import dataclasses

from keras_iidgan import session
from keras_iidgan.cli import UsageError
from keras_iidgan.data.base import Data, pixels
from keras_iidgan.tfx import reading
from keras_iidgan.tfx.settings import EXAMPLES


def load(settings, train, test, **source):
    """Read both splits.

    Where the settings name a data set of this package, it says what the modes are and what shape a
    sample has; the samples themselves are those of the examples.

    Args:
        settings: `settings.Settings`.
        train: globs of the files to train on.
        test: globs of those to measure on.
        source: `schema` and `accessor`, as of `reading.read`.

    Returns:
        `data.Data`.

    Raises:
        UsageError: as `reading.read`, or where splits and data set don't fit together.
    """
    known = None
    if settings.config.dataset != EXAMPLES:
        known = session.load_data(settings.config)
    shape = known.shape if known else settings.shape
    size = settings.config.image_size
    for name, patterns in (("train", train), ("eval", test)):
        reading.check_not_empty(name, patterns)
    train = reading.read("train", train, shape=shape, image_size=size, **source)
    shape = train.x.shape[1:]
    test = reading.read("eval", test, shape=shape, with_labels=False, **source)
    try:
        return _completed(known, train, test) if known else _plain(train, test)
    except ValueError as error:
        raise UsageError(f"the examples can't be used: {error}") from None


def _plain(train, test):
    return Data(
        name=EXAMPLES,
        kind="images" if train.is_image else "points",
        train=train.x,
        test=pixels(test.x),
        labels=train.labels,
    )


def _completed(known, train, test):
    """Put the examples' samples in the place of a data set's own."""
    labels = train.labels
    if labels is None and known.kind == "points" and known.num_modes:
        labels = known.assign(train.x).mode  # Pictures of the codes are coloured by mode.
    return dataclasses.replace(known, train=train.x, test=pixels(test.x), labels=labels)
