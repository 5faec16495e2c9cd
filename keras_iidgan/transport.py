"""What the server's flags say of gRPC, TLS and tokens."""

import importlib.util
import ipaddress
import os
import ssl

from keras_iidgan.cli import UsageError
from keras_iidgan.serving import auth, curl, tls
from keras_iidgan.serving.errors import StatusError

_PACKAGES = {
    "grpc": "grpcio",
    "grpc_health": "grpcio-health-checking",
    "tensorflow_serving": "tensorflow-serving-api",
}
_PORT = 8500


def security(values):
    """Read tokens and certificates, before anything slow is done.

    Args:
        values: Parsed flags of the server.

    Returns:
        `auth.Tokens`, `tls.Credentials` of REST and those of gRPC, each `None` where not wanted.

    Raises:
        UsageError: A file is missing or wrong.
    """
    files = values.ssl_certfile, values.ssl_keyfile, values.ssl_client_ca_file
    if values.ssl_config_file and any(files):
        raise UsageError(
            "--ssl_config_file must not be given along with --ssl_certfile, --ssl_keyfile or"
            f" --ssl_client_ca_file; got {values.ssl_config_file} and {next(filter(None, files))}"
        )
    try:
        tokens = auth.Tokens(values.auth_token_file) if values.auth_token_file else None
        credentials = tls.read(*files)
        config = tls.read_config(values.ssl_config_file) if values.ssl_config_file else credentials
    except ValueError as error:
        raise UsageError(f"--{error}") from None
    return tokens, credentials, config


def bind_rpc(values, tokens, credentials, limits=None):
    """Take the gRPC port, before the model is loaded.

    Args:
        values: Parsed flags of the server.
        tokens: `auth.Tokens` or `None`.
        credentials: `tls.Credentials` or `None`.
        limits: The `Limits`; `None` for those of the defaults.

    Returns:
        An `RpcServer` that has its port, or `None`; and the line that says so.

    Raises:
        UsageError: gRPC was asked for by name, and cannot be had.
    """
    if values.port == 0:
        return None, "gRPC: off"
    try:
        server, port = _bind(values, tokens, credentials, limits)
    except UsageError as error:
        if values.port is not None or values.ssl_config_file:
            raise
        return None, f"gRPC: off, as {error}"
    host = f"[{values.host}]" if ":" in values.host else values.host
    return server, f"gRPC: {host}:{port}"


def _bind(values, tokens, credentials, limits):
    missing = [name for part, name in _PACKAGES.items() if not importlib.util.find_spec(part)]
    if missing:
        raise UsageError(f"--port needs {', '.join(missing)}: pip install 'keras-iidgan[serving]'")
    # Else the library writes lines of its own about an address in use or a client's bad handshake.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    from keras_iidgan.serving.rpc import server

    port = _PORT if values.port is None else max(values.port, 0)
    try:
        arguments = server.parse_arguments(values.grpc_channel_arguments)
        rpc = server.RpcServer(values.grpc_max_threads, arguments, tokens, credentials, limits)
        return rpc, rpc.bind(values.host, port)
    except ValueError as error:
        raise UsageError(f"--{error}") from None
    except OSError as error:
        raise UsageError(
            f"--host and --port must be an address that is free;"
            f" got {values.host} and {port}: {error.strerror}"
        ) from None


def guarded(values, reload):
    """Keep strangers from naming folders of this machine.

    HandleReloadConfigRequest has a server load any folder. TensorFlow Serving leaves it to the
    network who may call that.

    Args:
        values: Parsed flags of the server.
        reload: What does it, see `services.ModelService`.

    Returns:
        The function, or one that refuses where others than users of this machine can call, without
        a token or a certificate, unless the flags allow that.
    """
    is_known = values.auth_token_file or values.ssl_client_ca_file
    allowed = values.enable_reload_config
    if allowed is None:
        allowed = is_known or _is_loopback(values.host)
    return reload if allowed else _refuse_reload


def _is_loopback(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse_reload(message):
    raise StatusError(
        "PERMISSION_DENIED", "HandleReloadConfigRequest is off; --enable_reload_config allows it"
    )


def examples(values, url, signatures):
    """Write the lines that a newcomer can paste, with what this server asks for.

    Args:
        values: Parsed flags of the server.
        url: The model's URL.
        signatures: `{name: Signature}`.

    Returns:
        List of `str`.
    """
    extra = ""
    if values.ssl_certfile:
        extra += f" --cacert {values.ssl_certfile}"
    if values.ssl_client_ca_file:
        extra += " --cert CLIENT.pem"
    if values.auth_token_file:
        extra += ' -H "Authorization: Bearer $TOKEN"'
    return [line.replace("curl", f"curl{extra}", 1) for line in curl.examples(url, signatures)]


def ssl_options(values):
    """Return uvicorn's arguments for TLS."""
    if not values.ssl_certfile:
        return {}
    return {
        "ssl_certfile": values.ssl_certfile,
        "ssl_keyfile": values.ssl_keyfile,
        "ssl_ca_certs": values.ssl_client_ca_file,
        "ssl_cert_reqs": ssl.CERT_REQUIRED if values.ssl_client_ca_file else ssl.CERT_NONE,
    }
