"""The HTTP side of the server's process: its address, its signals and its end."""

import signal
import socket
import urllib.parse

import uvicorn

from keras_iidgan.cli import UsageError

_GRACE = 10  # seconds, at the end, for the requests that are being worked on


def bind(host, port):
    """Take the address before the models are loaded, which is the slow part.

    Args:
        host: Name or address.
        port: Its port; 0 takes a free one.

    Returns:
        The bound `socket.socket`, which doesn't listen yet.

    Raises:
        UsageError: The address cannot be had.
    """
    if not 0 <= port < 65536:
        raise UsageError(f"--rest_api_port must be from 0 to 65535; got {port}")
    listener = None
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        if listener:
            listener.close()
        raise UsageError(
            f"--host and --rest_api_port must be an address that is free;"
            f" got {host} and {port}: {error.strerror}"
        ) from None
    return listener


def base_url(listener, scheme):
    """Return the URL of the server, as a program on this machine may call it."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, host)
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host}:{port}"


def url(base, name):
    """Return the URL of a model of the server."""
    return f"{base}/v1/models/{urllib.parse.quote(name, safe='')}"


class _Server(uvicorn.Server):
    """Ends gRPC when it ends itself, so that both have the same time for what they work on."""

    rpc = None
    rpc_over = None

    async def shutdown(self, sockets=None):
        """End, after the signal and before the last answers are given."""
        if self.rpc:
            self.rpc_over = self.rpc.stop(_GRACE)
        await super().shutdown(sockets)


def run(application, listener, options, rpc):
    """Serve until SIGINT or SIGTERM; then end, and gRPC with it.

    Args:
        application: The ASGI application.
        listener: What `bind` returned, listening.
        options: Further options of uvicorn.
        rpc: A started `RpcServer` or `None`.
    """
    config = uvicorn.Config(
        application,
        lifespan="off",
        ws="none",
        log_level="error",  # A warning is what any client can bring about, as often as it likes.
        access_log=False,
        proxy_headers=False,  # Nobody asks where a request came from.
        timeout_graceful_shutdown=_GRACE,
        **options,
    )
    server = _Server(config)
    server.rpc = rpc

    def end(*_):
        server.should_exit = True

    # Until uvicorn takes the signals over, and again when it hands them back.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    server.run(sockets=[listener])
    if rpc:
        over = server.rpc_over or rpc.stop(_GRACE)
        over.wait(0 if server.force_exit else _GRACE)
        rpc.stop(0).wait()
