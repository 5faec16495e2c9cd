"""The input pipeline alone: batches of images as training gets them, looked at and dropped.

Variants: `batches`; `batches_flip`, mirrored; `batches_disk`, read from a memory map.
"""

import tempfile

import conv_setting
import keras_fit
import numpy as np


def make(variant):
    """Return a function that takes a number of batches."""
    from keras_iidgan.training import pipeline

    x = conv_setting.images()
    if variant.endswith("disk"):
        file = tempfile.NamedTemporaryFile(suffix=".npy")
        np.save(file, x)
        file.flush()
        x = np.load(file.name, mmap_mode="r")
        make.file = file
    flip = variant.endswith("flip")
    batches = iter(pipeline.batches(x, conv_setting.BATCH_SIZE, flip=flip))

    def take(count):
        for _ in range(count):
            next(batches)

    return take


versions = keras_fit.versions
