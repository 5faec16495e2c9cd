"""The embedded server with the deployment's own command and files."""

import json
import re
import shutil
import subprocess
import urllib.error
import urllib.request

import pytest
import server_process
import toys
import yaml

FOLDER = server_process.FOLDER
NAMES = ("iidgan_ring", "iidgan_digits")
SIGNATURES = ("serving_default", "sample", "invert", "reconstruct", "score")

# What the official server alone has: the embedded one batches in a way of its own.
BATCHING_SESSION = {
    ":tensorflow:serving:batching_session:queuing_latency_bucket",
    ":tensorflow:serving:batching_session:wrapped_run_count",
}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((FOLDER / "docker-compose.yml").read_text())["services"]["serving"]


@pytest.fixture(scope="module")
def server(compose, tmp_path_factory):
    """The command of the compose file, with the files where they are and models of lines."""
    folder = tmp_path_factory.mktemp("deployment")
    toys.save(toys.LineGan(), folder / NAMES[0] / "1", SIGNATURES)
    shutil.copytree(folder / NAMES[0], folder / NAMES[1])
    config = (FOLDER / "models.config").read_text()
    assert config.count('"/models/') == len(NAMES)
    (folder / "models.config").write_text(config.replace('"/models/', f'"{folder}/'))
    flags = [flag for flag in compose["command"] if "port=" not in flag]
    flags = [flag.replace("/config/models.config", f"{folder}/models.config") for flag in flags]
    flags = [flag.replace("/config/", f"{FOLDER}/") for flag in flags]
    with server_process.serve(*flags) as address:
        yield address


def ask(url, path, content=None):
    """Return the status and the text of an answer."""
    data = None if content is None else json.dumps(content).encode()
    try:
        with urllib.request.urlopen(f"{url}{path}", data, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.parametrize("name", NAMES)
def test_models_are_served(server, name):
    body = {"signature_name": "invert", "instances": [[3.0, 5.0]]}
    status, text = ask(server.url, f"/v1/models/{name}:predict", body)
    assert (status, json.loads(text)) == (200, {"predictions": [[1.0, 2.0]]})


@pytest.mark.parametrize(("rows", "expected"), [(1024, 200), (1025, 400)])
def test_large_requests_are_cut_or_refused(server, rows, expected):
    body = {"signature_name": "invert", "instances": [[3.0, 5.0]] * rows}
    status, text = ask(server.url, "/v1/models/iidgan_ring:predict", body)
    assert status == expected, text
    assert json.loads(text).get("predictions", [[1.0, 2.0]] * rows) == [[1.0, 2.0]] * rows


@pytest.mark.parametrize(("model", "code"), [("iidgan_ring", 0), ("nope", 1)])
def test_the_health_check_of_the_container(server, compose, model, code):
    _, *command = compose["healthcheck"]["test"]
    port = server.url.rsplit(":", 1)[1]
    command[-1] = command[-1].replace("$$", "$").replace("8501", port)
    command[-1] = command[-1].replace("iidgan_ring", model)
    assert subprocess.run(command, timeout=30, check=False).returncode == code


def test_the_dashboard_asks_for_what_there_is(server):
    body = {"instances": [[1.0, 2.0]]}
    assert ask(server.url, "/v1/models/iidgan_ring:predict", body)[0] == 200
    (path,) = re.findall('path: "(.*)"', (FOLDER / "monitoring.config").read_text())
    _, page = ask(server.url, path)
    labels = {}
    for name, found in re.findall(r"^([\w:]+)\{(.*)\} ", page, re.MULTILINE):
        labels.setdefault(name, set()).update(re.findall(r'(\w+)="', found))
    dashboard = json.loads((FOLDER / "grafana" / "dashboards" / "serving.json").read_text())
    targets = [target for panel in dashboard["panels"] for target in panel["targets"]]
    variable = dashboard["templating"]["list"][0]["query"]["query"]
    asked = set()
    for query in [variable, *(target["expr"] for target in targets)]:
        names = re.findall(r":tensorflow:[\w:]+", query)
        asked.update(names)
        used = {word for group in re.findall(r"by \((.*?)\)", query) for word in group.split(", ")}
        used |= set(re.findall(r"(\w+)(?:=~|!=|=)", query))
        for name in set(names) - BATCHING_SESSION:
            assert used <= labels[name], query
    assert asked - labels.keys() == BATCHING_SESSION
    assert {
        ":tensorflow:serving:request_count",
        ":tensorflow:serving:request_latency_bucket",
    } < asked
    quantiles = {re.findall(r"quantile\((.*?),", target["expr"])[0] for target in targets[2:5]}
    assert quantiles == {"0.5", "0.95", "0.99"}


def test_every_signature_conforms(server, monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(FOLDER))
    import conformance

    flags = [f"--url={server.url}", f"--grpc={server.grpc}", "--model=iidgan_ring"]
    code = conformance.main(flags)
    lines = capsys.readouterr().out.splitlines()
    assert code == 0, lines
    for name in SIGNATURES:
        for what in ("shapes", "rows", "gRPC"):
            assert f"passed  model   {name}: {what}" in lines
    for relation in ("same seed, same sample", "codes of invert and reconstruct agree"):
        assert f"passed  model   {relation}" in lines
