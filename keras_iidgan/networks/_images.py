"""What the builders for images share: which sizes they can make, and how often they halve them."""


def is_square(data_shape, sides):
    """Return whether `data_shape` is `(n, n, channels)` with n one of `sides`."""
    return len(data_shape) == 3 and data_shape[0] == data_shape[1] and data_shape[0] in sides


def side(architecture, data_shape, sides):
    """Return n for data of shape `(n, n, channels)`.

    Args:
        architecture: the name to blame.
        data_shape: shape of one sample.
        sides: the values of n that the architecture can make.

    Raises:
        ValueError: if `data_shape` is another one; it names the sides that can be made.
    """
    if is_square(data_shape, sides):
        return data_shape[0]
    *first, last = map(str, sides)
    known = f"{', '.join(first)} or {last}" if first else last
    raise ValueError(
        f"architecture {architecture} needs data of shape (n, n, channels) with n = {known}; "
        f"got {data_shape}"
    )


def halvings(side, most, at_least=1):
    """Return how often `side` is halved, `at_least` times, until it is at most `most`."""
    count = at_least
    while side >> count > most:
        count += 1
    return count
