"""The gRPC server: it takes a port first, and services once there are models."""

import concurrent.futures
import os
import socket

import grpc

from keras_iidgan.serving import auth
from keras_iidgan.serving.rest.limits import Limits
from keras_iidgan.serving.rpc.receiving import SPARE, Receiving

_HEALTH = "/grpc.health.v1.Health/"
_LARGEST = 2**31 - 1  # bytes of an answer, as in the reference server


def parse_arguments(text):
    """Read channel arguments.

    Args:
        text: `key=value,...`, or empty or `None`.

    Returns:
        List of pairs; a value is an `int` where it reads as one that fits 32 bits.

    Raises:
        ValueError: A part is not `key=value`.
    """
    arguments = []
    for part in text.split(",") if text else ():
        key, equals, value = part.partition("=")
        if not key or not equals:
            raise ValueError(f"grpc_channel_arguments must be key=value,...; got {part!r} in it")
        arguments.append((key, _number(value)))
    return arguments


def _number(text):
    try:
        value = int(text)
    except ValueError:
        return text
    return value if -(2**31) <= value < 2**31 else text


class Bearer(grpc.ServerInterceptor):
    """Lets calls with a token through, and those that ask for the server's health.

    Args:
        tokens: A `keras_iidgan.serving.auth.Tokens`.
    """

    def __init__(self, tokens):
        self._tokens = tokens
        self._refusal = grpc.unary_unary_rpc_method_handler(_refuse)

    def intercept_service(self, continuation, handler_call_details):
        """Find the handler of a call; see `grpc.ServerInterceptor`."""
        if handler_call_details.method.startswith(_HEALTH):
            return continuation(handler_call_details)
        metadata = handler_call_details.invocation_metadata
        sent = [_bytes(value) for key, value in metadata if key == "authorization"]
        if len(sent) == 1 and self._tokens.allow(sent[0]):
            return continuation(handler_call_details)
        return self._refusal


def _bytes(value):
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")


def _refuse(request, context):
    context.abort(grpc.StatusCode.UNAUTHENTICATED, auth.MESSAGE)


class RpcServer:
    """A gRPC server in threads of its own.

    Args:
        threads: Number of calls that are worked on at once; four for each core by default.
        arguments: Channel arguments, a list of pairs, which go before the server's own.
        tokens: A `Tokens`, or `None` where calls need no token.
        credentials: `tls.Credentials`, or `None` where there is no TLS.
        limits: The `Limits`, of which those of a message, its time and the calls that wait count.
    """

    def __init__(self, threads=None, arguments=(), tokens=None, credentials=None, limits=None):
        limits = limits or Limits()
        own = {
            "grpc.max_receive_message_length": min(limits.max_body_bytes, _LARGEST),
            "grpc.max_send_message_length": _LARGEST,
            "grpc.so_reuseport": 0,  # Else a second server takes half of the calls.
        }
        threads = threads or 4 * (os.cpu_count() or 1)
        pool = concurrent.futures.ThreadPoolExecutor(threads + SPARE, thread_name_prefix="grpc")
        self._receiving = Receiving(threads, limits.read_timeout_in_ms / 1000)
        self._server = grpc.server(
            pool,
            interceptors=[self._receiving, *([Bearer(tokens)] if tokens else [])],
            options=list((own | dict(arguments)).items()),
            maximum_concurrent_rpcs=limits.max_waiting,
        )
        self._credentials = credentials
        self._health = None

    def bind(self, host, port):
        """Take an address; nobody is answered yet.

        Args:
            host: Name or number of the address.
            port: The port; 0 takes a free one.

        Returns:
            The port.

        Raises:
            OSError: The address cannot be listened on.
        """
        # gRPC does not say why it fails, so a plain socket tries first.
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
        target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        try:
            if self._credentials:
                taken = self._server.add_secure_port(target, _server_credentials(self._credentials))
            else:
                taken = self._server.add_insecure_port(target)
        except RuntimeError as error:
            raise OSError(0, str(error)) from None
        if not taken:
            raise OSError(0, "gRPC cannot listen there")
        return taken

    def start(self, models, reload=None, **options):
        """Answer calls from now on.

        Args:
            models: A `Models`.
            reload: Function for `HandleReloadConfigRequest`, see `services.ModelService`.
            options: Of `services.PredictionService`.
        """
        # These import TensorFlow, which nobody who only takes a port should wait for.
        from grpc_health.v1 import health_pb2_grpc
        from tensorflow_serving.apis import model_service_pb2_grpc, prediction_service_pb2_grpc

        from keras_iidgan.serving.rpc import health, services

        self._health = health.Health(models.is_ready)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(
            services.PredictionService(models, **options), self._server
        )
        model_service_pb2_grpc.add_ModelServiceServicer_to_server(
            services.ModelService(models, reload), self._server
        )
        self._server.start()

    def stop(self, grace):
        """Take no new calls, and cancel those that run once their time is over.

        Args:
            grace: Seconds for the calls that run.

        Returns:
            A `threading.Event` that is set when all is over.
        """
        if self._health:
            self._health.close()
        self._receiving.close()
        return self._server.stop(grace)


def _server_credentials(credentials):
    return grpc.ssl_server_credentials(
        [(credentials.key, credentials.certificate)],
        root_certificates=credentials.client_ca,
        require_client_auth=credentials.client_ca is not None,
    )
