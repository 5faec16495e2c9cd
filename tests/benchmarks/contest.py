"""A contest of training steps: processes that take turns, and ratios of rates of one round.

Every contender lives in a process of its own, confined to so many cores, and sleeps while another
is measured. Of each group the fastest variant is found first; these then take turns, round by
round, and a ratio is of two rates of the same round. See README.md.
"""

import argparse
import contextlib
import dataclasses
import importlib
import json
import os
import subprocess
import sys
import time

import cores
import report


@dataclasses.dataclass(frozen=True)
class Contest:
    """What a script compares.

    Args:
        script: its path.
        description: what `--help` says.
        groups: group -> the module that makes its contenders, and their variants; the first is
            ours.
        steps: rates are measured over multiples of these.
        setting: function of no arguments to what was trained: batch size, arithmetic and the like.
        check: script that ends with an error unless all compute the same.
    """

    script: str
    description: str
    groups: dict
    steps: int
    setting: object
    check: str


class Contender:
    """A worker process that takes training steps when told to."""

    def __init__(self, contest, module, variant, threads):
        self.variant, self.steps = variant, contest.steps
        worker = f"--worker={module}:{variant}"
        command = [sys.executable, contest.script, f"--threads={threads}", worker]
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


def _work(contest, name, threads):
    """Answer every number of steps on the standard input with what they took."""
    cores.use(threads)
    with contextlib.redirect_stdout(sys.stderr):
        module, _, variant = name.partition(":")
        module = importlib.import_module(module)
        run = module.make(variant)
        run(2 * contest.steps)
    print(json.dumps(module.versions()), flush=True)
    for line in sys.stdin:
        steps, start, cpu = int(line), time.perf_counter(), time.process_time()
        run(steps)
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        print(json.dumps({"rate": steps / seconds, "cpu": cpu / steps}), flush=True)


def _fastest(contest, group, threads, seconds):
    """Return a group's fastest contender, with as many steps as take about `seconds`.

    Also returns the rate of each variant; they take turns here too.
    """
    module, variants = contest.groups[group]
    contenders = [Contender(contest, module, variant, threads) for variant in variants]
    rates = [contender.measure()["rate"] for contender in contenders]
    for _ in range(3):
        for i, contender in enumerate(contenders):
            contender.steps = contest.steps * max(1, round(rates[i] * seconds / 2 / contest.steps))
            rates[i] = max(rates[i], contender.measure()["rate"])
    best = rates.index(max(rates))
    for i, contender in enumerate(contenders):
        if i != best:
            contender.close()
    contenders[best].steps = contest.steps * max(1, round(rates[best] * seconds / contest.steps))
    return contenders[best], dict(zip(variants, rates, strict=True))


def _compare(contest, threads, rounds, seconds):
    """Measure all groups in turns on a number of threads."""
    contenders, tried, versions = {}, {}, {}
    for group in contest.groups:
        contenders[group], tried[group] = _fastest(contest, group, threads, seconds)
        versions |= contenders[group].versions
    measured = {group: [] for group in contest.groups}
    for i in range(rounds):
        for group in list(contest.groups)[:: -1 if i % 2 else 1]:
            measured[group].append(contenders[group].measure())
    for contender in contenders.values():
        contender.close()
    chosen = {group: contender.variant for group, contender in contenders.items()}
    return report.summary(threads, measured, tried, chosen) | {"versions": versions}


def run(contest):
    """Run a contest, or one of its workers, as the command line says."""
    parser = argparse.ArgumentParser(description=contest.description)
    parser.add_argument("--threads", default="1,2", help="numbers of threads, by commas")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2.0, help="of one measurement")
    parser.add_argument("--out", help="JSON file for the results")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    given = parser.parse_args()
    counts = [int(n) for n in given.threads.split(",")]
    if given.worker:
        _work(contest, given.worker, counts[0])
        return
    if subprocess.run([sys.executable, contest.check], check=False).returncode:
        raise SystemExit(1)  # It has said what differs.
    load = os.getloadavg()[0]
    results = [_compare(contest, n, given.rounds, given.seconds) for n in counts]
    found = report.with_machine(contest.setting(), results, load)
    print(report.table(found))
    if given.out:
        report.write(found, given.out)
