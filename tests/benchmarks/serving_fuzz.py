"""Hostile requests against a real server: it must stay up, small, and right.

python tests/benchmarks/serving_fuzz.py --requests=100000 --seed=0
"""

import argparse
import collections
import concurrent.futures
import contextlib
import json
import pathlib
import random
import sys
import tempfile
import threading
import time
import traceback

import fuzz_http
import fuzz_rpc
import fuzz_wire
import served_process

GOOD = {  # A request that must be answered so, whatever else the server gets.
    "/v1/models/toy:predict": ('{"instances":[1.0,2.0]}', {"predictions": [2.5, 3.0]}),
    "/v1/models/gan:predict": ('{"instances":[[1,2]]}', {"predictions": [[3.0, 5.0]]}),
}
BETWEEN = 500  # requests from one look at the server to the next
IDLE = 1000  # connections that do nothing
BODY_LIMIT = 4 << 20


class Fuzzer:
    """Sends requests from several threads, and looks at each answer.

    Args:
        server: A `served_process.Server`.
        flags: What the command line says.
    """

    def __init__(self, server, flags):
        self.server, self.flags = server, flags
        self.signatures = {name: self._signatures(name) for name in ("toy", "gan", "faces")}
        self.counts, self.findings = collections.Counter(), []
        self.statuses = collections.defaultdict(collections.Counter)
        self._lock = threading.Lock()
        self._local = threading.local()
        self._logged = 0

    def _signatures(self, model):
        """Read from the server what a model takes: `{name: {alias: (dtype, shape of a row)}}`."""
        _, found = self.server.get(f"/v1/models/{model}/metadata")
        definitions = found["metadata"]["signature_def"]["signature_def"]
        return {
            name: {alias: _spec(info) for alias, info in definition["inputs"].items()}
            for name, definition in definitions.items()
            if definition["inputs"]
        }

    def one(self, index):
        """Make the request of a number, which depends on it and the seed alone."""
        rng = random.Random(f"{self.flags.seed}:{index}")
        try:
            self._rpc(rng, index) if rng.random() < self.flags.rpc else self._http(rng, index)
        except OSError as error:
            self.found(index, "connection", repr(error), b"")
        except Exception:
            self.found(index, "the fuzzer itself", traceback.format_exc(), b"")

    def _http(self, rng, index):
        case = fuzz_http.make(rng, self.signatures, BODY_LIMIT)
        answers = fuzz_wire.send(self.server.port, case)
        self._count(case.kind, [status for status, *_ in answers])
        wrong = fuzz_wire.problem(case, answers)
        if wrong:
            self.found(index, case.kind, wrong, b"".join(case.pieces))

    def _rpc(self, rng, index):
        if not hasattr(self._local, "channel"):
            self._local.channel = fuzz_rpc.channel(self.server.rpc_port)
        kind, method, message, metadata = fuzz_rpc.make(rng, self.signatures)
        if kind == "half":
            fuzz_rpc.leave(self._local.channel, method, seconds=0.2)
            return self._count("gRPC half", [])
        code, details = fuzz_rpc.call(self._local.channel, method, message, metadata)
        self._count(f"gRPC {kind}", [code])
        wrong = fuzz_rpc.problem(kind, code, details)
        if wrong:
            self.found(index, f"gRPC {method}", wrong, message)

    def _count(self, kind, statuses):
        with self._lock:
            self.counts[kind] += 1
            self.statuses[kind].update(statuses)

    def found(self, index, kind, wrong, request):
        """Note a finding, and write its request to a file."""
        path = pathlib.Path(self.flags.out) / f"finding_{self.flags.seed}_{index}.bin"
        with self._lock:
            self.findings.append(kind)
            if len(self.findings) <= 200:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(request)
                print(
                    f"FINDING seed {self.flags.seed} request {index} ({kind}): {wrong}", flush=True
                )

    def look(self, index):
        """Look whether the server is alive and quiet, and answers rightly."""
        if not self.server.is_alive():
            self.found(index, "death", f"the server ended:\n{self.server.log()[-3000:]}", b"")
            return False
        for path, (body, want) in GOOD.items():
            answer = self.server.get(path, "POST", body)
            if answer != (200, want):
                self.found(index, "good request", str(answer), body.encode())
        log = self.server.log()
        new, self._logged = log[self._logged :], len(log)
        if "Traceback" in new:
            self.found(index, "log", new[:3000], b"")
        return True


def _spec(info):
    shape = info["tensor_shape"]
    dtype = {"DT_INT64": "int64", "DT_STRING": "string"}.get(info["dtype"], "float32")
    if shape["unknown_rank"]:
        return dtype, None
    sizes = [int(dim["size"]) for dim in shape["dim"]]
    return dtype, [None if size < 0 else size for size in sizes[1:]]


def run(fuzzer, flags):
    """Send all requests, with a look every so often; a fifth of them beside idle connections."""
    started, memory = time.monotonic(), [fuzzer.server.memory()]
    with (
        concurrent.futures.ThreadPoolExecutor(flags.threads) as pool,
        contextlib.ExitStack() as held,
    ):
        for part in _parts(flags.requests):
            if part[0] >= 0.4 * flags.requests and "idle" not in fuzzer.counts:
                fuzzer.counts["idle"] = IDLE
                held.enter_context(fuzz_wire.idle(fuzzer.server.port, IDLE))
            if part[0] >= 0.6 * flags.requests:
                held.close()
            list(pool.map(fuzzer.one, part))
            memory.append(fuzzer.server.memory())
            if not fuzzer.look(part[-1]):
                break
            rate = (part[-1] + 1) / (time.monotonic() - started)
            print(f"{part[-1] + 1} requests, {rate:.0f}/s, {memory[-1]:.0f} MB", flush=True)
    return memory


def _parts(count):
    for start in range(0, count, BETWEEN):
        yield range(start, min(start + BETWEEN, count))


def summary(fuzzer, memory):
    """Print what was sent, what came back, and what it took."""
    for kind, count in sorted(fuzzer.counts.items()):
        answers = ", ".join(f"{k}: {v}" for k, v in sorted(fuzzer.statuses[kind].items(), key=str))
        print(f"{count:7} {kind}: {answers}")
    most = fuzzer.server.memory("VmHWM")
    print(f"memory of the server: {memory[0]:.0f} MB, most {most:.0f} MB, end {memory[-1]:.0f} MB")
    print(f"findings: {len(fuzzer.findings)}", json.dumps(collections.Counter(fuzzer.findings)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, help="number of the one request to send")
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--rpc", type=float, default=0.25, help="share of gRPC calls")
    parser.add_argument("--batching", action="store_true", help="start the server so")
    parser.add_argument("--out", default="fuzz_findings", help="folder for the requests that fail")
    flags = parser.parse_args()
    served_process.quiet_tensorflow()
    served_process.allow_connections()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        config = served_process.write_config(
            folder / "models.config", served_process.make_models(folder)
        )
        metrics = folder / "monitoring.config"
        metrics.write_text("prometheus_config { enable: true }")
        server = served_process.Server(
            [
                f"--model_config_file={config}",
                f"--max_body_bytes={BODY_LIMIT}",
                f"--monitoring_config_file={metrics}",
                "--read_timeout_in_ms=20000",
                f"--enable_batching={flags.batching}",
            ],
            folder / "log",
        )
        fuzzer = Fuzzer(server, flags)
        try:
            if flags.only is not None:
                fuzzer.one(flags.only)
                fuzzer.look(flags.only)
            else:
                summary(fuzzer, run(fuzzer, flags))
            code = server.stop()
            if code != 0:
                fuzzer.found(flags.requests, "end", f"exit code {code}", b"")
        finally:
            server.kill()
    return 1 if fuzzer.findings else 0


if __name__ == "__main__":
    sys.exit(main())
