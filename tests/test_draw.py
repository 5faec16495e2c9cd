"""The command that draws a saved run: the files it says, and what it leaves out."""

import matplotlib.image
import pytest

from keras_iidgan import cli, draw, flags, train

SHORT = ["--steps=2", "--eval_every=2", "--eval_samples=10", "--jit_compile=false", "--noexport"]


def run(*argv, main=draw.main, define=flags.define_draw):
    with pytest.raises(SystemExit) as caught:
        cli.run(main, define, ["command", *argv])
    return caught.value.code


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A function that trains two steps and returns the run folder."""

    def make(*argv):
        folder = tmp_path_factory.mktemp("run") / "run"
        code = run(*SHORT, f"--run_dir={folder}", *argv, main=train.main, define=flags.define_train)
        assert code == 0
        return folder

    return make


@pytest.fixture(scope="module")
def digits(trained):
    return trained("--dataset=digits", "--latent_dim=2", "--train_size=128")


def said(out):
    """{name: what the line says of it}."""
    return {line.split()[0]: line.split(maxsplit=1)[1] for line in out.splitlines()}


def test_every_picture_is_where_the_command_says(digits, tmp_path, capsys):
    capsys.readouterr()
    assert run(f"--run={digits}", f"--out={tmp_path / 'new' / 'folder'}") == 0
    found = said(capsys.readouterr().out)
    assert set(found) == {
        "samples",
        "classes",
        "plane",
        "polar",
        "traversals",
        "reconstructions",
        "interpolation",
    }
    for name, path in found.items():
        assert path == str(tmp_path / "new" / "folder" / f"{name}.png")
        image = matplotlib.image.imread(path)
        assert min(image.shape[:2]) > 150 and max(image.shape[:2]) > 400
        assert image[..., :3].std() > 0.01
    assert {path.name for path in (tmp_path / "new" / "folder").iterdir()} == {
        f"{name}.png" for name in found
    }


def test_the_run_gets_them_by_default_and_the_seed_chooses_the_samples(digits, capsys):
    first, again, other = [], [], []
    for kept, seed in ((first, 0), (again, 0), (other, 4294967295)):
        assert run(f"--run={digits}", f"--seed={seed}") == 0
        kept += [(digits / "drawn" / f"{name}.png").read_bytes() for name in ("samples", "plane")]
    assert first == again
    assert first[0] != other[0] and first[1] == other[1]
    # What the training drew is left alone.
    assert {"samples.png", "plane.png"} <= {path.name for path in (digits / "pictures").iterdir()}


def test_what_a_model_cannot_have_is_said_with_its_reason(trained, capsys):
    folder = trained("--method=gan", "--dataset=digits", "--latent_dim=3", "--train_size=128")
    capsys.readouterr()
    assert run(f"--run={folder}") == 0
    out, err = capsys.readouterr()
    found = said(out)
    assert found["plane"] == "left out: the codes have 3 dimensions, not 2"
    for name in ("reconstructions", "interpolation"):
        assert found[name] == "left out: there is no encoder"
    assert {path.stem for path in (folder / "drawn").iterdir()} == {
        "samples",
        "classes",
        "polar",
        "traversals",
    }
    assert err == ""


def test_points_get_their_figure(trained, capsys):
    folder = trained("--method=gan")
    capsys.readouterr()
    assert run(f"--run={folder}") == 0
    assert said(capsys.readouterr().out) == {"latent": str(folder / "drawn" / "latent.png")}
    assert matplotlib.image.imread(folder / "drawn" / "latent.png").shape[1] > 400


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_out_of_range_is_refused(seed, capsys):
    assert run("--run=nowhere", f"--seed={seed}") == 2
    assert capsys.readouterr().err == f"error: --seed must be in [0, 4294967296); got {seed}\n"


def test_a_folder_that_cannot_be_written_is_refused(digits, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    capsys.readouterr()
    assert run(f"--run={digits}", f"--out={tmp_path / 'file'}") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"error: {tmp_path / 'file' / 'samples.png'} can't be written: ")
    assert len(err.splitlines()) == 1
