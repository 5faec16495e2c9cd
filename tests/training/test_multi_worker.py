"""Two processes that train as one: the weights of a single process, and one set of files."""

import json
import os
import socket
import subprocess
import sys

import numpy as np
import pytest

from keras_iidgan import cli, flags, train

FLAGS = (
    "--std=variance --steps=20 --eval_every=10 --eval_samples=100 --batch_size=16 --noexport "
    "--ema=0.5"
).split()
TIMEOUT = 300  # Of a cluster that hangs; it takes some 20 s.


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def start(workers, index, run_dir):
    """Start one worker's process."""
    cluster = {"cluster": {"worker": workers}, "task": {"type": "worker", "index": index}}
    return subprocess.Popen(
        [sys.executable, "-m", "keras_iidgan.train", *FLAGS, f"--run_dir={run_dir}"],
        env={**os.environ, "TF_CONFIG": json.dumps(cluster)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def checkpoint(folder):
    with np.load(folder / "checkpoints" / "step-00000020.npz") as stored:
        return dict(stored)


@pytest.mark.slow
def test_two_workers_take_the_steps_of_one(tmp_path):
    workers = [f"127.0.0.1:{port}" for port in free_ports(2)]
    processes = [start(workers, index, tmp_path / "two") for index in range(2)]
    try:
        said = [process.communicate(timeout=TIMEOUT)[0] for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert [process.returncode for process in processes] == [0, 0], said
    with pytest.raises(SystemExit) as caught:
        cli.run(
            train.main,
            flags.define_train,
            ["train", *FLAGS, "--jit_compile=false", f"--run_dir={tmp_path / 'one'}"],
        )
    assert caught.value.code == 0
    one, two = checkpoint(tmp_path / "one"), checkpoint(tmp_path / "two")
    assert set(one) == set(two)
    del one["seconds"], two["seconds"]
    for key, value in one.items():
        np.testing.assert_allclose(value, two[key], rtol=1e-3, atol=2e-5, err_msg=key)
    records = (tmp_path / "two" / "metrics.jsonl").read_text().splitlines()
    assert [json.loads(record)["step"] for record in records] == [10, 20]
    assert json.loads((tmp_path / "two" / "summary.json").read_text())["steps"] == 20
