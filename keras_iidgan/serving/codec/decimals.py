"""Floating-point numbers as text, digit for digit as TensorFlow Serving writes them.

Six significant digits where they read back as the same number, else all that the type has
(9 for float32, 17 for float64); `.0` behind a whole number; `NaN`, `Infinity`, `-Infinity`.
"""

import math

import numpy as np

_ALL_DIGITS = {"float32": ".9g", "float64": ".17g"}


def tokens(array):
    """Write each number of an array.

    Args:
        array: float32 or float64, of any shape.

    Returns:
        List of `str` in row-major order.
    """
    values = array.ravel().tolist()
    texts = [f"{value:g}" for value in values]
    with np.errstate(over="ignore", under="ignore"):
        back = np.array([float(text) for text in texts], np.float64).astype(array.dtype)
    all_digits = _ALL_DIGITS[array.dtype.name]
    for index in np.flatnonzero(back != array.ravel()).tolist():
        texts[index] = format(values[index], all_digits)
    return [_finish(text, value) for text, value in zip(texts, values, strict=True)]


def _finish(text, value):
    if "." in text or "e" in text:
        return text
    if math.isfinite(value):
        return text + ".0"
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
