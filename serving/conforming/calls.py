"""Requests to a server, with nothing but the standard library."""

import collections
import http.client
import urllib.parse

Answer = collections.namedtuple("Answer", "status headers body")


class Server:
    """A server's REST interface.

    Args:
        url: "http://localhost:8501", or https.
        timeout: Seconds to wait for an answer.

    Raises:
        ValueError: The URL isn't one.
    """

    def __init__(self, url, timeout=60.0):
        parts = urllib.parse.urlsplit(url)
        is_address = parts.scheme in ("http", "https") and parts.hostname
        if not is_address or parts.path.strip("/"):
            raise ValueError(f"must be http://host:port or https://host:port; got {url}")
        kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
        self._kind, self._timeout = kinds[parts.scheme], timeout
        self._host, self._port = parts.hostname, parts.port

    def ask(self, method, path, body=None, headers=None):
        """Send a request on a connection of its own.

        Args:
            method: The HTTP method.
            path: The path, percent-encoded.
            body: Bytes, or `None`.
            headers: Dict.

        Returns:
            An `Answer`.

        Raises:
            OSError: No answer comes.
        """
        connection = self._kind(self._host, self._port, timeout=self._timeout)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        except http.client.HTTPException as error:
            raise ConnectionError(f"not an answer in HTTP: {error!r}") from error
        finally:
            connection.close()
