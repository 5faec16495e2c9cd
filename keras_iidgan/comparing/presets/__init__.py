"""All tables by name: the project's own, and a module of presets for each paper.

A module of this folder that has `TABLES` (name -> `Table`) is found by itself.
"""

import functools
import importlib
import pkgutil


@functools.cache
def tables():
    """Return `{name: Table}`: the project's own first, then the papers' by name."""
    return {**_module("ours").TABLES, **{k: v for m in _papers() for k, v in m.TABLES.items()}}


@functools.cache
def aliases():
    """Return `{other name: name}` of tables that a paper calls otherwise."""
    return dict(_module("ours").ALIASES)


def get(name):
    """Return the `Table` of a name.

    Raises:
        ValueError: for an unknown name; lists the known ones.
    """
    known = tables()
    if aliases().get(name, name) not in known:
        raise ValueError(f"preset must be of {', '.join([*known, *aliases()])}; got {name!r}")
    return known[aliases().get(name, name)]


def _papers():
    found = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [_module(name) for name in found if name != "ours"]


def _module(name):
    return importlib.import_module(f"{__name__}.{name}")
