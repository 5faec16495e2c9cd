"""The page for Prometheus, and the counts on it."""

import http.client
import re
import threading

import pytest
import rpc_toys
import toys

from keras_iidgan.serving import monitoring, monitoring_config
from keras_iidgan.serving.registry.models import Models
from keras_iidgan.serving.rest.app import RestApp
from keras_iidgan.serving.rest.limits import Limits


@pytest.fixture
def get(toy):
    """Function (method, path, body) to (status, content type, text) of a server of its own."""
    models = Models()
    models.add("toy", toy)
    with toys.serve(RestApp(models, metrics_path=monitoring.DEFAULT_PATH)) as port:

        def get(path, body=None, method=None):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request(method or ("GET" if body is None else "POST"), path, body)
            response = connection.getresponse()
            text = response.read().decode()
            connection.close()
            return response.status, response.headers["Content-Type"], text

        yield get


def samples(text):
    """`{name with labels: value}` of a page."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_requests_are_counted(get):
    for body in (b'{"instances":[1]}', b'{"instances":[2]}', b"{", b'{"examples":[{}]}'):
        get("/v1/models/toy:predict", body)
    get("/v1/models/none:predict", b'{"instances":[1]}')
    get("/v1/models/toy")
    get("/v1/models/toy/versions/x")
    get("/elsewhere")
    status, kind, text = get(monitoring.DEFAULT_PATH)
    assert (status, kind) == (200, "text/plain")
    found = samples(text)
    counts = {name: value for name, value in found.items() if "request_count" in name}
    assert counts == {
        ':tensorflow:serving:request_count{model_name="toy",status="OK"}': 3,
        ':tensorflow:serving:request_count{model_name="toy",status="INVALID_ARGUMENT"}': 2,
        ':tensorflow:serving:request_count{model_name="none",status="NOT_FOUND"}': 1,
        ':tensorflow:serving:request_count{model_name="",status="INVALID_ARGUMENT"}': 1,
    }
    labels = 'model_name="toy",API="predict",entrypoint="REST"'
    assert found[f":tensorflow:serving:request_latency_count{{{labels}}}"] == 2
    labels = 'model_name="toy",API="Predict",runtime="TF1"'
    assert found[f":tensorflow:serving:runtime_latency_count{{{labels}}}"] == 2
    assert re.findall("^#.*", text, re.MULTILINE) == [
        "# TYPE :tensorflow:serving:request_count counter",
        "# TYPE :tensorflow:serving:request_latency histogram",
        "# TYPE :tensorflow:serving:runtime_latency histogram",
    ]
    assert text.endswith("\n")


def test_the_path_is_exact(get):
    path = monitoring.DEFAULT_PATH
    assert get(path + "?x=1") == (
        400,
        "text/plain",
        f"Unexpected path: {path}?x=1. Should be {path}",
    )
    assert get(path + "/")[0] == 404
    assert get(path.upper())[0] == 404


def test_there_is_no_page_unless_asked_for(call):
    assert call("GET", monitoring.DEFAULT_PATH)[0] == 404


def test_buckets():
    registry = monitoring.Registry()
    for microseconds in (3, 10, 17.9, 18.1, 1e15):
        registry.observe("m", "predict", "REST", "OK", microseconds / 1e6)
    registry.observe("m", "predict", "REST", "UNAVAILABLE", 1)
    lines = [line for line in registry.page().splitlines() if "_latency_" in line]
    limits = re.findall('le="(.*?)"', " ".join(lines))
    assert limits[:5] == ["10", "18", "32.4", "58.32", "104.976"]
    assert limits[-2:] == [f"{10 * 1.8**32:g}", "+Inf"]
    assert len(limits) == 34
    counts = [int(line.rsplit(" ", 1)[1]) for line in lines[:34]]
    assert counts == [1, 3] + [4] * 31 + [5]
    assert lines[34].endswith('entrypoint="REST"} 1e+15')
    assert lines[35].endswith('entrypoint="REST"} 5')


def test_names_are_escaped_and_bounded():
    registry = monitoring.Registry()
    registry.observe('a"b\\c\nd', "predict", "REST", "OK", 1)
    assert 'model_name="a\\"b\\\\c\\nd",status="OK"} 1' in registry.page()
    for number in range(2 * monitoring.MOST_CELLS):
        registry.observe(str(number), "predict", "REST", "NOT_FOUND", 1)
    assert registry.page().count("NOT_FOUND") < monitoring.MOST_CELLS


def test_threads_count_together():
    registry = monitoring.Registry()

    def count():
        for _ in range(1000):
            registry.observe("m", "Predict", "GRPC", "OK", 0.001)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 'request_count{model_name="m",status="OK"} 4000' in registry.page()


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", None),
        ("prometheus_config { enable: false }", None),
        ("prometheus_config { enable: true }", monitoring.DEFAULT_PATH),
        ('prometheus_config: {enable: true, path: "/metrics"}', "/metrics"),
    ],
)
def test_the_file(tmp_path, text, path):
    (tmp_path / "file").write_text(text)
    assert monitoring_config.read(tmp_path / "file") == path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("prometheus_config {\n enabled: true }", ':2: .* no field named "enabled"'),
        ("prometheus_config { path: 1 }", ":1: "),
        ('prometheus_config { path: "metrics" }', ": path must begin with /; was metrics"),
    ],
)
def test_files_that_are_refused(tmp_path, text, message):
    (tmp_path / "file").write_text(text)
    with pytest.raises(ValueError, match=f"^{tmp_path}/file{message}"):
        monitoring_config.read(tmp_path / "file")


def test_grpc_has_the_same_limits_and_metrics(toy):
    models, registry = Models(), monitoring.Registry()
    models.add("toy", toy)
    with rpc_toys.serve(models, limits=Limits(max_rows=2), metrics=registry) as stubs:
        assert stubs.predict({"x": [1.0, 2.0]}, model="toy")["y"].tolist() == [2.5, 3.0]
        found = rpc_toys.refused(stubs.predict, {"x": [1.0, 2.0, 3.0]}, model="toy")
        assert found == ("INVALID_ARGUMENT", "Expecting at most 2 rows but got: 3")
    found = samples(registry.page())
    count = ':tensorflow:serving:request_count{model_name="toy",status='
    assert (found[count + '"OK"}'], found[count + '"INVALID_ARGUMENT"}']) == (1, 1)
    labels = 'model_name="toy",API="Predict",entrypoint="GRPC"'
    assert found[f":tensorflow:serving:request_latency_count{{{labels}}}"] == 1
    labels = 'model_name="toy",API="Predict",runtime="TF1"'
    assert found[f":tensorflow:serving:runtime_latency_count{{{labels}}}"] == 1
