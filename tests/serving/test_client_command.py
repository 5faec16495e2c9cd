"""The client's command line against real servers: what it prints, draws and refuses."""

import csv
import io
import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from keras_iidgan.serving import Client


@pytest.fixture(scope="module", params=["http", "grpc"])
def url(request, urls):
    return urls[request.param]


@pytest.fixture
def picture(tmp_path):
    """The path of a picture of the size of the model's, and its pixels as a sample."""
    pixels = np.random.default_rng(1).integers(0, 256, (6, 6)).astype(np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    return tmp_path / "a.png", pixels / np.float32(127.5) - 1


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def cells(path):
    """The colours of a drawing [h, w, 3], and how many there are."""
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"))
    return pixels, len(np.unique(pixels.reshape(-1, 3), axis=0))


def test_samples_are_drawn_and_their_codes_printed(ask, url, tmp_path):
    out = tmp_path / "new" / "grid.png"
    call = ["sample", f"--url={url}", "--model=digits", "--n=5", "--seed=3", f"--out={out}"]
    assert ask(*call) == (0, f"{out}\n", "")
    assert cells(out)[1] > 50
    assert [path.name for path in out.parent.iterdir()] == ["grid.png"]
    code, printed, _ = ask(*call, "--format=json")
    found = lines(printed)
    assert code == 0
    assert [(row["seed"], row["label"]) for row in found] == list(
        zip([3, 4, 5, 6, 7], [0, 1, 2, 0, 1], strict=True)
    )
    with Client(url, "digits") as client:
        _, z = client.sample([3, 4, 5, 6, 7], return_z=True, labels=[0, 1, 2, 0, 1])
    np.testing.assert_allclose([row["z"] for row in found], z, rtol=1e-6)
    _, printed, _ = ask(*call, "--format=json", "--label=2")
    assert [row["label"] for row in lines(printed)] == [2] * 5


def test_the_grid_shows_the_samples(ask, urls, monkeypatch, tmp_path):
    from keras_iidgan import plots

    drawn = []
    monkeypatch.setattr(plots, "samples_figure", lambda x, title: drawn.append(x))
    monkeypatch.setattr(plots, "save", lambda figure, path: None)
    call = ["sample", f"--url={urls['http']}", "--model=digits", "--n=4", "--label=1"]
    ask(*call, f"--out={tmp_path / 'grid.png'}")
    want = Client(urls["http"], "digits").sample(range(4), labels=1)
    np.testing.assert_array_equal(drawn[0], want[..., np.newaxis])


def test_pictures_are_inverted(ask, url, picture, tmp_path):
    path, x = picture
    server = [f"--url={url}/v1/models/digits", "--format=json"]
    with Client(url, "digits") as client:
        z, label = client.invert(x[np.newaxis], return_labels=True)
        refined = client.invert_refined(x[np.newaxis])
    code, printed, _ = ask("invert", path, path, *server)
    first, second = lines(printed)
    assert code == 0
    assert first == second
    assert (first["name"], first["label"]) == (str(path), label[0])
    np.testing.assert_allclose(first["z"], z[0], rtol=1e-6)
    drawing = tmp_path / "both.png"
    _, printed, _ = ask("invert", path, *server, "--refine", f"--reconstruct={drawing}")
    (found,) = lines(printed)
    np.testing.assert_allclose(found["z"], refined["z"][0], rtol=1e-6)
    assert found["error"] <= found["error_before"]
    assert cells(drawing)[1] > 30
    _, printed, _ = ask("invert", path, *server, f"--reconstruct={drawing}", "--format=text")
    assert printed.startswith(f"{path}  label {label[0]}  z ")
    assert "  error " in printed


def test_the_way_between_pictures(ask, url, picture, tmp_path):
    path, out = picture[0], tmp_path / "way.png"
    call = ["interpolate", path, path, f"--url={url}", "--model=digits", "--k=3", f"--out={out}"]
    assert ask(*call) == (0, f"{out}\n", "")
    assert cells(out)[1] > 30
    _, printed, _ = ask(*call, "--format=json")
    assert [row["t"] for row in lines(printed)] == [0, 0.5, 1]
    assert lines(printed)[0].keys() == {"t", "z", "label"}


def test_scores(ask, url, picture):
    path, x = picture
    call = ["score", path, f"--url={url}", "--model=digits", "--format=json"]
    with Client(url, "digits") as client:
        _, seen = client.invert(x[np.newaxis], return_labels=True)
        for chosen, label in (([], seen[0]), (["--label=1"], 1)):
            (found,) = lines(ask(*call, *chosen)[1])
            want = client.score(x[np.newaxis], labels=int(label))
            assert found.pop("label") == label
            assert found.pop("name") == str(path)
            assert found.keys() == want.keys()
            np.testing.assert_allclose(list(found.values()), [v[0] for v in want.values()], 1e-6)


def test_points(ask, url, gan, tmp_path):
    server = [f"--url={url}", "--model=gan"]
    assert ask("sample", "--n=2", *server)[1] == "0  x 1,1  z 0,0\n1  x 3,21  z 1,10\n"
    rows = list(csv.reader(io.StringIO(ask("sample", "--n=2", "--format=csv", *server)[1])))
    assert rows[0] == ["seed", "x_1", "x_2", "z_1", "z_2"]
    assert rows[2] == ["1", "3", "21", "1", "10"]
    assert ask("invert", "-2.0,0.0", "3,1", *server)[1] == "-2.0,0.0  z -1.5,-0.5\n3,1  z 1,0\n"
    assert ask("score", "1,3", *server)[1] == "1,3  error 0  logit 1  squared_norm 1\n"
    out = tmp_path / "points.svg"
    assert ask("sample", f"--out={out}", *server) == (0, f"{out}\n", "")
    assert "<svg" in out.read_text()


def test_status_and_signatures(ask, url):
    server = [f"--url={url}", "--model=gan"]
    assert ask("status", *server)[1] == "3  state AVAILABLE  error_code OK\n"
    (row,) = lines(ask("status", "--format=json", *server)[1])
    assert row["version"] == "3"
    printed = ask("signatures", *server)[1].splitlines()
    assert "invert  inputs x float32 [N, 2]  outputs z float32 [N, 2]" in printed
    assert "picture  inputs text string [...]  outputs png_bytes string [...]" in printed


def test_the_module_is_the_command(urls):
    command = [sys.executable, "-m", "keras_iidgan.serving.client"]
    call = [*command, "invert", "-2,0", f"--url={urls['http']}", "--model=gan"]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "-2,0  z -1.5,-0.5\n", "")
    done = subprocess.run([*command, "--help"], capture_output=True, text=True, check=True)
    assert "sample --n=16 --seed=0 --out=grid.png" in done.stdout
    assert "--token_file" in done.stdout
