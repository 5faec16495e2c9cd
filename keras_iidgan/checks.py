"""Checks of arguments whose errors read alike everywhere."""


def one_of(argument, value, known):
    """Raise ValueError, listing the known values, unless `value` is one of `known`."""
    if value not in known:
        raise ValueError(f"{argument} must be one of {', '.join(known)}; got {value!r}")


def at_least(argument, value, least):
    """Raise ValueError unless `value` is a finite number of at least `least`."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not (is_number and least <= value < float("inf")):
        raise ValueError(f"{argument} must be a finite number of at least {least}; got {value!r}")


def whole(argument, value, least):
    """Raise ValueError unless `value` is an integer of at least `least`."""
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if not (is_whole and value >= least):
        raise ValueError(f"{argument} must be a whole number of at least {least}; got {value!r}")


def boolean(argument, value):
    """Raise ValueError unless `value` is True or False."""
    if not isinstance(value, bool):
        raise ValueError(f"{argument} must be true or false; got {value!r}")


def above(argument, value, bound):
    """Raise ValueError unless `value` is a finite number above `bound`."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not (is_number and bound < value < float("inf")):
        raise ValueError(f"{argument} must be a finite number above {bound}; got {value!r}")
