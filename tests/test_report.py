"""The command that reports on saved runs: what it writes, says and refuses."""

import json
import shutil

import pytest

from keras_iidgan import cli, flags, report, train
from keras_iidgan.reporting import words

TRAINING = ["--steps=2", "--eval_every=2", "--eval_samples=50", "--jit_compile=false", "--noexport"]
QUICK = ["--eval_samples=200"]


def run(*argv, main=report.main, define=flags.define_report):
    with pytest.raises(SystemExit) as caught:
        cli.run(main, define, ["command", *map(str, argv)])
    return caught.value.code


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """{method: folder of its run}."""
    runs = tmp_path_factory.mktemp("runs")
    for method in ("gan", "iidgan"):
        argv = [*TRAINING, f"--method={method}", f"--run_dir={runs / method}"]
        assert run(*argv, main=train.main, define=flags.define_train) == 0
    return {method: runs / method for method in ("gan", "iidgan")}


def read(path):
    """The runs that a JSON file tells of."""
    return json.loads(path.read_text())["runs"]


def test_a_page_in_the_run_folder_and_the_verdict_in_a_line(trained, capsys):
    capsys.readouterr()
    assert run(f"--run={trained['iidgan']}", *QUICK) == 0
    out, err = capsys.readouterr()
    path = trained["iidgan"] / "report.html"
    verdict, written = out.splitlines()
    assert written == f"written to {path}"
    name, colour, sentence = verdict.split(": ", 2)
    assert name == "iidgan" and colour == "red"  # Two steps are no training.
    page = path.read_text()
    assert f'<p class="sentence">{sentence}</p>' in page
    for question in ("Is F(x) distributed as N(0, I)?", "Are the dimensions of F(x) independent?"):
        assert question in page
    assert page.count("<img ") >= 4  # Samples with codes, codes, figures, losses.
    assert err.splitlines() == [
        "iidgan: measuring 200 samples",
        "iidgan: diagnosing 200 samples",
        "iidgan: drawing pictures",
    ]
    assert not list(path.parent.glob(".*"))  # What was written aside.


def test_the_seed_chooses_the_samples_and_nothing_else_does(trained, tmp_path, capsys):
    found = []
    for seed in (3, 3, 4):
        path = tmp_path / "new" / f"{len(found)}.json"
        argv = [f"--run={trained['iidgan']}", "--format=json", f"--eval_seed={seed}", *QUICK]
        assert run(*argv, f"--out={path}") == 0
        found += read(path)
    first, again, other = found
    assert first == again
    assert first["protocol"]["seed of the samples"] == 3
    assert first["protocol"]["generated samples compared"] == 200
    assert first["figures"] != other["figures"]
    # A person who doesn't know a test's name is told what it asks.
    assert {found["name"] for found in first["findings"]} <= set(words.MEANINGS)
    assert "drawing" not in capsys.readouterr().err  # JSON has no pictures.


def test_without_an_encoder_it_says_which_questions_stay_open(trained, tmp_path):
    path = tmp_path / "gan.json"
    assert run(f"--run={trained['gan']}", "--format=json", f"--out={path}", *QUICK) == 0
    (found,) = read(path)
    open_questions = ["gaussian", "shape", "dimensions", "order", "unused"]
    assert found["verdict"]["unanswered"] == open_questions
    assert {f["group"] for f in found["findings"]} == {"lost", "variety"}
    assert list(found["left_out"].values()) == ["no encoder"]


def test_several_runs_are_compared_beside_them(trained, capsys):
    folders = f"{trained['gan']},{trained['iidgan']}"
    capsys.readouterr()
    assert run(f"--run={folders}", "--format=json", *QUICK) == 0
    found = read(trained["gan"].parent / "comparison.json")
    assert [each["name"] for each in found] == ["gan", "iidgan"]
    *verdicts, _ = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in verdicts] == ["gan", "iidgan"]


@pytest.fixture
def refused(trained, tmp_path):
    """{what is wrong: (flags, what the line says)}."""
    bare = tmp_path / "bare"
    bare.mkdir()
    shutil.copy(trained["gan"] / "config.json", bare)
    (tmp_path / "file").write_text("in the way")
    good = f"--run={trained['gan']}"
    inside, samples = tmp_path / "file" / "report.html", "--eval_samples must be 0 or at least 30"
    return {
        "no run": ([], "--run must name a run folder; got none"),
        "no folder": (["--run=nowhere"], "--run must name run folders; nowhere has no config.json"),
        "no checkpoint": ([f"--run={bare}"], f"--run={bare} has no checkpoint yet"),
        "second run": ([good, "--run=nowhere"], "nowhere has no config.json"),
        "twice": ([good, good], f"--run must name different folders; got {trained['gan']} twice"),
        "format": ([good, "--format=pdf"], "--format must be one of html, json; got 'pdf'"),
        "folder as a file": ([good, f"--out={tmp_path}"], f"that can be written; got {tmp_path}"),
        "file as a folder": ([good, f"--out={inside}"], f"that can be written; got {inside}"),
        "seed": ([good, "--eval_seed=-1"], "--eval_seed must be in [0, 4294967296); got -1"),
        "samples": ([good, "--eval_samples=29"], f"{samples}; got 29"),
    }


def test_mistakes_are_one_line_before_anything_is_measured(refused, capsys):
    for argv, said in refused.values():
        capsys.readouterr()
        assert run(*argv) == 2
        out, err = capsys.readouterr()
        assert out == ""
        (line,) = err.splitlines()
        assert line.startswith("error: ") and said in line
