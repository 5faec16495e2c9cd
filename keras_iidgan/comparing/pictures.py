"""The pictures of a comparison."""


def draw(comparison):
    """Draw what the run folders hold; yields the paths."""
    return []
