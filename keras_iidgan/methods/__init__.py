"""The methods, one file each: the file's name is the value of `--method`.

The folder is scanned, so a new method is a new file here whose class is the CamelCase of its name
(or is named by the module's `METHOD`), and nothing else.
"""

import functools
import importlib
import inspect
import pkgutil

from keras_iidgan import networks

# What every method takes from flags of their own, or builds; the rest of a constructor's
# keyword-only arguments are its hyperparameters.
_NOT_HPARAMS = frozenset(
    {"data_shape", "latent_dim", "architecture", "ema", "num_classes", "seed", "name"}
)


@functools.cache
def names():
    """Return the names of all methods, sorted."""
    found = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name for name in found if name != "base" and not name.startswith("_"))


def get(name):
    """Return the class of the method `name`.

    Raises:
        ValueError: for an unknown name; lists the known ones.
    """
    if name not in names():
        raise ValueError(f"method must be one of {', '.join(names())}; got {name!r}")
    module = importlib.import_module(f"{__name__}.{name}")
    return module.METHOD


def hparams(name):
    """Return `{argument: default}` of the hyperparameters that `--hparam` can set."""
    method = get(name)
    skipped = _NOT_HPARAMS | set(networks.ROLES)
    return {k: v for k, v in signature_along_mro(method).items() if k not in skipped}


def signature_along_mro(method):
    """Return `{argument: default}` of the keyword-only arguments along a class's ancestry."""
    found = {}
    for cls in reversed(method.__mro__):
        if "__init__" not in vars(cls) or cls.__module__.split(".")[0] in ("keras", "builtins"):
            continue
        for p in inspect.signature(vars(cls)["__init__"]).parameters.values():
            if p.kind is p.KEYWORD_ONLY:
                found[p.name] = p.default
    return found


def create(
    name, *, data_shape, latent_dim, architecture="auto", ema=0.0, num_classes=0, seed=0, **values
):
    """Create a method with networks of `architecture`.

    Args:
        name: one of `names()`.
        data_shape: shape of one sample.
        latent_dim: M, the number of latent dimensions.
        architecture: see `keras_iidgan.networks`.
        ema: decay of the generator's moving average, 0 for none.
        num_classes: K, for a method that is told the class of a sample.
        seed: seed of the noise drawn in training.
        **values: hyperparameters of the method.

    Raises:
        ValueError: for an unknown method or hyperparameter, or a value that the method refuses.
    """
    method, known = get(name), hparams(name)
    for key in values:
        if key not in known:
            listed = ", ".join(sorted(known)) or "none"
            raise ValueError(f"hparam of {name} must be one of {listed}; got {key!r}")
    return method(
        data_shape=data_shape,
        latent_dim=latent_dim,
        architecture=architecture,
        ema=ema,
        num_classes=num_classes,
        seed=seed,
        **values,
    )
