"""What the command lines share: flag files, exit codes, errors of one line."""

import errno
import os
import signal
import subprocess
import sys

import pytest

from keras_iidgan import cli, files
from keras_iidgan.cli import UsageError


def write(path, *lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")
    return path


def test_flag_files_nest_beside_each_other_with_comments(tmp_path):
    write(tmp_path / "parts" / "data.flags", "// the data", "--dataset=ring", "", "  --std=paper  ")
    top = write(
        tmp_path / "parts" / "top.flags", "# a run", "--flagfile=data.flags", "--std=standard"
    )
    found = cli.expand_flagfiles(["--seed=1", f"--flagfile={top}", "--seed=2"])
    assert found == ["--seed=1", "--dataset=ring", "--std=paper", "--std=standard", "--seed=2"]


def test_a_flag_file_is_also_looked_for_in_the_working_folder(tmp_path, monkeypatch):
    write(tmp_path / "other.flags", "--seed=3")
    top = write(tmp_path / "deep" / "top.flags", "--flagfile", "other.flags")
    monkeypatch.chdir(tmp_path)
    assert cli.expand_flagfiles(["-flagfile", str(top)]) == ["--seed=3"]


def test_the_same_file_may_be_read_twice_but_not_by_itself(tmp_path):
    part = write(tmp_path / "part.flags", "--seed=3")
    assert cli.expand_flagfiles([f"--flagfile={part}"] * 2) == ["--seed=3"] * 2
    write(tmp_path / "a.flags", "--flagfile=b.flags")
    write(tmp_path / "b.flags", "--flagfile=a.flags")
    with pytest.raises(UsageError, match=r"--flagfile .*a.flags includes itself"):
        cli.expand_flagfiles([f"--flagfile={tmp_path}/a.flags"])


def test_a_flag_file_that_cannot_be_read_is_named(tmp_path):
    missing = tmp_path / "missing.flags"
    with pytest.raises(UsageError, match=rf"--flagfile must name a readable file; got {missing}: "):
        cli.expand_flagfiles([f"--flagfile={missing}"])
    binary = tmp_path / "binary.flags"
    binary.write_bytes(b"\xff\xfe--seed=1")
    with pytest.raises(UsageError, match=r"--flagfile must name a readable file; got .*binary"):
        cli.expand_flagfiles([f"--flagfile={binary}"])
    with pytest.raises(UsageError, match="--flagfile needs the path of a file"):
        cli.expand_flagfiles(["--flagfile"])


def define(values):
    from absl import flags

    flags.DEFINE_integer("count", 1, "How many.", flag_values=values)


def run(main, *argv):
    """The exit code of a command."""
    with pytest.raises(SystemExit) as caught:
        cli.run(main, define, ["command", *argv])
    return caught.value.code


def test_the_exit_code_is_that_of_main_and_the_flags_are_its_own():
    seen = []
    assert run(lambda values: seen.append(values.count), "--count=4") is None
    assert run(lambda values: 130) == 130
    assert seen == [4]


def fails(error):
    def main(values):
        raise error

    return main


@pytest.mark.parametrize(
    ("main", "argv", "message"),
    [
        (fails(UsageError("--x must be y;\n got z")), [], "error: --x must be y; got z"),
        (None, ["--count=many"], "error: flag --count=many: invalid literal for int()"),
        (None, ["--cuont=1"], "error: Unknown command line flag 'cuont'. Did you mean: count ?"),
        (None, ["extra"], "error: unknown argument 'extra'; every argument is a --flag=value"),
        (None, ["--flagfile=missing"], "error: --flagfile must name a readable file; got "),
        (
            fails(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "some/file")),
            [],
            "error: [Errno 28] No space left on device: 'some/file'",
        ),
    ],
)
def test_a_mistake_is_one_line_and_code_2(capsys, main, argv, message):
    assert run(main, *argv) == 2
    out, err = capsys.readouterr()
    (line,) = err.splitlines()
    assert line.startswith(message)
    assert out == ""


def test_an_interrupt_is_one_line_and_code_130(capsys):
    assert run(fails(KeyboardInterrupt)) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_sigterm_unwinds_what_is_open_and_the_handler_comes_back(tmp_path):
    before = signal.getsignal(signal.SIGTERM)

    def main(values):
        with files.aside(tmp_path / "half"):
            os.kill(os.getpid(), signal.SIGTERM)
            signal.sigtimedwait([], 10)  # Until the handler has run.

    assert run(main) == 143
    assert os.listdir(tmp_path) == []
    assert signal.getsignal(signal.SIGTERM) == before


def test_the_python_of_an_active_environment_goes_by_its_name(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "executable", str(tmp_path / ".venv" / "bin" / "python"))
    monkeypatch.setattr(cli.shutil, "which", lambda name: sys.executable)
    assert cli.python() == "python"
    monkeypatch.setattr(cli.shutil, "which", lambda name: None)
    assert cli.python() == sys.executable
    monkeypatch.chdir(tmp_path)
    assert cli.python() == ".venv/bin/python"


def test_a_fault_of_the_program_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError):
        cli.run(lambda values: 1 // 0, define, ["command"])


def test_help_lists_the_flags(capsys):
    assert run(fails(AssertionError("not run")), "--help") == 0
    assert "--count: How many." in capsys.readouterr().out


def python(code, **environment):
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )


def fake_tensorflow(folder, last_line):
    """A module that writes to the standard error's descriptor as TensorFlow's libraries do."""
    write(folder / "tensorflow.py", "import os", "os.write(2, b'I0000 a note\\n')", last_line)
    return str(folder)


IMPORT = """
import sys
from keras_iidgan import cli
cli.import_tensorflow()
print("of the command's own", file=sys.stderr)
"""


def test_start_up_notes_are_kept_back(tmp_path):
    done = python(IMPORT, PYTHONPATH=fake_tensorflow(tmp_path, ""))
    assert (done.returncode, done.stderr) == (0, "of the command's own\n")


def test_an_import_that_fails_shows_all_it_wrote(tmp_path):
    fault = "raise ImportError('libcuda is broken')"
    done = python(IMPORT, PYTHONPATH=fake_tensorflow(tmp_path, fault))
    assert done.returncode == 1
    assert "I0000 a note" in done.stderr
    assert "ImportError: libcuda is broken" in done.stderr


def test_the_package_and_its_flags_are_imported_without_tensorflow_or_keras():
    code = """
import sys
import keras_iidgan, keras_iidgan.flags, keras_iidgan.run_config, keras_iidgan.train
dir(keras_iidgan)
from keras_iidgan import data, methods, networks
data.names(), methods.names(), networks.names()
print([name for name in ("tensorflow", "keras", "matplotlib") if name in sys.modules])
"""
    done = python(code)
    assert done.stdout == "[]\n", done.stderr


def test_an_unknown_name_of_the_package_is_an_attribute_error():
    import keras_iidgan

    with pytest.raises(AttributeError, match="has no attribute 'IIDGAM'"):
        _ = keras_iidgan.IIDGAM
    assert "IIDGAN" in dir(keras_iidgan)


def test_a_warning_is_one_line():
    code = """
import warnings
from keras_iidgan import cli
cli.run(lambda values: warnings.warn("mind the batch"), lambda values: None, ["command"])
"""
    done = python(code)
    assert (done.returncode, done.stderr) == (0, "warning: mind the batch\n")
