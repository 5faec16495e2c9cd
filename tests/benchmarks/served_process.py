"""A server in a process of its own, for the fuzzer and the soak: models, life and memory."""

import contextlib
import http.client
import json
import os
import pathlib
import socket
import subprocess
import sys
import time

TESTS = pathlib.Path(__file__).resolve().parent.parent
SIDE, CODE, CLASSES = 6, 3, 4  # of the tiny real export


def make_models(folder):
    """Write the models "toy", "gan" and "faces", a tiny real export; returns `{name: folder}`."""
    sys.path.insert(0, str(TESTS / "serving"))
    import keras
    import toys

    from keras_iidgan import export, methods

    toys.save_toy(folder / "toy" / "7")
    toys.save_line_gan(folder / "gan" / "3")
    keras.utils.set_random_seed(0)
    model = methods.create(
        "iid_cgan", data_shape=(SIDE, SIDE, 1), latent_dim=CODE, num_classes=CLASSES
    )
    export.export(model, folder / "faces", refine_steps=2)
    return {name: folder / name for name in ("toy", "gan", "faces")}


def write_config(path, models):
    """Write TensorFlow Serving's file of models."""
    configs = "".join(
        f'  config {{ name: "{name}" base_path: "{base}" model_platform: "tensorflow" }}\n'
        for name, base in models.items()
    )
    path.write_text(f"model_config_list {{\n{configs}}}\n")
    return path


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


class Server:
    """`keras_iidgan.serve` as a user starts it.

    Args:
        flags: List of its flags.
        log: Path of the file that gets what it writes.
    """

    def __init__(self, flags, log):
        self.port, self.rpc_port = free_port(), free_port()
        self._log = log
        self._flags = [*flags, f"--rest_api_port={self.port}", f"--port={self.rpc_port}"]
        self.start()

    def start(self):
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "keras_iidgan.serve", *self._flags]
        with open(self._log, "ab") as file:
            self.process = subprocess.Popen(command, stdout=file, stderr=file)
        deadline = time.monotonic() + 120
        while not self.is_up():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server didn't start:\n{self.log()}")
            time.sleep(0.2)

    def is_up(self):
        with contextlib.suppress(OSError):
            return self.get("/v1/models/toy")[0] == 200
        return False

    def get(self, path, method="GET", body=None):
        """Make one request; returns the status and the JSON value."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(connection):
            connection.request(method, path, body)
            response = connection.getresponse()
            return response.status, json.loads(response.read())

    def is_alive(self):
        return self.process.poll() is None

    def memory(self, name="VmRSS"):
        """Return its resident memory in MB; `VmHWM` is the most that it ever was."""
        with contextlib.suppress(OSError):
            for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
                if line.startswith(name):
                    return int(line.split()[1]) / 1024
        return 0.0

    def log(self):
        return pathlib.Path(self._log).read_text(errors="replace")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """End it as a user does; returns its exit code."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.process.wait(30)
        self.kill()
        return None


def allow_connections():
    """Let this process have as many open sockets as it may."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def quiet_tensorflow():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
