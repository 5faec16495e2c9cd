"""Whether there is a network, before a downloader tries for minutes."""

import socket
import urllib.request


def check(host: str, timeout: float = 10):
    """Raises OSError where `host` can't be reached within `timeout` seconds.

    Behind a proxy nothing is tried: the host's name may mean nothing here.
    """
    if not urllib.request.getproxies():
        socket.create_connection((host, 443), timeout=timeout).close()
