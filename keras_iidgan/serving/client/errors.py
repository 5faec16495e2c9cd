"""The one error of the client."""


class ServingError(Exception):
    """A request that was not answered with tensors.

    Attributes:
        message: The server's own message, or what kept the request from it.
        status: The HTTP status, over gRPC the one that stands for its code; `None` where no server
            answered. gRPC does not tell this from a server that is busy: both are 503.
        is_temporary: Whether the same request may succeed later, as when a server is busy or the
            connection was lost.
    """

    def __init__(self, message, status=None, is_temporary=False):
        super().__init__(message)
        self.message = message
        self.status = status
        self.is_temporary = is_temporary

    def __str__(self):
        return self.message if self.status is None else f"{self.status}: {self.message}"
