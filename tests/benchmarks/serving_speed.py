"""The embedded server's three ratios: to the Session alone, to a bare server, and by batching.

python tests/benchmarks/serving_speed.py
"""

import argparse
import contextlib
import http.client
import json
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

HERE = pathlib.Path(__file__).parent
SHAPE = (28, 28, 1)
IMAGES = 16  # of a request to `invert`
CLIENTS = 8  # that ask for single rows at once

GOALS = {
    "single-row predict, p50: server / Session": ("<=", 2.5),
    "invert, images per second: server / bare server": (">=", 0.8),
    "concurrent single rows per second: batched / unbatched": (">=", 1.6),
}


class Caller:
    """Connections to a server, on which one request is sent again and again.

    Args:
        port: The server's port.
        model: The model's name.
        body: The JSON value to send.
        connections: How many requests are on their way at once.
    """

    def __init__(self, port, model, body, connections=1):
        text = json.dumps(body).encode()
        head = f"POST /v1/models/{model}:predict HTTP/1.1\r\nHost: h\r\nContent-Length: {len(text)}"
        self._request = head.encode() + b"\r\n\r\n" + text
        self._sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(connections)]

    def call(self):
        """Send the request on every connection, then wait for all the answers."""
        for connection in self._sockets:
            connection.sendall(self._request)
        for connection in self._sockets:
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            text = answer.read()
            assert answer.status == 200, text

    def close(self):
        for connection in self._sockets:
            connection.close()


def seconds_of(function, calls):
    """Return the median time of a call."""
    times = []
    for _ in range(calls):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


@contextlib.contextmanager
def started(*command):
    """Run a server until the body ends; yields its port once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, *(part.format(port=port) for part in command)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while process.poll() is None:
            with contextlib.suppress(ConnectionError):
                socket.create_connection(("127.0.0.1", port)).close()
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def make_model(folder):
    """Export an untrained IID-GAN of images; returns the version's path."""
    from keras_iidgan import IIDGAN
    from keras_iidgan.export import export

    return export(IIDGAN(data_shape=SHAPE, latent_dim=64), folder)


def measure(calls, number):
    """Time every kind of call of a round, in opposite order every other round."""
    order = list(calls) if number % 2 else list(reversed(calls.keys()))
    return {name: seconds_of(*calls[name]) for name in order}


def ratios(found):
    """Turn the times of one round into the three ratios."""
    values = (
        found["single"] / found["session"],
        found["bare"] / found["invert"],
        found["unbatched"] / found["batched"],
    )
    return dict(zip(GOALS, values, strict=True))


def run(path, rounds, calls):
    """Start the servers and take turns; returns the ratios of every round."""
    from keras_iidgan.serving.engine import SavedModel

    name, alone = path.parent.name, SavedModel(path)
    z = np.zeros([1, *alone.signatures["serving_default"].inputs["z"].shape[1:]], np.float32)
    images = np.random.default_rng(0).uniform(-1, 1, [IMAGES, *SHAPE]).astype(np.float32)
    invert = {"signature_name": "invert", "instances": images.tolist()}
    row = {"signature_name": "invert", "instances": images[:1].tolist()}
    serve = ("-m", "keras_iidgan.serve", f"--model={path.parent}", "--rest_api_port={port}")
    with contextlib.ExitStack() as stack:
        bare = stack.enter_context(started(str(HERE / "serving_bare.py"), str(path), "{port}"))
        plain = stack.enter_context(started(*serve))
        batching = stack.enter_context(started(*serve, "--enable_batching"))

        def caller(port, body, connections=1):
            made = Caller(port, name, body, connections)
            return stack.enter_context(contextlib.closing(made)).call

        timed = {
            "session": (lambda: alone.run("", {"z": z}), 4 * calls),
            "single": (caller(plain, {"instances": z.tolist()}), 4 * calls),
            "bare": (caller(bare, invert), calls),
            "invert": (caller(plain, invert), calls),
            "unbatched": (caller(plain, row, CLIENTS), calls),
            "batched": (caller(batching, row, CLIENTS), calls),
        }
        measure(timed, 0)  # The first calls of a graph take longer.
        return [measure(timed, number) for number in range(rounds)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--calls", type=int, default=50, help="of each kind in a round")
    parser.add_argument("--version", type=pathlib.Path, help="an export; made anew by default")
    flags = parser.parse_args()
    from keras_iidgan import cli

    cli.import_tensorflow()
    with tempfile.TemporaryDirectory() as folder:
        path = flags.version or make_model(pathlib.Path(folder) / "images")
        found = run(path, flags.rounds, flags.calls)
    for name in found[0]:
        print(f"{name:10} {statistics.median(each[name] for each in found) * 1e3:8.2f} ms a call")
    for name, (sign, goal) in GOALS.items():
        values = [ratios(each)[name] for each in found]
        print(f"{name}: {statistics.median(values):.2f} (goal {sign} {goal};", end=" ")
        print(f"rounds {', '.join(f'{value:.2f}' for value in values)})")


if __name__ == "__main__":
    main()
