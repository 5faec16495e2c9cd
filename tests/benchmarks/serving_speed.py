"""The embedded server's three ratios: to the Session alone, to a bare server, and by batching.

python tests/benchmarks/serving_speed.py
"""

import argparse
import contextlib
import json
import pathlib
import re
import selectors
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
CLIENTS = 16  # that ask for single rows at once

GOALS = {
    "single-row predict, p50: server / Session": ("<=", 2.5),
    "invert, images per second: server / bare server": (">=", 0.8),
    "concurrent single rows per second: batched / unbatched": (">=", 1.6),
}


class Caller:
    """Clients of a server, each of which sends its next request when the last is answered.

    Args:
        port: The server's port.
        model: The model's name.
        body: The JSON value that each request has.
        clients: How many requests are on their way at once.
    """

    def __init__(self, port, model, body, clients=1):
        text = json.dumps(body).encode()
        head = f"POST /v1/models/{model}:predict HTTP/1.1\r\nHost: h\r\nContent-Length: {len(text)}"
        self._request = head.encode() + b"\r\n\r\n" + text
        self._selector = selectors.DefaultSelector()
        for _ in range(clients):
            client = socket.create_connection(("127.0.0.1", port))
            self._selector.register(client, selectors.EVENT_READ)
        self.clients = clients

    def call(self, each=1):
        """Have each client make so many requests."""
        left = each * self.clients
        for key in self._selector.get_map().values():
            key.fileobj.sendall(self._request)
        unsent = left - self.clients
        while left:
            for key, _ in self._selector.select():
                _receive(key.fileobj)
                left -= 1
                if unsent:
                    unsent -= 1
                    key.fileobj.sendall(self._request)

    def close(self):
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()
        self._selector.close()


def _receive(connection):
    """Take an answer, with as little of the machine's time as can be."""
    text = connection.recv(1 << 20)
    while b"\r\n\r\n" not in text:
        text += connection.recv(1 << 20)
    head, _, body = text.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), text
    left = int(re.search(rb"content-length: (\d+)", head)[1]) - len(body)
    while left:
        left -= len(connection.recv(left))


def seconds_of(function, calls):
    """Return the median time of a call."""
    times = []
    for _ in range(calls):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def seconds_each(caller, calls):
    """Return the time of one of many requests, of clients that don't wait for each other."""
    start = time.perf_counter()
    caller.call(calls)
    return (time.perf_counter() - start) / (calls * caller.clients)


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


def measure(timed, number):
    """Time every kind of call of a round, in opposite order every other round."""
    order = list(timed) if number % 2 else list(timed)[::-1]
    return {name: timed[name]() for name in order}


def ratios(found):
    """Turn the times of one round into the three ratios."""
    values = (
        found["single"] / found["session"],
        found["bare"] / found["invert"],
        found["unbatched"] / found["batched"],
    )
    return dict(zip(GOALS, values, strict=True))


def run(path, rounds, calls):
    """Start the servers and take turns; returns the times of every round."""
    from keras_iidgan.serving.loading.engine import SavedModel

    alone = SavedModel(path)
    z = np.zeros([1, *alone.signatures["serving_default"].inputs["z"].shape[1:]], np.float32)
    images = np.random.default_rng(0).uniform(-1, 1, [IMAGES, *SHAPE[:2]]).astype(np.float32)
    invert = {"signature_name": "invert", "instances": images.tolist()}
    row = {"instances": z.tolist()}
    serve = [
        "-m",
        "keras_iidgan.serve",
        f"--model={path.parent}",
        "--rest_api_port={port}",
        "--port=0",
    ]
    serve.append(f"--rest_api_num_threads={CLIENTS}")
    with contextlib.ExitStack() as stack:
        bare = stack.enter_context(started(str(HERE / "serving_bare.py"), str(path), "{port}"))
        plain = stack.enter_context(started(*serve))
        batching = stack.enter_context(started(*serve, "--enable_batching"))

        def caller(port, body, clients=1):
            made = Caller(port, path.parent.name, body, clients)
            return stack.enter_context(contextlib.closing(made))

        one, bare, inverting = caller(plain, row), caller(bare, invert), caller(plain, invert)
        unbatched, batched = caller(plain, row, CLIENTS), caller(batching, row, CLIENTS)
        one_batched = caller(batching, row)
        timed = {
            "session": lambda: seconds_of(lambda: alone.run("", {"z": z}), 4 * calls),
            "single": lambda: seconds_of(one.call, 4 * calls),
            "single, with batching": lambda: seconds_of(one_batched.call, 4 * calls),
            "bare": lambda: seconds_of(bare.call, calls),
            "invert": lambda: seconds_of(inverting.call, calls),
            "unbatched": lambda: seconds_each(unbatched, calls // 2),
            "batched": lambda: seconds_each(batched, calls // 2),
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
        print(f"{statistics.median(each[name] for each in found) * 1e3:8.2f} ms  {name}")
    for name, (sign, goal) in GOALS.items():
        values = [ratios(each)[name] for each in found]
        print(f"{name}: {statistics.median(values):.2f} (goal {sign} {goal};", end=" ")
        print(f"rounds {', '.join(f'{value:.2f}' for value in values)})")


if __name__ == "__main__":
    main()
