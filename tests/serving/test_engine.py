"""SavedModels in V1 sessions: results, TensorFlow's own errors, many threads, broken files."""

import concurrent.futures
import shutil

import numpy as np
import pytest

from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.loading.engine import SavedModel
from keras_iidgan.serving.registry.models import TensorSpec


def test_signatures(toy):
    assert toy.version == 7
    assert toy.signatures["serving_default"].inputs == {"x": TensorSpec("float32", None)}
    assert toy.signatures["pair"].outputs == {
        "diff": TensorSpec("float32", (None,)),
        "sum": TensorSpec("float32", (None,)),
    }
    assert toy.signatures["total"].outputs["t"].shape == ()


def test_run(toy, gan):
    x = np.array([[1.0, 2.0]], np.float32)
    np.testing.assert_array_equal(toy.run("", {"x": x})["y"], 0.5 * x + 2, strict=True)
    found = toy.run("pair", {"b": np.float32([1]), "a": np.float32([3])})
    assert {alias: value.tolist() for alias, value in found.items()} == {"sum": [4], "diff": [2]}
    assert toy.run("total", {"x": x[0]})["t"] == 3.0
    text = np.array([b"\xff\x00"], object)
    assert gan.run("picture", {"text": text})["png_bytes"].tolist() == [b"\xff\x00"]
    scalar = gan.run("picture", {"text": np.array(b"\xff", object)})["png_bytes"]
    assert (scalar.shape, scalar.item()) == ((), b"\xff")


@pytest.mark.parametrize(
    ("name", "inputs", "message"),
    [
        ("nope", {}, 'Serving signature name: "nope" not found in signature def'),
        (
            "pair",
            {"a": 1, "c": 2},
            "input size does not match signature: 2!=2 len({a,c}) != len({a,b})."
            " Sent extra: {c}. Missing but required: {b}.",
        ),
    ],
)
def test_refusals(toy, name, inputs, message):
    with pytest.raises(StatusError) as caught:
        toy.run(name, inputs)
    assert (caught.value.code, caught.value.message) == ("INVALID_ARGUMENT", message)


def test_errors_of_the_graph(gan):
    with pytest.raises(StatusError, match="Matrix size-incompatible") as caught:
        gan.run("product", {"x": np.ones((2, 5), np.float32)})
    assert caught.value.code == "INVALID_ARGUMENT"
    with pytest.raises(StatusError, match=r"INVALID_ARGUMENT.*not compatible with expected shape"):
        gan.run("invert", {"x": np.ones((2, 3), np.float32)})
    good = gan.run("invert", {"x": np.ones((2, 2), np.float32)})
    assert not good["z"].any()


def test_many_threads(gan_folder):
    fresh = SavedModel(gan_folder / "3")

    def run(seed):
        return fresh.run("sample", {"seed": np.array([seed])})["z"]

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        found = np.concatenate(list(pool.map(run, range(64))))
    np.testing.assert_array_equal(found, np.outer(np.arange(64), [1, 10]))
    fresh.close()


def test_metadata(toy):
    x = toy.metadata()["serving_default"]["inputs"]["x"]
    assert x["dtype"] == "DT_FLOAT"
    assert x["tensor_shape"] == {"dim": [], "unknown_rank": True}
    pair = toy.metadata()["pair"]
    assert pair["method_name"] == "tensorflow/serving/predict"
    assert pair["defaults"] == {}
    assert pair["inputs"]["a"]["tensor_shape"] == {
        "dim": [{"size": "-1", "name": ""}],
        "unknown_rank": False,
    }


def test_broken_folders(gan_folder, tmp_path):
    (tmp_path / "1").mkdir()
    with pytest.raises(StatusError, match="does not exist"):
        SavedModel(tmp_path / "1")
    (tmp_path / "1" / "saved_model.pb").write_bytes(b"no protocol buffer")
    with pytest.raises(StatusError, match="Cannot parse file"):
        SavedModel(tmp_path / "1")
    shutil.copytree(gan_folder / "3", tmp_path / "2")
    for file in (tmp_path / "2" / "variables").iterdir():
        file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(StatusError) as caught:
        SavedModel(tmp_path / "2")
    assert caught.value.http_status == 500
