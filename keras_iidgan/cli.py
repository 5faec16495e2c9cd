"""What every command line of the package shares: start, flag files, and errors for people."""

import contextlib
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import threading
import warnings

# Before TensorFlow's first import: its start-up notes would drown the run's own lines.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")


class UsageError(Exception):
    """A mistake of the user's or a fault of the machine, told in one line without a traceback."""


def run(main, define, argv=None, *, takes_arguments=False):
    """Parse flags, run `main(flags)`, and exit.

    A `UsageError`, or what the system says of a file or socket, ends with one line and code 2.
    SIGINT and SIGTERM end with code 130 and 143, and what was being written aside is cleared away,
    unless the command does better.

    Args:
        main: called with the parsed `absl.flags.FlagValues`; may return an exit code.
        define: a function of `keras_iidgan.flags` that defines flags on a `FlagValues`.
        argv: the command line; `sys.argv` by default.
        takes_arguments: whether there are others than flags; they are `main`'s second argument.
    """
    from absl import flags

    argv = list(sys.argv if argv is None else argv)
    values = flags.FlagValues()
    define(values)
    if {"--help", "-h", "--helpfull", "-help"} & set(argv[1:]):
        print(f"{sys.modules['__main__'].__doc__ or ''}\n\nflags:\n{values}")
        sys.exit(0)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(line_buffering=True)  # A log that is followed gets whole lines.
    try:
        with _terminable(), _brief_warnings():
            code = _parse_and_run(main, values, argv, takes_arguments)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        code = 130
    except BrokenPipeError:  # Whoever read the output, `head` say, has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except (UsageError, flags.Error, OSError) as error:
        print("error: " + " ".join(str(error).split()), file=sys.stderr)
        code = 2
    sys.exit(code)


def _parse_and_run(main, values, argv, takes_arguments):
    rest = values([argv[0], *expand_flagfiles(argv[1:])])[1:]
    if takes_arguments:
        return main(values, rest)
    if rest:
        raise UsageError(f"unknown argument {rest[0]!r}; every argument is a --flag=value")
    return main(values)


@contextlib.contextmanager
def _brief_warnings():
    """Show a warning as one line, without the line of the program that gave it."""
    before = warnings.formatwarning
    warnings.formatwarning = lambda message, *_, **__: f"warning: {message}\n"
    try:
        yield
    finally:
        warnings.formatwarning = before


@contextlib.contextmanager
def _terminable():
    """Let SIGTERM unwind the stack, so that whatever clears up after itself does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def python():
    """Return how a person calls the Python that runs this: by name, or else by its path."""
    if shutil.which("python") == sys.executable:
        return "python"
    path = pathlib.Path(sys.executable)
    return str(path.relative_to(pathlib.Path.cwd()) if pathlib.Path.cwd() in path.parents else path)


def import_tensorflow():
    """Import TensorFlow without the notes that it writes before TF_CPP_MIN_LOG_LEVEL counts.

    A command calls this before anything else that imports TensorFlow. Where the import fails, all
    that it wrote is shown.
    """
    if "tensorflow" in sys.modules:
        return
    with _kept_back():
        import tensorflow  # noqa: F401


@contextlib.contextmanager
def _kept_back():
    """Keep back what is written to the standard error's descriptor, unless the body fails."""
    if sys.stderr is None:  # The command was started with a closed standard error.
        yield
        return
    sys.stderr.flush()
    with tempfile.TemporaryFile() as notes:
        kept = os.dup(2)
        os.dup2(notes.fileno(), 2)
        try:
            yield
        except Exception:
            notes.seek(0)
            os.write(kept, notes.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def expand_flagfiles(arguments, folder=None, inside=()):
    """Replace every `--flagfile=PATH` by the flags in that file, nested ones too.

    A path inside a flag file is looked for beside that file, then in the working folder. Lines
    that are blank or begin with `#` or `//` are comments.

    Args:
        arguments: list of command-line arguments.
        folder: folder of the flag file that holds the arguments, None for the command line.
        inside: the flag files that are open.

    Raises:
        UsageError: for a file that can't be read or that names itself.
    """
    result, pending = [], list(arguments)
    while pending:
        argument = pending.pop(0)
        name, equals, path = argument.partition("=")
        if name not in ("--flagfile", "-flagfile"):
            result.append(argument)
            continue
        if not equals and not pending:
            raise UsageError("--flagfile needs the path of a file")
        path = _find(path if equals else pending.pop(0), folder)
        if path in inside:
            raise UsageError(f"--flagfile {path} includes itself")
        result += expand_flagfiles(_lines(path), path.parent, (*inside, path))
    return result


def _find(path, folder):
    path = pathlib.Path(path).expanduser()
    beside = folder / path if folder else path
    return (beside if beside.exists() else path).resolve()


def _lines(path):
    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--flagfile must name a readable file; got {path}: {error}") from None
    return [line for line in lines if line and not line.startswith(("#", "//"))]
