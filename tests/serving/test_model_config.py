"""The model configuration file: what is taken of it, and what is refused with its line."""

import sys
import types

import pytest

from keras_iidgan import flags, serve
from keras_iidgan.cli import UsageError
from keras_iidgan.serving.registry import model_config
from keras_iidgan.serving.registry.config_file import ConfigFile
from keras_iidgan.serving.registry.policy import ModelConfig, Policy

FULL = """
# Two models.
model_config_list {
  config {
    name: "ring"
    base_path: "/models/ring"
    model_platform: "tensorflow"
    model_version_policy { specific { versions: 2 versions: 3 } }
    version_labels { key: "stable" value: 2 }
    version_labels { key: "canary" value: 3 }
  }
  config: {
    name: 'grid', base_path: '/models/grid'
    model_version_policy: { latest { num_versions: 2 } }
  }
  config { name: "all" base_path: "/all" model_version_policy { all {} } model_type: TENSORFLOW }
}
"""


@pytest.fixture
def write(tmp_path):
    def write(text):
        (tmp_path / "models.config").write_text(text)
        return tmp_path / "models.config"

    return write


def test_all_that_it_can_say(write):
    assert model_config.read(write(FULL)) == [
        ModelConfig(
            "ring",
            "/models/ring",
            Policy("specific", 0, frozenset({2, 3})),
            {"stable": 2, "canary": 3},
        ),
        ModelConfig("grid", "/models/grid", Policy("latest", 2)),
        ModelConfig("all", "/all", Policy("all", 0)),
    ]


def one(**fields):
    fields = {"name": "m", "base_path": "/m"} | fields
    lines = (f'    {name}: "{value}"' for name, value in fields.items())
    return "\n".join(["model_config_list {", "  config {", *lines, "  }", "}"])


REFUSED = {
    "misspelt": ("model_config_list {\n config { nmae: 1 } }", '2: .* no field named "nmae"'),
    "cut": ("model_config_list {\n config {", "[0-9]: "),
    "nameless": (one(name=""), "1: Expected every model to have a name"),
    "pathless": (one(base_path=""), r"3: Expected model m to have an absolute path; .*path\(\)="),
    "relative": (one(base_path="models/m"), "4: .* absolute path; got base_path.*=models/m"),
    "bucket": (one(base_path="gs://models/m"), "4: .* absolute path; got base_path.*=gs://"),
    "platform": (one(model_platform="pytorch"), "5: .* no entry for platform pytorch"),
    "twice": (
        one().replace("  }\n}", '  }\n  config {\n    name: "m"\n    base_path: "/n" } }'),
        "7: Illegal to list model m multiple times in config list",
    ),
    "custom": ("custom_model_config {}", "1: Expected a model_config_list"),
    "binary": (b"\xff\xfe".decode("latin-1"), "1: "),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(write, name):
    text, message = REFUSED[name]
    path = write(text)
    with pytest.raises(ValueError, match=f"^{path}:{message}") as caught:
        model_config.read(path)
    assert "\n" not in str(caught.value)


def test_a_file_that_changes(write, caplog):
    taken = []
    path = write(one())
    file = ConfigFile(path, types.SimpleNamespace(configure=taken.append))
    file.poll()
    assert [config.name for config in taken[0]] == ["m"]
    write(one(name=""))
    for _ in range(3):
        file.poll()
    path.unlink()
    file.poll()
    assert len(taken) == 1
    begin = f"the model configuration is not taken over: {path}:"
    assert [record.message for record in caplog.records] == [
        f"{begin}1: Expected every model to have a name; got name=",
        f"{begin} No such file or directory",
    ]


def refusal(values, **given):
    values.model = None
    for flag, value in given.items():
        setattr(values, flag, value)
    with pytest.raises(UsageError) as caught:
        serve.main(values)
    return str(caught.value)


@pytest.fixture
def values(monkeypatch):
    from absl import flags as absl_flags

    monkeypatch.setattr(serve.signal, "signal", lambda *_: None)
    # Whatever is refused here is refused before there is a port, or a model is loaded.
    monkeypatch.setattr(serve.http_server, "bind", None)
    values = absl_flags.FlagValues()
    flags.define_serve(values)
    return values(["serve"]) and values


def test_flags_that_exclude_each_other(values, write):
    path = str(write(FULL))
    found = refusal(values, model="/m", model_config_file=path)
    assert found == (
        "--model can't stand beside --model_config_file, which names the models; got /m"
    )
    found = refusal(values, model_name="m", model_config_file=path)
    assert found.startswith("--model_name can't stand beside --model_config_file")
    values(["serve", "--model_base_path=/m"])
    assert values.model == "/m"


def test_what_the_server_demands_besides(values, write, tmp_path):
    (tmp_path / "m" / "3").mkdir(parents=True)

    def found(text):
        path = str(write(text))
        begin = f"--model_config_file must list models to serve; got {path}:"
        message = refusal(values, model_config_file=path)
        assert message.startswith(begin)
        return message.removeprefix(begin)

    base = f'name: "m"\nbase_path: "{tmp_path}/m"\n'
    assert found("") == "1: Expected a model_config_list with a config; got none"
    assert "got /nowhere/at/all, which does not exist" in found(one(base_path="/nowhere/at/all"))
    policy = "model_version_policy { specific { versions: 4 } }"
    message = found(f"model_config_list {{ config {{ {base} {policy} }} }}")
    assert message.startswith(f"2: No versions of servable m found under base path {tmp_path}/m")
    label = 'version_labels { key: "stable" value: 3 }'
    message = found(f"model_config_list {{ config {{ {base} {label} }} }}")
    assert message.startswith("1: Request to assign label to version 3 of model m, which is not")
    assert found(str(tmp_path)).startswith("1: ")
    path = str(tmp_path / "none")
    assert refusal(values, model_config_file=path).endswith(
        f"got {path}: No such file or directory"
    )


def test_without_the_messages(values, write, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow_serving.config", None)
    path = str(write(FULL))
    assert refusal(values, model_config_file=path) == (
        "--model_config_file needs tensorflow-serving-api: pip install 'keras-iidgan[serving]';"
        f" got {path}"
    )
