"""What a person sees of long work."""

import io
import re

import pytest

from keras_iidgan.data import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    """A clock that is moved by hand: `clock[0]` is its time in seconds."""
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def told(monkeypatch, stream, clock, seconds, total=10):
    """What is written to `stream` by work on `total` items that takes `seconds` for each."""
    monkeypatch.setattr(progress.sys, "stderr", stream)
    shown = progress.Progress(total, "images")
    for count in range(1, total + 1):
        clock[0] += seconds
        shown.reached(count)
    return stream.getvalue()


def test_a_log_gets_a_line_every_ten_seconds_with_the_time_left(monkeypatch, clock):
    lines = told(monkeypatch, io.StringIO(), clock, seconds=13).splitlines()
    assert len(lines) == 9  # The tenth is the end, and nothing is left to wait for.
    assert lines[0] == "  1 of 10 images, 10%, 1:57 left"
    assert lines[-1] == "  9 of 10 images, 90%, 0:13 left"
    assert len(told(monkeypatch, io.StringIO(), clock, seconds=3).splitlines()) == 2


def test_a_terminal_gets_a_bar_that_ends_with_its_line(monkeypatch, clock):
    text = told(monkeypatch, Terminal(), clock, seconds=1)
    assert text.count("\r") == 10 and text.endswith("\n") and text.count("\n") == 1
    widths = [len(bar) for bar in re.findall(r"\[(=*) *\]", text)]
    assert widths == [3 * i for i in range(1, 11)]


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_quick_work_says_nothing(monkeypatch, clock, stream):
    assert told(monkeypatch, stream(), clock, seconds=0.001) == ""
