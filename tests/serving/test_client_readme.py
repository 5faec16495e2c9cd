"""What the README shows of the client, run."""

import pathlib
import shlex

import numpy as np
import pytest
import rpc_toys

from keras_iidgan.serving.registry.models import Models, Signature, TensorSpec
from keras_iidgan.serving.rest.app import RestApp

README = pathlib.Path(__file__).parents[2] / "README.md"


class WithWay(rpc_toys.Wrapped):
    """A GAN of lines with the way between codes, which is straight here."""

    def __init__(self, servable):
        super().__init__(servable)
        code, places = (
            servable.signatures["invert"].outputs["z"],
            TensorSpec("float32", (None, None)),
        )
        way = Signature({"z0": code, "z1": code, "t": places}, {"x": places, "z": places})
        self.signatures = servable.signatures | {"interpolate": way}

    def run(self, name, inputs):
        if name != "interpolate":
            return super().run(name, inputs)
        t = inputs["t"][:, :, np.newaxis]
        z = (1 - t) * inputs["z0"][:, np.newaxis] + t * inputs["z1"][:, np.newaxis]
        return {"x": 2 * z + 1, "z": z}

    def metadata(self):
        known = super().metadata()
        info = known["invert"]["outputs"]["z"]
        signature = self.signatures["interpolate"]
        described = known["invert"] | {
            "inputs": dict.fromkeys(signature.inputs, info),
            "outputs": dict.fromkeys(signature.outputs, info),
        }
        return known | {"interpolate": described}


@pytest.fixture(scope="module", params=["http", "grpc"])
def url(request, gan):
    import toys

    models = Models()
    models.add("iidgan_ring", WithWay(gan))
    if request.param == "grpc":
        with rpc_toys.serve(models) as stubs:
            yield f"grpc://{stubs.address}"
    else:
        with toys.serve(RestApp(models)) as port:
            yield f"http://127.0.0.1:{port}"


def test_python(url):
    blocks = [text.split("```")[0] for text in README.read_text().split("```python\n")[1:]]
    (example,) = [block for block in blocks if "import Client" in block]
    names = {}
    exec(example.replace("http://localhost:8501", url), names)
    names["client"].close()
    assert names["z"].tolist() == [[1, 10], [2, 20], [3, 30]]
    assert names["way"].shape == (1, 9, 2)
    np.testing.assert_array_equal(names["way"][0, [0, -1]], names["x"][:2])
    assert names["error"].tolist() == [0, 0, 0]


def test_commands(url, ask, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    start = ".venv/bin/python -m keras_iidgan.serving.client "
    lines = [line for line in README.read_text().splitlines() if line.startswith(start)]
    commands = [shlex.split(line.removeprefix(start)) for line in lines]
    assert {command[0] for command in commands} == {"sample", "invert", "interpolate"}
    ours = [command for command in commands if "--model=iidgan_ring" in command]
    assert len(ours) == 2
    for command in ours:
        code, printed, said = ask(*command, f"--url={url}")
        assert (code, said) == (0, "")
        assert printed in ("grid.png\n", "2.0,0.0  z 0.5,-0.5\n")
    assert (tmp_path / "grid.png").exists()
