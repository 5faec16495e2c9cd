"""The flags of gRPC, TLS and tokens: what they refuse, and a server that has them all."""

import importlib.util
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
import textwrap
import threading

import grpc
import numpy as np
import pytest
from absl import flags as absl_flags

from keras_iidgan import flags, serve, transport
from keras_iidgan.cli import UsageError
from keras_iidgan.serving import auth


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
    def load(path):
        raise AssertionError("the model was loaded")

    monkeypatch.setattr(serve, "_load", load)
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


def test_the_server_answers_rest_without_the_packages():
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


# A server whose runs say that they have begun, and wait for a file.
SLOW = """
    import pathlib, sys, time
    from keras_iidgan import cli, flags, serve

    cli.import_tensorflow()
    from keras_iidgan.serving import engine

    run, gate = engine.SavedModel.run, pathlib.Path(sys.argv.pop(1))

    def slow(*arguments):
        print("begun", flush=True)
        while not gate.exists():
            time.sleep(0.01)
        return run(*arguments)

    engine.SavedModel.run = slow
    cli.run(serve.main, flags.define_serve)
"""


@pytest.fixture
def secured(gan_folder, tmp_path):
    """A process that serves "gan" with TLS and a token; yields it with the lines it printed."""
    import certificates

    authority = certificates.Authority(tmp_path)
    key, certificate = authority.sign("server")
    (tmp_path / "tokens").write_text("secret\n")
    arguments = [f"--model={gan_folder}", "--rest_api_port=0", "--port=-1"]
    arguments += [f"--ssl_keyfile={key}", f"--ssl_certfile={certificate}"]
    arguments += [f"--auth_token_file={tmp_path / 'tokens'}"]
    command = [sys.executable, "-c", textwrap.dedent(SLOW), str(tmp_path / "gate"), *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:
        try:
            yield process, tmp_path / "gate", authority.certificate
        finally:
            process.kill()


def read_until(process, start):
    lines = []
    for line in process.stdout:
        lines.append(line.strip())
        if line.startswith(start):
            return lines
    raise AssertionError(process.stderr.read())


def ask_rest(url, context, answers):
    import urllib.request

    body = b'{"signature_name":"invert","instances":[[0,0]]}'
    headers = {"Authorization": "Bearer secret"}
    request = urllib.request.Request(f"{url}:predict", body, headers)
    with urllib.request.urlopen(request, timeout=60, context=context) as response:
        answers.append(response.read())


def test_the_end_of_a_server_with_everything(secured):
    import rpc_toys
    from grpc_health.v1 import health_pb2

    process, gate, root = secured
    lines = read_until(process, "Ctrl+C")
    url = lines[2].removeprefix("URL: ")
    address = lines[6].removeprefix("gRPC: ").replace("127.0.0.1", "localhost")
    assert url.startswith("https://127.0.0.1:")
    assert lines[4].startswith("curl --cacert ")
    assert '-H "Authorization: Bearer $TOKEN"' in lines[4]
    answers = []
    context = ssl.create_default_context(cafile=root)
    rest = threading.Thread(target=ask_rest, args=[url, context, answers])
    rest.start()
    with rpc_toys.channel(address, root.read_bytes()) as channel:
        stubs = rpc_toys.Stubs(channel)
        states = stubs.health.Watch(health_pb2.HealthCheckRequest(), timeout=60)
        assert next(states).status == health_pb2.HealthCheckResponse.SERVING
        request = rpc_toys.predict_request({"x": np.zeros([1, 2], np.float32)}, "invert")
        with pytest.raises(grpc.RpcError):
            stubs.prediction.Predict(request, timeout=60)
        metadata = [("authorization", "Bearer secret")]
        running = stubs.prediction.Predict.future(request, timeout=60, metadata=metadata)
        for _ in range(2):
            read_until(process, "begun")
        process.send_signal(signal.SIGTERM)
        assert next(states).status == health_pb2.HealthCheckResponse.NOT_SERVING
        gate.touch()
        assert running.result(60).outputs["z"].float_val[:] == [-0.5, -0.5]
    rest.join(60)
    assert answers == [b'{"predictions":[[-0.5,-0.5]]}']
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")


README = pathlib.Path(__file__).parents[2] / "README.md"


def test_the_example_of_the_readme(gan):
    import rpc_toys

    from keras_iidgan.serving.models import Models

    models = Models()
    models.add("iidgan_ring", gan)
    blocks = [text.split("```")[0] for text in README.read_text().split("```python\n")[1:]]
    (example,) = [block for block in blocks if "import grpc" in block]
    with rpc_toys.serve(models) as stubs:
        names = {}
        exec(example.replace("localhost:8500", stubs.address), names)
        names["channel"].close()
    assert names["x"].tolist() == [[3, 21], [5, 41], [7, 61]]


def test_the_readme_says_how_a_token_is_sent(gan, tmp_path):
    import rpc_toys

    from keras_iidgan.serving.models import Models

    assert 'metadata=[("authorization", "Bearer TOKEN")]' in README.read_text()
    models = Models()
    models.add("gan", gan)
    (tmp_path / "tokens").write_text("TOKEN")
    with rpc_toys.serve(models, tokens=auth.Tokens(tmp_path / "tokens")) as stubs:
        metadata = [("authorization", "Bearer TOKEN")]
        assert stubs.predict({"seed": np.array([1])}, "sample", metadata=metadata)
