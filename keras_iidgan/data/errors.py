"""What is said of an error of another library."""


def first_line(error: BaseException, most: int = 200) -> str:
    """Returns the first line of a message, at most so long; without one the name of its type."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:most]
