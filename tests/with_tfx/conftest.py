"""Tests that need TFX are collected where it is installed; `tests/conftest.py` says where not."""

import importlib.util

collect_ignore_glob = [] if importlib.util.find_spec("tfx") else ["test_*.py"]
