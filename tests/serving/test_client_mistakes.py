"""What the client's command line refuses: one line, and 2 for a mistake, 1 for a server's word."""

import pytest


@pytest.fixture(scope="module", params=["http", "grpc"])
def url(request, urls):
    return urls[request.param]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the first argument must be a command (sample, invert, interpolate, score,"),
        (["draw"], "the first argument must be a command (sample, invert,"),
        (["invert"], "invert takes at least 1 pictures or points; got 0"),
        (["interpolate", "1,2"], "interpolate takes 2 pictures or points; got 1"),
        (["sample", "grid.png"], "sample takes 0 pictures or points; got 1"),
        (["sample", "--n=0"], "flag --n=0: 0 is not a positive integer"),
        (["sample", "--n=x"], "flag --n=x: invalid literal for int()"),
        (["sample", "--nn=1"], "Unknown command line flag 'nn'"),
        (["sample", "--model="], "--model must name the model, or --url end in /v1/models/NAME"),
        (["sample", "--out=grid.gif"], "--out must end in .png, .pdf, .svg; got grid.gif"),
        (["sample", "--seed=9223372036854775807"], "--seed must fit 64 bits up to the last"),
        (["sample", "--url=localhost:8501"], "--url: expected http://host:port or grpc://"),
        (["sample", "--token_file=/no/such"], "--token_file: expected a file, got /no/such: No"),
        (["sample", "--timeout=0"], "--timeout: expected a number above 0, got 0.0"),
        (["sample", "--label=1"], "--label must not be given, for no class is told; got 1"),
        (["sample", "--out=/proc/no/grid.png"], "--out must be a file to write; got /proc/no/"),
        (["invert", "1,2,3"], "a point must be 2 numbers with commas between; got '1,2,3'"),
        (["invert", "a.png"], "a point must be 2 numbers with commas between; got 'a.png'"),
        (["invert", "1,2", "--reconstruct=a.png"], "--reconstruct must be left out for a model"),
    ],
)
def test_mistakes(ask, urls, arguments, message):
    code, printed, said = ask(f"--url={urls['http']}", "--model=gan", *arguments)
    assert (code, printed) == (2, "")
    assert said.startswith(f"error: {message}")
    assert said.count("\n") == 1


def test_pictures_that_are_none(ask, urls, tmp_path):
    (tmp_path / "a.png").write_text("no picture")
    server = [f"--url={urls['http']}", "--model=digits"]
    for path, why in ((tmp_path / "a.png", "isn't an image"), (tmp_path / "b.png", "No such file")):
        code, _, said = ask("invert", path, *server)
        assert code == 2
        assert said.startswith(f"error: a picture must be an image file; got {path}: {why}")


def test_a_model_that_is_no_gan(ask, port):
    code, _, said = ask("sample", f"--url=http://127.0.0.1:{port}", "--model=toy")
    assert (code, said.count("\n")) == (2, 1)
    assert said == "error: --model must be a GAN of this project's export; got toy\n"


def test_servers_that_refuse_or_are_not_there(ask, url, monkeypatch):
    from keras_iidgan.serving.client import retries

    monkeypatch.setitem(retries.Retries.__init__.__kwdefaults__, "sleep", lambda seconds: None)
    code, _, said = ask("status", f"--url={url}", "--model=nope")
    assert (code, said) == (1, "error: 404: Could not find any versions of model nope\n")
    code, _, said = ask("sample", f"--url={url}", "--model=digits", "--label=3")
    assert (code, said.count("\n")) == (1, 1)
    assert "label must be in 0..2" in said
    code, _, said = ask("status", f"--url={url[:7]}localhost:9", "--model=m")
    assert (code, said.count("\n")) == (1, 1)
    assert said.startswith(f"error: no answer from {url[:7]}" if "http" in url else "error: 503: ")
