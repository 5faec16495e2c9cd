"""The command with several models: labels, versions and configurations that come while it runs."""

import contextlib
import http.client
import json
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse

import pytest

CONFIG = """
model_config_list {{
  config {{
    name: "toy"
    base_path: "{base}/toy"
    model_platform: "tensorflow"
    {toy}
  }}
  {more}
}}
"""
GAN = """
  config {{
    name: "gan of lines"
    base_path: "{base}/gan"
    model_version_policy {{ specific {{ versions: 3 versions: 4 }} }}
  }}
"""


class Server:
    """The command in a process of its own."""

    def __init__(self, base):
        self.base = base
        command = [sys.executable, "-m", "keras_iidgan.serve", "--rest_api_port=0"]
        command += [f"--model_config_file={base}/models.config", "--max_num_load_retries=0"]
        command += ["--model_config_file_poll_wait_seconds=0.1"]
        command += ["--file_system_poll_wait_seconds=0.1"]
        command += ["--allow_version_labels_for_unavailable_models"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, **pipes)
        self.lines = []
        for line in self.process.stdout:
            self.lines.append(line.strip())
            if line.startswith("Ctrl+C"):
                break
        urls = [line.removeprefix("URL: ") for line in self.lines if line.startswith("URL: ")]
        self.address = urllib.parse.urlsplit(urls[0]).netloc if urls else None

    def ask(self, path, instances=None):
        body = instances and json.dumps({"instances": instances})
        connection = http.client.HTTPConnection(self.address, timeout=60)
        with contextlib.closing(connection):
            connection.request("POST" if body else "GET", f"/v1/models/{path}", body)
            response = connection.getresponse()
            return response.status, json.loads(response.read())

    def states(self, model):
        _, answer = self.ask(model)
        found = answer["model_version_status"]
        return {int(version["version"]): version["state"] for version in found}

    def wait(self, condition):
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline, self.process.poll()
            time.sleep(0.02)

    def publish(self, source, path):
        shutil.copytree(source, self.base / "writing")
        (self.base / "writing").rename(self.base / path)


def configure(base, toy="", more=""):
    (base / "writing.config").write_text(CONFIG.format(base=base, toy=toy, more=more))
    (base / "writing.config").rename(base / "models.config")


LABELS = 'version_labels { key: "stable" value: 7 } version_labels { key: "next" value: 8 }'


@pytest.fixture
def server(toy_folder, gan_folder, tmp_path):
    shutil.copytree(toy_folder, tmp_path / "toy")
    for version in (2, 3, 4):
        shutil.copytree(gan_folder / "3", tmp_path / "gan" / str(version))
    configure(tmp_path, LABELS, GAN.format(base=tmp_path))
    server = Server(tmp_path)
    yield server
    server.process.kill()
    server.process.communicate()


def test_a_day_in_the_life(server, toy_folder):
    assert server.lines[0] == f"Serving toy, version 7, from {server.base}/toy/007"
    of_gan = [line for line in server.lines if line.startswith("Serving gan of lines")]
    assert [line.rsplit("/", 1)[1] for line in of_gan] == ["4", "3"]
    assert f"URL: http://{server.address}/v1/models/gan%20of%20lines" in server.lines
    assert server.states("gan%20of%20lines") == {4: "AVAILABLE", 3: "AVAILABLE"}
    assert server.ask("toy/labels/stable:predict", [2.0]) == (200, {"predictions": [3.0]})
    assert server.ask("toy/labels/next:predict", [2.0])[0] == 404

    server.publish(toy_folder / "007", "toy/8")
    server.wait(lambda: server.states("toy") == {8: "AVAILABLE", 7: "END"})
    assert server.ask("toy/labels/next:predict", [2.0]) == (200, {"predictions": [3.0]})

    broken = server.base / "broken"
    broken.mkdir()
    (broken / "saved_model.pb").write_bytes(b"nothing of the kind")
    server.publish(broken, "toy/9")
    server.wait(lambda: server.states("toy").get(9) == "END")
    _, answer = server.ask("toy/versions/9")
    assert "Cannot parse file" in answer["model_version_status"][0]["status"]["error_message"]
    assert server.ask("toy:predict", [2.0]) == (200, {"predictions": [3.0]})

    configure(server.base, "version_labels { key: 'next' value: 8 }")
    server.wait(lambda: set(server.states("gan%20of%20lines").values()) == {"END"})
    assert server.ask("gan%20of%20lines:predict", [[0.0, 0.0]])[0] == 404
    status, answer = server.ask("toy/labels/stable:predict", [2.0])
    assert (status, answer) == (400, {"error": "Unrecognized servable version label: stable"})

    server.process.send_signal(signal.SIGTERM)
    _, errors = server.process.communicate(timeout=60)
    assert server.process.returncode == 0
    assert errors.startswith("version 9 of model toy could not be loaded: Cannot parse file")
    assert "Traceback" not in errors


def test_a_model_that_cannot_be_loaded(tmp_path):
    for name in ("toy", "gan"):
        (tmp_path / name / "1").mkdir(parents=True)
    configure(tmp_path)
    server = Server(tmp_path)
    output, errors = server.process.communicate(timeout=60)
    assert (server.process.returncode, server.lines, output) == (2, [], "")
    assert errors.startswith("error: --model_config_file must list models that can be served; got")
    assert f"{tmp_path}/models.config: 1 model(s) did not become available: {{{{name: toy" in errors
    assert errors.count("\n") == 1
