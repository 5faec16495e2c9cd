"""The command line: what it prints, what it refuses, and how it ends."""

import contextlib
import http.client
import re
import shlex
import signal
import socket
import subprocess
import sys
import urllib.parse

import pytest
from absl import flags as absl_flags

from keras_iidgan import flags, serve
from keras_iidgan.cli import UsageError
from keras_iidgan.serving import Client, curl
from keras_iidgan.serving.registry.models import Signature, TensorSpec


@pytest.fixture
def values(monkeypatch, toy_folder):
    """Flags that are right, for a call in this process, whose signals stay as they are."""
    monkeypatch.setattr(serve.signal, "signal", lambda *_: None)
    values = absl_flags.FlagValues()
    flags.define_serve(values)
    values(["serve", f"--model={toy_folder}", "--rest_api_port=0", "--port=0"])
    return values


@pytest.mark.parametrize(
    ("flag", "value", "message"),
    [
        ("model", None, "--model must name a folder that holds .*; got none"),
        ("model", "/nowhere/at/all", "--model must name .*; got /nowhere/at/all, which does not"),
        ("rest_api_port", 65536, "--rest_api_port must be from 0 to 65535; got 65536"),
        ("host", "no host", "got no host and 0: "),
        (
            "batching_parameters_file",
            "f",
            "--batching_parameters_file needs --enable_batching; got f",
        ),
        ("enable_per_model_batching_parameters", True, "--enable_per.* needs --enable_batching"),
        ("monitoring_config_file", "/no", "--monitoring_config_file must be .*; got /no: No such"),
        ("max_body_bytes", 0, "--max_body_bytes must be at least 1; got 0"),
        ("rest_api_num_threads", 0, "--rest_api_num_threads must be at least 1; got 0"),
    ],
)
def test_refusals(values, flag, value, message):
    setattr(values, flag, value)
    with pytest.raises(UsageError, match=message):
        serve.main(values)


def test_a_port_in_use(values):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        values.rest_api_port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"got 127.0.0.1 and {values.rest_api_port}: Address"):
            serve.main(values)


def test_a_model_that_is_corrupt(values, tmp_path):
    (tmp_path / "3").mkdir()
    (tmp_path / "3" / "saved_model.pb").write_bytes(b"nothing of the kind")
    values.model = str(tmp_path)
    with pytest.raises(UsageError, match=r"--model must hold .*; got .*/3: Cannot parse file"):
        serve.main(values)


@pytest.mark.parametrize(("number", "ui"), [(signal.SIGTERM, True), (signal.SIGINT, False)])
def test_from_start_to_end(toy_folder, number, ui):
    command = [sys.executable, "-m", "keras_iidgan.serve"]
    command += [f"--model={toy_folder}", "--rest_api_port=0", "--port=-1", "--model_name=toy"]
    command += [] if ui else ["--ui=false"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:
        lines = []
        for line in process.stdout:
            lines.append(line.strip())
            if line.startswith("Ctrl+C"):
                break
        url = lines[2].removeprefix("URL: ")
        found = Client(url).predict([2.0])
        page = _get(url.removesuffix("v1/models/toy"))
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
    assert found.tolist() == [3.0]
    assert lines[0] == f"Serving toy, version 7, from {toy_folder / '007'}"
    assert lines[1] == "Signatures: pair, serving_default, total"
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/v1/models/toy", url)
    assert [line.split()[0] for line in lines[4:6]] == ["curl", "curl"]
    assert re.fullmatch(r"gRPC: 127\.0\.0\.1:\d+", lines[6])
    assert lines[7:] == [f"Page: {url.removesuffix('v1/models/toy')}"] * ui + ["Ctrl+C ends it."]
    assert page[0] == (200 if ui else 404)
    assert (b"<h1>" in page[1]) is ui
    assert (process.returncode, errors) == (0, "")


def _get(url):
    address = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", address.path)
        response = connection.getresponse()
        return response.status, response.read()


def test_examples(call):
    def signature(**inputs):
        specs = {alias: TensorSpec(*spec) for alias, spec in inputs.items()}
        return Signature(specs, {})

    url = "http://h/v1/models/gan"
    signatures = {
        "__saved_model_init_op": signature(),
        "sample": signature(seed=("int64", (None,))),
        "invert": signature(x=("float32", (None, 2))),
        "image": signature(x=("float32", (None, 28, 28, 1))),
        "join": signature(a=("string", (None,)), b=("bool", ())),
    }
    lines = curl.examples(url, signatures, count=5)
    assert lines[:2] == [
        f"""curl -d '{{"signature_name":"sample","instances":[1,2,3]}}' {url}:predict""",
        f"""curl -d '{{"signature_name":"invert","instances":[[0.0,0.0]]}}' {url}:predict""",
    ]
    assert '"inputs":{"a":[""],"b":false}' in lines[2]
    assert lines[3:] == [f"curl {url}/metadata", f"curl {url}"]
    for line in lines[:2]:
        _, _, body, target = shlex.split(line)
        status, _, answer = call("POST", target.removeprefix("http://h"), body.encode())
        assert (status, answer[:14]) == (200, b'{"predictions"')
