"""The flags of gRPC, TLS and tokens, and what they refuse."""

import importlib.util
import socket
import subprocess
import sys
import textwrap

import pytest
from absl import flags as absl_flags

from keras_iidgan import flags, serve, transport
from keras_iidgan.cli import UsageError


def parsed(*arguments):
    values = absl_flags.FlagValues()
    flags.define_serve(values)
    values(["serve", *arguments])
    return values


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--auth_token_file=/nowhere"], r"--auth_token_file must name .*; got /nowhere: No such"),
        (["--ssl_certfile=/nowhere"], "--ssl_keyfile must name a PEM file .*; got none"),
        (["--ssl_config_file=/nowhere"], "--ssl_config_file must .*; got /nowhere: No such"),
        (
            ["--ssl_config_file=/a", "--ssl_keyfile=/b"],
            "--ssl_config_file must not be given along with .*; got /a and /b",
        ),
        (
            ["--port=-1", "--grpc_channel_arguments=grpc.a=1,b"],
            "--grpc_channel_arguments must be key=value,...; got 'b' in it",
        ),
        (["--port=-1", "--host=no host"], "--host and --port must .*; got no host and 0: "),
    ],
)
def test_refusals(arguments, message):
    values = parsed(*arguments)
    with pytest.raises(UsageError, match=message):
        transport.bind_rpc(values, *transport.security(values)[::2])


def test_refusals_come_before_the_model_is_loaded(toy_folder, monkeypatch):
    def load(*_):
        raise AssertionError("the model was loaded")

    monkeypatch.setattr(serve.serve_models, "load", load)
    monkeypatch.setattr(serve.signal, "signal", lambda *_: None)
    model = [f"--model={toy_folder}", "--rest_api_port=0"]
    for wrong in (["--ssl_certfile=/nowhere"], ["--port=-1", "--grpc_channel_arguments=a"]):
        with pytest.raises(UsageError):
            serve.main(parsed(*model, *wrong))


def test_flags_out_of_range():
    for wrong in ("--port=-2", "--port=65536", "--grpc_max_threads=0"):
        with pytest.raises(absl_flags.IllegalFlagValueError):
            parsed(wrong)


def test_a_port_in_use_is_an_error_if_it_was_asked_for(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"got 127.0.0.1 and {port}: Address already in use"):
            transport.bind_rpc(parsed(f"--port={port}"), None, None)
        monkeypatch.setattr(transport, "_PORT", port)
        server, line = transport.bind_rpc(parsed(), None, None)
    assert server is None
    assert line.startswith("gRPC: off, as --host and --port must be an address that is free")


def test_without_its_packages_grpc_is_off(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    needed = "--port needs grpcio, grpcio-health-checking, tensorflow-serving-api: pip install"
    assert transport.bind_rpc(parsed(), None, None)[1].startswith(f"gRPC: off, as {needed}")
    assert transport.bind_rpc(parsed("--port=0"), None, None) == (None, "gRPC: off")
    with pytest.raises(UsageError, match=needed):
        transport.bind_rpc(parsed("--port=8500"), None, None)


def test_the_server_starts_without_the_packages():
    code = """
        import sys

        for name in ("grpc", "grpc_health", "tensorflow_serving"):
            sys.modules[name] = None
        import keras_iidgan.serve
    """
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(code)]
    subprocess.run(command, check=True, timeout=120)


def test_channel_arguments():
    from keras_iidgan.serving.rpc.server import parse_arguments

    assert parse_arguments("") == parse_arguments(None) == []
    found = parse_arguments("grpc.max_connection_age_ms=2000,grpc.name=a=b,grpc.large=99999999999")
    assert found == [
        ("grpc.max_connection_age_ms", 2000),
        ("grpc.name", "a=b"),
        ("grpc.large", "99999999999"),
    ]
