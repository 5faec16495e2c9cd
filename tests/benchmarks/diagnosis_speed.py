"""Seconds and peak memory of a diagnosis of codes.

python tests/benchmarks/diagnosis_speed.py --rows=50000 --dimensions=100
"""

import argparse
import resource
import time

import numpy as np

from keras_iidgan import diagnostics


def peak_mib():
    """The most memory that this process has held, which Linux counts in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--dimensions", type=int, default=100)
    options = parser.parse_args()
    z = np.random.default_rng(1).standard_normal((options.rows, options.dimensions), np.float32)
    before = peak_mib()
    for turn in ("first", "of the same shape again"):
        start, cpu = time.perf_counter(), time.process_time()
        found = diagnostics.diagnose_codes(z)
        print(
            f"{turn}: {time.perf_counter() - start:.1f} s, {time.process_time() - cpu:.1f} s of "
            f"the processor, {len(found)} findings"
        )
    print(f"peak memory {peak_mib():,.0f} MiB, of which {before:,.0f} MiB before")
