"""Files written aside and renamed, and what the system says of them."""

import errno
import json
import math
import os

import pytest
import tensorflow as tf

from keras_iidgan import files
from keras_iidgan.cli import UsageError


def test_a_file_appears_whole_and_nothing_else_is_left(tmp_path):
    with files.aside(tmp_path / "deep" / "model.keras") as path:
        assert path.suffix == ".keras" and path.parent == tmp_path / "deep"
        path.write_bytes(b"half")
        assert os.listdir(path.parent) == [path.name]
        assert path.name.startswith(".")
    assert (tmp_path / "deep" / "model.keras").read_bytes() == b"half"
    assert os.listdir(tmp_path / "deep") == ["model.keras"]


@pytest.mark.parametrize(
    ("error", "shown"),
    [(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), UsageError), (KeyError("x"), KeyError)],
)
def test_after_an_error_the_file_is_as_it_was(tmp_path, error, shown):
    (tmp_path / "figures").write_text("old")
    with pytest.raises(shown), files.aside(tmp_path / "figures") as path:
        path.write_text("new")
        raise error
    assert os.listdir(tmp_path) == ["figures"]
    assert (tmp_path / "figures").read_text() == "old"


def test_a_full_disk_is_said_with_the_files_name(tmp_path):
    path = tmp_path / "model.keras"
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    message = f"{path} can't be written: No space left on device"
    with pytest.raises(UsageError, match=message), files.aside(path):
        raise full


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EACCES, os.strerror(errno.EACCES), "x"), "Permission denied"),
        (OSError("unable to write\nat all"), "unable to write"),
        (
            tf.errors.UnknownError(None, None, "a.cc:7 x; No space left on device\n\tstack: ..."),
            "No space left on device",
        ),
        (tf.errors.NotFoundError(None, None, "no such op\n\tstack: ..."), "no such op"),
    ],
)
def test_the_reason_is_one_line_of_the_systems_own_words(error, said):
    assert files.reason(error) == said


def test_a_number_that_is_not_finite_is_null():
    value = {"a": [1.5, math.inf, {"b": math.nan}], "c": (True, "inf", None, 2)}
    expected = {"a": [1.5, None, {"b": None}], "c": [True, "inf", None, 2]}
    assert json.loads(files.to_json(value)) == expected
