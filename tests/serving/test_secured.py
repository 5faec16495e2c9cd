"""A server with TLS, a token and gRPC, from start to end, and what the README says of them."""

import contextlib
import os
import pathlib
import signal
import ssl
import subprocess
import sys
import textwrap
import threading

import grpc
import numpy as np
import pytest

from keras_iidgan.serving import auth

# A server whose runs say that they have begun, and wait for a file.
SLOW = """
    import os, pathlib, sys, time
    from keras_iidgan import cli, flags, serve

    cli.import_tensorflow()
    from keras_iidgan.serving.loading import engine

    run, gate = engine.SavedModel.run, pathlib.Path(sys.argv.pop(1))

    def slow(*arguments):
        os.write(1, b"begun\\n")  # Whole, for two threads write it.
        while not gate.exists():
            time.sleep(0.01)
        return run(*arguments)

    engine.SavedModel.run = slow
    serve.http_server._GRACE = float(os.environ.get("GRACE", 60))
    cli.run(serve.command, flags.define_serve)
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
        with killed_late(process):
            yield process, tmp_path / "gate", authority.certificate
        process.kill()


@contextlib.contextmanager
def killed_late(process, seconds=150):
    """Kill a process that a test waits for in vain: the test then fails, and doesn't hang."""
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def read_until(process, start):
    lines = []
    for line in process.stdout:
        lines.append(line.strip())
        if line.startswith(start):
            return lines
    raise AssertionError(process.stderr.read())


def ask_rest(url, context, answers):
    import urllib.error
    import urllib.request

    body = b'{"signature_name":"invert","instances":[[0,0]]}'
    headers = {"Authorization": "Bearer secret"}
    request = urllib.request.Request(f"{url}:predict", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=60, context=context) as response:
            answers.append((response.status, response.read()))
    except urllib.error.HTTPError as error:
        answers.append((error.code, error.read()))
        error.close()


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
    assert answers == [(200, b'{"predictions":[[-0.5,-0.5]]}')]
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")


def test_a_model_that_does_not_end_does_not_keep_the_server(gan_folder, tmp_path):
    import rpc_toys

    arguments = [f"--model={gan_folder}", "--rest_api_port=0", "--port=-1"]
    command = [sys.executable, "-c", textwrap.dedent(SLOW), str(tmp_path / "gate"), *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    environment = os.environ | {"GRACE": "0.2"}
    with subprocess.Popen(command, **pipes, env=environment) as process, killed_late(process):
        lines = read_until(process, "Ctrl+C")
        refusals = []
        url = lines[2].removeprefix("URL: ")
        rest = threading.Thread(target=ask_rest, args=[url, None, refusals])
        rest.start()
        with rpc_toys.channel(lines[6].removeprefix("gRPC: ")) as channel:
            request = rpc_toys.predict_request({"x": np.zeros([1, 2], np.float32)}, "invert")
            running = rpc_toys.Stubs(channel).prediction.Predict.future(request, timeout=60)
            for _ in range(2):
                read_until(process, "begun")
            process.send_signal(signal.SIGTERM)
            with pytest.raises(grpc.RpcError) as caught:
                running.result(60)
        _, errors = process.communicate(timeout=60)
        rest.join(60)
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE
    assert refusals == [(503, b'{"error":"the server has been shut down"}')]
    assert process.returncode == 0
    assert "Traceback" not in errors


README = pathlib.Path(__file__).parents[2] / "README.md"


def test_the_example_of_the_readme(gan):
    import rpc_toys

    from keras_iidgan.serving.registry.models import Models

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

    from keras_iidgan.serving.registry.models import Models

    assert 'metadata=[("authorization", "Bearer TOKEN")]' in README.read_text()
    models = Models()
    models.add("gan", gan)
    (tmp_path / "tokens").write_text("TOKEN")
    with rpc_toys.serve(models, tokens=auth.Tokens(tmp_path / "tokens")) as stubs:
        metadata = [("authorization", "Bearer TOKEN")]
        assert stubs.predict({"seed": np.array([1])}, "sample", metadata=metadata)
