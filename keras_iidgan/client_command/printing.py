"""Rows of values as text, CSV or JSON lines."""

import csv
import sys

import numpy as np

from keras_iidgan import files


def print_rows(rows, form):
    """Print dicts with the same keys.

    Args:
        rows: List of `{name: value}`; a value is a number, a string, a dict or an array.
        form: "text", "csv" or "json", one of `--format`.
    """
    if form == "csv":
        columns = [_columns(row) for row in rows]
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([columns[0].keys(), *(row.values() for row in columns)])
        return
    for row in rows:
        print(
            files.to_json({k: _plain(v) for k, v in row.items()}) if form == "json" else _line(row)
        )


def _line(row):
    """The first value names the row; the others, where there are any, follow their names."""
    (_, first), *rest = row.items()
    named = [(name, _text(value)) for name, value in rest]
    return "  ".join([_text(first), *(f"{name} {text}" for name, text in named if text)])


def _columns(row):
    """Give each number of an array a column of its own, named from 1."""
    columns = {}
    for name, value in row.items():
        if np.ndim(value) == 0:
            columns[name] = _text(value)
        else:
            numbers = np.ravel(value).tolist()
            columns |= {f"{name}_{i}": _text(each) for i, each in enumerate(numbers, 1)}
    return columns


def _text(value):
    if isinstance(value, dict):
        return ", ".join(f"{name} {each}" for name, each in value.items())
    if isinstance(value, str):
        return value
    if np.ndim(value):
        return ",".join(_text(each) for each in np.ravel(value).tolist())
    return f"{value:.6g}" if isinstance(value, (float, np.floating)) else str(value)


def _plain(value):
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value
