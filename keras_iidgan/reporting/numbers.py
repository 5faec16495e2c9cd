"""Numbers as a person reads them."""

import math

NONE = "–"


def number(value, digits=4):
    """Return an integer in groups of three, another number in so many significant digits."""
    if value is None or isinstance(value, str):
        return value or NONE
    value = value.item() if hasattr(value, "item") else value
    if not math.isfinite(value):
        return "not finite"
    if float(value).is_integer() and (isinstance(value, int) or 10 <= abs(value) < 1e9):
        return f"{int(value):,}"
    return f"{value:.{digits}g}"


def share(value):
    """Return a share in percent, and no 0% or 100% of what is only near them."""
    if value is None or not math.isfinite(value):
        return number(value)
    for digits in (1, 2, 3):
        said = f"{value:.{digits}%}"
        if value in (0, 1) or float(said[:-1]) not in (0, 100):
            break
    return said.replace(".0%", "%")


def probability(value):
    """Return a p-value, of which nobody needs to know how small it is below 0.001."""
    if value is None:
        return NONE
    if not math.isfinite(value):
        return "not finite"
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
