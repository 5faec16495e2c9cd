"""serving/conformance.py against the embedded server, and that it finds what is wrong."""

import json
import pathlib
import subprocess
import sys

import numpy as np
import pytest
import server_process

VECTORS = pathlib.Path(__file__).with_name("vectors.json")
SCRIPT = str(server_process.FOLDER / "conformance.py")


@pytest.fixture(scope="module")
def script():
    """Function (arguments) to an exit code, in this process, which has TensorFlow already."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(server_process.FOLDER))
        import conformance

        yield lambda *arguments: conformance.main(list(arguments))


@pytest.fixture(scope="module")
def server(script, tmp_path_factory):
    folder = tmp_path_factory.mktemp("conformance") / "models"
    assert script(f"--write_models={folder}") == 0
    flags = [f"--model_config_file={folder}/models.config", "--max_num_load_retries=0"]
    flags += ["--allow_version_labels_for_unavailable_models"]
    with server_process.serve(*flags) as address:
        yield address


def run(*arguments):
    """Run the script in a Python that has the standard library alone."""
    command = [sys.executable, "-E", "-S", SCRIPT, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def altered(tmp_path, change):
    """Write the vectors with an expectation changed; returns the flag and the number of cases."""
    file = json.loads(VECTORS.read_text())
    cases = {case["name"]: case for case in file["cases"]}
    for name, (key, value) in change.items():
        cases[name]["expect"][key] = value
    (tmp_path / "vectors.json").write_text(json.dumps(file))
    return f"--vectors={tmp_path}/vectors.json", len(cases)


def test_every_case_passes(server):
    done = run(f"--url={server.url}", "--strict", "--json")
    report = json.loads(done.stdout)
    failed = [case for case in report["cases"] if case["result"] != "passed"]
    assert (failed, done.returncode, done.stderr) == ([], 0, "")
    names = [case["name"] for case in json.loads(VECTORS.read_text())["cases"]]
    assert [case["name"] for case in report["cases"]] == names
    assert report["summary"] == {"passed": len(names), "failed": 0, "not run": 0}


def test_what_differs_is_found(server, tmp_path):
    integers = {"dtype": "int32", "shape": [3, 2], "values": [10, 20, 30, 40, 50, 61]}
    flag, count = altered(
        tmp_path,
        {
            "row_matrix_adds_batch_axis": ("tensors", {"x": integers}),
            "fmt_bool": ("value", {"predictions": [1, 0]}),
            "fmt_float_whole_gets_point_zero": ("number_tokens", ["1", "-2", "0"]),
            "err_bad_base64": ("message_contains", "no such message"),
            "http_put": ("status", 405),
            "http_predict_row": ("response_headers", {"Content-Type": "text/html"}),
        },
    )
    done = run(f"--url={server.url}", flag, "--strict")
    *lines, summary = done.stdout.splitlines()
    failed = [line for line in lines if line.startswith("failed")]
    assert (done.returncode, summary) == (1, f"{count - 6} passed, 6 failed, 0 not run")
    for part in ("got {", "[true, false]", "1 -2 0", "no such", "status 405", "text/html"):
        assert sum(part in line for line in failed) >= 1, (part, failed)


def test_grpc(server, script, capsys):
    assert script(f"--url={server.url}", f"--grpc={server.grpc}") == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("passed  grpc") for line in lines) == 6


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ([], "--url must be that of a server; got none"),
        (["--url=localhost"], "--url must be http://host:port or https://host:port; got localhost"),
        (["--url={url}/v1"], "--url must be http://host:port or https://host:port; got http://"),
        (["--url=http://127.0.0.1:1"], "--url must be that of a server; got http://127.0.0.1:1: "),
        (["--url={url}", "--vectors=/no"], "--vectors must be a file of cases; got /no: No such"),
        (["--url={url}", "--model=nope"], "--model must name a model that is served; got nope: "),
        (["--url={url}", "--model=toy"], "--model must have the signature sample; got pair, "),
        (["--write_models={tests}"], "--write_models must be a new or empty folder; got "),
    ],
)
def test_refusals(server, script, capsys, flags, message):
    here = pathlib.Path(__file__).parent
    assert script(*(flag.format(url=server.url, tests=here) for flag in flags)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"error: {message}")
    assert err.count("\n") == 1


def test_signatures_that_do_not_conform(port, script, capsys):
    assert script(f"--url=http://127.0.0.1:{port}", "--model=gan") == 1
    lines = capsys.readouterr().out.splitlines()
    failed = [line.removeprefix("failed  model   ") for line in lines if line.startswith("failed")]
    expected = (
        "metadata  picture: expected text to have rows, got {'unknown_rank': True, 'dim': []}",
        "picture  unknown inputs ['text']",
        "product: shapes  400: Matrix size-incompatible",
        "product: rows  400: Matrix size-incompatible",
    )
    assert len(failed) == len(expected)
    assert all(map(str.startswith, failed, expected)), failed


class Altered:
    """A served model, some of whose outputs are altered on the way."""

    def __init__(self, model, change):
        self._model, self._change = model, change
        self.spec, self.signatures = model.spec, model.signatures
        self.runs = 0

    def run(self, signature, inputs, row=False):
        self.runs += 1
        outputs = self._model.run(signature, inputs, row)
        return outputs | self._change(self.runs, signature, row, outputs)


@pytest.mark.parametrize(
    ("check", "change", "reason"),
    [
        (
            "same seed, same sample",
            lambda runs, name, row, out: {"z": out["z"] + runs} if name == "sample" else {},
            "z of the same seeds differs from one request to the next",
        ),
        (
            "same seed, same sample",
            lambda runs, name, row, out: {"z": out["z"] * len(out["z"])} if "x" in out else {},
            "z of a seed depends on the other rows",
        ),
        (
            "invert: rows",
            lambda runs, name, row, out: {"z": out["z"][::-1]} if row else {},
            "z differs",
        ),
        (
            "score: shapes",
            lambda runs, name, row, out: {"logit": out["logit"][:, None]} if "logit" in out else {},
            "logit: expected [{'size': '-1', 'name': ''}], got (3, 1)",
        ),
        (
            "the squared norm is that of the code",
            lambda runs, name, row, out: {"squared_norm": np.zeros(3)} if name == "score" else {},
            "squared_norm differs",
        ),
        (
            "codes of invert and reconstruct agree",
            lambda runs, name, row, out: {"z": out["z"] + 0.01} if name == "invert" else {},
            "z differs",
        ),
    ],
)
def test_a_fault_of_a_model_is_found(port, script, check, change, reason):
    from conforming import calls, gan, served_model

    model = served_model.ServedModel(calls.Server(f"http://127.0.0.1:{port}"), "gan")
    assert gan.checks(Altered(model, lambda *_: {}))[check]() is None
    assert gan.checks(Altered(model, change))[check]() == reason


def test_a_server_without_the_models(server, tmp_path):
    file = json.loads(VECTORS.read_text())
    case = next(case for case in file["cases"] if case["layer"] == "parse")
    case["signature"] = {"inputs": {"other": {"dtype": "float64", "shape": None}}}
    (tmp_path / "vectors.json").write_text(json.dumps(file))
    done = run(f"--url={server.url}", f"--vectors={tmp_path}/vectors.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("which lacks echo_other_float64\n")


def test_models_may_be_mounted_elsewhere(script, tmp_path):
    file = json.loads(VECTORS.read_text())
    file["cases"] = [case for case in file["cases"] if case["layer"] == "http"]
    (tmp_path / "vectors.json").write_text(json.dumps(file))
    flags = [f"--write_models={tmp_path}/models", "--mount=/models"]
    assert script(*flags, f"--vectors={tmp_path}/vectors.json") == 0
    text = (tmp_path / "models" / "models.config").read_text()
    assert 'base_path: "/models/toy"' in text
    assert str(tmp_path) not in text
    assert (tmp_path / "models" / "toy" / "7" / "saved_model.pb").is_file()
