"""The embedded server as a process of its own."""

import contextlib
import pathlib
import subprocess
import sys
import typing
import urllib.parse

FOLDER = pathlib.Path(__file__).parents[2] / "serving"


class Address(typing.NamedTuple):
    """Where a server listens: `http://host:port`, and `host:port` of gRPC."""

    url: str
    grpc: str


@contextlib.contextmanager
def serve(*flags):
    """Run the command with flags, on free ports; yields its `Address`."""
    command = [sys.executable, "-m", "keras_iidgan.serve", *flags]
    command += ["--rest_api_port=0", "--port=-1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            lines = []
            for line in process.stdout:
                lines.append(line.strip())
                if line.startswith("Ctrl+C"):
                    break
            (url, *_) = (line.split(": ")[1] for line in lines if line.startswith("URL: "))
            (rpc,) = (line.split(": ")[1] for line in lines if line.startswith("gRPC: "))
            yield Address(f"http://{urllib.parse.urlsplit(url).netloc}", rpc)
        finally:
            process.terminate()
            process.communicate(timeout=60)
