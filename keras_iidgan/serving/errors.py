"""The one error of the server: a canonical status code with a message."""

HTTP_STATUS = {
    "OK": 200,
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "OUT_OF_RANGE": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "ABORTED": 409,
    "RESOURCE_EXHAUSTED": 429,
    "CANCELLED": 499,
    "UNKNOWN": 500,
    "INTERNAL": 500,
    "DATA_LOSS": 500,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}


class StatusError(Exception):
    """A request or a model that failed, as TensorFlow Serving would name it.

    Args:
        code: A canonical code, one of the keys of `HTTP_STATUS`.
        message: What went wrong; the client gets it word for word.
    """

    def __init__(self, code, message):
        if code not in HTTP_STATUS:
            raise ValueError(f"code: expected one of {', '.join(HTTP_STATUS)}, got {code!r}")
        super().__init__(code, message)
        self.code = code
        self.message = message

    @property
    def http_status(self):
        """The HTTP status that stands for the code."""
        return HTTP_STATUS[self.code]

    def __str__(self):
        return f"{self.code}: {self.message}"


def invalid(message):
    """Make the error of a request that can never succeed.

    Args:
        message: What went wrong.

    Returns:
        A `StatusError` with code INVALID_ARGUMENT, for the caller to raise.
    """
    return StatusError("INVALID_ARGUMENT", message)
