"""Hours of a server's life in minutes: requests of all kinds, versions that come and go, a kill.

python tests/benchmarks/serving_soak.py --requests=200000 --swap_every=1
"""

import argparse
import contextlib
import pathlib
import shutil
import sys
import tempfile
import threading
import time

import numpy as np
import served_process
import soak_clients


class Swapper:
    """Puts a new version of "faces" in place again and again, and takes old ones away.

    Args:
        base: The model's folder.
        seconds: Time between two versions; 0 for none.
    """

    def __init__(self, base, seconds):
        self._base, self._seconds = base, seconds
        self.version = max(int(path.name) for path in base.iterdir())
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        if seconds:
            self._thread.start()

    def _run(self):
        while not self._ended.wait(self._seconds):
            aside = self._base / "next"
            shutil.copytree(self._base / str(self.version), aside)
            aside.rename(self._base / str(self.version + 1))
            self.version += 1
            # The one before may be loading still.
            old = self._base / str(self.version - 3)
            shutil.rmtree(old, ignore_errors=True)

    def stop(self):
        self._ended.set()
        if self._seconds:
            self._thread.join()


def watch(server, crowd, flags):
    """Note the server's memory while the crowd is busy: list of (requests done, MB)."""
    started, found = time.monotonic(), []
    while crowd.is_busy():
        time.sleep(1)
        found.append((crowd.done, server.memory()))
        seconds = time.monotonic() - started
        if len(found) % 10 == 0:
            print(f"{found[-1][0]} requests, {found[-1][0] / seconds:.0f}/s, {found[-1][1]:.0f} MB",
                  f"{len(crowd.failures)} failed", flush=True)  # fmt: skip
        if not server.is_alive() or (flags.seconds and seconds > flags.seconds):
            crowd.ended.set()
    return found


def growth(found):
    """Return the memory after the first tenth and at the end, each the median of its tenth."""
    total = found[-1][0]
    tenths = [[mb for done, mb in found if low <= done / total <= low + 0.1] for low in (0.1, 0.9)]
    return [float(np.median(tenth)) for tenth in tenths]


def available(server):
    """Return the versions of "faces" that can be called."""
    states = server.get("/v1/models/faces")[1]["model_version_status"]
    return {state["version"] for state in states if state["state"] == "AVAILABLE"}


def settled(server, version):
    """Wait until a version is the only one that is served."""
    deadline = time.monotonic() + 60
    while available(server) != {str(version)} and time.monotonic() < deadline:
        time.sleep(0.2)
    return available(server) == {str(version)}


def restart(server, version):
    """Kill the server and start it again; returns what is wrong then, or `None`."""
    before = soak_clients.Rpc(server.rpc_port, 0).sample()
    server.kill()
    server.start()
    if available(server) != {str(version)}:
        return f"versions {available(server)} instead of {version}"
    after = soak_clients.Rpc(server.rpc_port, 0).sample()
    return None if np.array_equal(before, after) else "a seed gives another sample"


def soak(server, base, flags):
    """Do all of it; returns the list of what went wrong."""
    clients = [soak_clients.Rest(server.port, number) for number in range(flags.clients)]
    clients += [soak_clients.Rpc(server.rpc_port, number) for number in range(flags.clients)]
    swapper = Swapper(base, flags.swap_every)
    first = swapper.version
    try:
        crowd = soak_clients.Crowd(clients, flags.requests)
        found = watch(server, crowd, flags)
        crowd.join()
    finally:
        swapper.stop()
    wrong = crowd.failures
    if not settled(server, swapper.version):
        wrong.append(f"version {swapper.version} is not served alone: {available(server)}")
    start, end = growth(found)
    print(f"{crowd.done} requests, {len(crowd.failures)} failed, {swapper.version - first} swaps")
    print(f"memory: {start:.0f} MB after a tenth, {end:.0f} MB at the end, {end / start - 1:+.1%},",
          f"most {server.memory('VmHWM'):.0f} MB")  # fmt: skip
    if end > 1.05 * start:
        wrong.append(f"memory grew from {start:.0f} to {end:.0f} MB")
    if "Traceback" in server.log():
        wrong.append(server.log()[-3000:])
    problem = restart(server, swapper.version)
    print(f"killed and started again: {problem or 'the same versions, the same sample'}")
    return wrong + [problem] * bool(problem)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=200_000)
    parser.add_argument("--swap_every", type=float, default=1, help="seconds; 0 for no swaps")
    parser.add_argument("--seconds", type=float, help="end after so long, done or not")
    parser.add_argument("--batching", action="store_true", help="start the server so")
    parser.add_argument("--clients", type=int, default=3, help="of REST, and as many of gRPC")
    flags = parser.parse_args()
    served_process.quiet_tensorflow()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        models = served_process.make_models(folder)
        config = served_process.write_config(folder / "models.config", models)
        metrics = folder / "monitoring.config"
        metrics.write_text("prometheus_config { enable: true }")
        server = served_process.Server(
            [
                f"--model_config_file={config}",
                f"--monitoring_config_file={metrics}",
                f"--enable_batching={flags.batching}",
            ],
            folder / "log",
        )
        with contextlib.ExitStack() as stack:
            stack.callback(server.kill)
            wrong = soak(server, models["faces"], flags)
            code = server.stop()
            wrong += [f"exit code {code}"] * (code != 0)
        for each in wrong[:20]:
            print(f"WRONG {each}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
