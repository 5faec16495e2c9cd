"""The server's command line: batching, limits, metrics and CORS by TensorFlow Serving's flags."""

import http.client
import json
import shutil
import subprocess
import sys

import pytest
from absl import flags as absl_flags

from keras_iidgan import flags, serve
from keras_iidgan.cli import UsageError
from keras_iidgan.serving.batching import choice as batching_choice
from keras_iidgan.serving.batching.servable import Batched
from keras_iidgan.serving.errors import StatusError


def test_all_of_them(toy_folder, tmp_path):
    batching, monitoring = tmp_path / "batching", tmp_path / "monitoring"
    batching.write_text("max_batch_size { value: 2 }")
    monitoring.write_text('prometheus_config { enable: true path: "/metrics" }')
    command = [sys.executable, "-m", "keras_iidgan.serve", f"--model={toy_folder}"]
    command += [
        "--rest_api_port=0",
        "--port=0",
        "--model_name=toy",
        "--max_body_bytes=1000",
        "--max_rows=3",
    ]
    command += ["--enable_batching", f"--batching_parameters_file={batching}"]
    command += [f"--monitoring_config_file={monitoring}", "--rest_api_enable_cors_support"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:
        lines = (line.strip() for line in process.stdout)
        url = next(line for line in lines if line.startswith("URL: ")).removeprefix("URL: ")
        connection = http.client.HTTPConnection(url.split("/")[2], timeout=60)

        def post(values):
            body = json.dumps({"instances": values})
            connection.request("POST", "/v1/models/toy:predict", body)
            response = connection.getresponse()
            assert response.headers["Access-Control-Allow-Origin"] == "*"
            return response.status, json.loads(response.read()).popitem()[1]

        answers = [post([0] * rows) for rows in (1, 3, 4, 900)]
        connection.request("GET", "/metrics")
        page = connection.getresponse().read().decode()
        process.terminate()
        _, errors = process.communicate(timeout=60)
        connection.close()
    assert answers == [
        (200, [2.0]),
        (400, "Task size 3 is larger than maximum input batch size 2"),
        (400, "Expecting at most 3 rows but got: 4"),
        (400, "Expecting a body of at most 1000 bytes"),
    ]
    assert 'request_count{model_name="toy",status="INVALID_ARGUMENT"} 3' in page
    assert (process.returncode, errors) == (0, "")


def test_a_file_that_is_wrong(tmp_path):
    file = tmp_path / "file"
    file.write_text("\nmax_batch { value: 2 }")
    values = absl_flags.FlagValues()
    flags.define_serve(values)
    values(["serve", "--enable_batching", f"--batching_parameters_file={file}"])
    message = f"^--batching_parameters_file must be .*; got {file}:2: .*max_batch"
    with pytest.raises(UsageError, match=message):
        serve.main(values)


def test_parameters_of_each_model(tmp_path, toy):
    batch = batching_choice.choose(True, None, True)
    assert batch(toy, tmp_path) is toy
    file = tmp_path / "batching_params.pbtxt"
    file.write_text("max_batch_size { value: 2 } num_batch_threads { value: 1000 }")
    batched = batch(toy, tmp_path)
    assert isinstance(batched, Batched)
    parameters = batched._parameters
    assert (parameters.max_batch_size, parameters.num_batch_threads < 1000) == (2, True)
    file.write_text("max_batch_size: 2")
    with pytest.raises(StatusError, match=r"INVALID_ARGUMENT: .*params\.pbtxt:1"):
        batch(toy, tmp_path)


def test_a_model_whose_own_file_is_wrong(tmp_path, toy_folder):
    shutil.copytree(toy_folder, tmp_path / "toy")
    (tmp_path / "toy" / "007" / "batching_params.pbtxt").write_text("max_batch_size: 2")
    values = absl_flags.FlagValues()
    flags.define_serve(values)
    arguments = ["--enable_batching", "--enable_per_model_batching_parameters"]
    values(["serve", f"--model={tmp_path / 'toy'}", "--rest_api_port=0", "--port=0", *arguments])
    with pytest.raises(UsageError, match=r"got .*/007: .*batching_params\.pbtxt:1"):
        serve.main(values)
