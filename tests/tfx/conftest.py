"""Tests that need TFX: they are collected where it is installed, and a line says where it isn't."""

import importlib.util

_HAS_TFX = importlib.util.find_spec("tfx") is not None
collect_ignore_glob = [] if _HAS_TFX else ["test_*.py"]


def pytest_terminal_summary(terminalreporter):
    """Say at the end of a run that these tests were left out, and how to run them."""
    if not _HAS_TFX:
        terminalreporter.write_line("tests/tfx was not run: no tfx here; use tests/tfx/run.sh ENV")
