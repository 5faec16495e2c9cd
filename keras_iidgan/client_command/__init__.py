"""The client's command line: `main` finds the command and tells what went wrong in one line."""

import os
import re
import sys

from keras_iidgan.cli import UsageError
from keras_iidgan.client_command import commands
from keras_iidgan.serving.client import Client, ServingError

_POINT = re.compile(r"-[\d.][^=]*,.*")
# Command -> its function, and the number of arguments that it takes at least and at most.
_COMMANDS = {
    "sample": (commands.sample, 0, 0),
    "invert": (commands.invert, 1, None),
    "interpolate": (commands.interpolate, 2, 2),
    "score": (commands.score, 1, None),
    "status": (commands.status, 0, 0),
    "signatures": (commands.signatures, 0, 0),
}


def with_points(argv):
    """Keep points such as -2.0,0.0 from being taken for flags."""
    return [f" {each}" if _POINT.fullmatch(each) else each for each in argv]


def main(values, arguments):
    """Run the command that the first argument names.

    Args:
        values: Parsed flags, see `keras_iidgan.flags.define_client`.
        arguments: The command, and what it works on.

    Returns:
        Exit code: 0, or 1 where the server refused or there is none.

    Raises:
        UsageError: The command line has a mistake.
    """
    # gRPC would write of every handshake that fails, before the one line here.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    run, operands = _find(arguments)
    commands.check_files(values)
    with _client(values) as client:
        try:
            run(client, values, operands)
        except ServingError as error:
            print("error: " + " ".join(str(error).split()), file=sys.stderr)
            return 1
        except ValueError as error:  # The client's, before it sends anything.
            raise UsageError(str(error)) from None
    return 0


def _find(arguments):
    known = ", ".join(_COMMANDS)
    if not arguments:
        raise UsageError(f"the first argument must be a command ({known}); got none")
    name, *operands = arguments
    if name not in _COMMANDS:
        raise UsageError(f"the first argument must be a command ({known}); got {name!r}")
    run, least, most = _COMMANDS[name]
    if len(operands) < least or (most is not None and len(operands) > most):
        count = f"{least}" if most == least else f"at least {least}"
        raise UsageError(f"{name} takes {count} pictures or points; got {len(operands)}")
    return run, [operand.strip() for operand in operands]


def _client(values):
    if not values.model and "/v1/models/" not in values.url:
        raise UsageError(
            "--model must name the model, or --url end in /v1/models/NAME (a server has no call"
            f" that lists its models); got none and {values.url}"
        )
    names = ("url", "model", "timeout", "token_file", "ca_file", "chunk")
    try:
        return Client(**{name: getattr(values, name) for name in names})
    except ValueError as error:
        raise UsageError(f"--{error}") from None
