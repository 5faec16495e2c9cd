"""Rows through a network, some at a time."""

import math

import numpy as np

_ROWS, _VALUES = 8192, 1 << 21  # Of a chunk at most; activations are many times as large.


def in_chunks(network, rows, data_shape):
    """Yield the outputs of `network` for consecutive chunks of `rows`, one chunk if there is none.

    Args:
        network: Keras model.
        rows: array [B, ...].
        data_shape: shape of one sample, on whichever side of the network it is.
    """
    size = min(_ROWS, max(_VALUES // math.prod(data_shape), 64))
    for start in range(0, max(len(rows), 1), size):
        chunk = np.asarray(rows[start : start + size], np.float32)
        yield np.asarray(network(chunk, training=False))
