"""Training steps per second of Keras' `fit`, beside PyTorch and the bare matrix products.

python tests/benchmarks/training_speed.py --threads=1,2 --out=configs/measured/speed.json

Every contender lives in a process of its own, confined to so many cores, and sleeps while another
is measured. Of each group the fastest variant is found first; these then take
turns, round by round, and a ratio is of two rates of the same round. See README.md.
"""

import argparse
import contextlib
import importlib
import json
import os
import subprocess
import sys
import time

import report
import setting

# Group: the module that makes its contenders, and their variants.
GROUPS = {
    "Keras fit": ("keras_fit", ["fit"]),
    "PyTorch, eager": ("torch_step", ["eager", "eager_joined"]),
    "PyTorch, compiled losses": ("torch_step", ["compiled", "compiled_joined"]),
    "PyTorch, compiled step": ("torch_step", ["whole", "whole_joined"]),
    "matrix products": (
        "products",
        ["numpy", "numpy_joined", "torch", "torch_joined", "xla", "xla_joined"],
    ),
}
STEPS = 200  # Rates are measured over multiples of these, as many as one call of ours takes.


class Contender:
    """A worker process that takes training steps when told to."""

    def __init__(self, module, variant, threads):
        self.variant, self.steps = variant, STEPS
        command = [sys.executable, __file__, f"--threads={threads}", f"--worker={module}:{variant}"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.versions = self._answer()

    def measure(self, steps=None):
        """Take steps; returns `{"rate": steps per second, "cpu": CPU seconds per step}`."""
        print(steps or self.steps, file=self._process.stdin, flush=True)
        return self._answer()

    def _answer(self):
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"the worker {self.variant} ended with {self._process.wait()}")
        return json.loads(line)

    def close(self):
        self._process.stdin.close()
        self._process.wait()


def worker(name, threads):
    """Answer every number of steps on the standard input with what they took."""
    setting.use_threads(threads)
    with contextlib.redirect_stdout(sys.stderr):
        module, _, variant = name.partition(":")
        module = importlib.import_module(module)
        run = module.make(variant)
        run(2 * STEPS)
    print(json.dumps(module.versions()), flush=True)
    for line in sys.stdin:
        steps, start, cpu = int(line), time.perf_counter(), time.process_time()
        run(steps)
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        print(json.dumps({"rate": steps / seconds, "cpu": cpu / steps}), flush=True)


def fastest(group, threads, seconds):
    """Return a group's fastest contender, with as many steps as take about `seconds`.

    Also returns the rate of each variant; they take turns here too.
    """
    module, variants = GROUPS[group]
    contenders = [Contender(module, variant, threads) for variant in variants]
    rates = [contender.measure()["rate"] for contender in contenders]
    for _ in range(3):
        for i, contender in enumerate(contenders):
            contender.steps = STEPS * max(1, round(rates[i] * seconds / 2 / STEPS))
            rates[i] = max(rates[i], contender.measure()["rate"])
    best = rates.index(max(rates))
    for i, contender in enumerate(contenders):
        if i != best:
            contender.close()
    contenders[best].steps = STEPS * max(1, round(rates[best] * seconds / STEPS))
    return contenders[best], dict(zip(variants, rates, strict=True))


def compare(threads, rounds, seconds, groups):
    """Measure all groups in turns on a number of threads."""
    contenders, tried, versions = {}, {}, {}
    for group in groups:
        contenders[group], tried[group] = fastest(group, threads, seconds)
        versions |= contenders[group].versions
    measured = {group: [] for group in groups}
    for i in range(rounds):
        for group in groups[:: -1 if i % 2 else 1]:
            measured[group].append(contenders[group].measure())
    for contender in contenders.values():
        contender.close()
    chosen = {group: contender.variant for group, contender in contenders.items()}
    return report.summary(threads, measured, tried, chosen) | {"versions": versions}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", default="1,2", help="numbers of threads, by commas")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2.0, help="of one measurement")
    parser.add_argument("--out", help="JSON file for the results")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    given = parser.parse_args()
    counts = [int(n) for n in given.threads.split(",")]
    if given.worker:
        return worker(given.worker, counts[0])
    subprocess.run([sys.executable, setting.HERE / "same_losses.py"], check=True)
    load = os.getloadavg()[0]
    results = [compare(n, given.rounds, given.seconds, list(GROUPS)) for n in counts]
    found = report.with_machine(results, load)
    print(report.table(found))
    if given.out:
        report.write(found, given.out)
    return None


if __name__ == "__main__":
    main()
