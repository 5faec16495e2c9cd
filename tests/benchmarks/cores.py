"""The cores that a process may use."""

import os


def use(threads):
    """Confine this process to `threads` cores; call it before any numeric library is imported."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(threads)
