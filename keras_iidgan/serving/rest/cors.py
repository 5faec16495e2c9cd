"""The headers by which a browser lets pages of other origins read answers."""


def origin_headers(allows, takes_tokens):
    """Return the headers that every answer of the REST interface has.

    Args:
        allows: Whether pages of other origins may read the answers.
        takes_tokens: Whether such a page may send a token.

    Returns:
        List of pairs of bytes.
    """
    if not allows:
        return []
    return [
        (b"access-control-allow-origin", b"*"),
        (b"access-control-allow-methods", b"POST, GET"),
        (
            b"access-control-allow-headers",
            b"Content-Type, Authorization" if takes_tokens else b"Content-Type",
        ),
    ]
