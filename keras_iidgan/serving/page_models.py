"""What the page must know of the models to show them, read off their signatures."""

import contextlib

from keras_iidgan.serving.errors import StatusError
from keras_iidgan.serving.registry.models import DEFAULT_SIGNATURE


def describe(models):
    """Describe every version that can be called.

    Args:
        models: A `Models`.

    Returns:
        List of `{"name", "versions": [...]}` by name, the highest version first, each with

            version      the integer as a string, since JavaScript's numbers are too short for it
            signatures   {name: {"inputs": [alias], "outputs": [alias]}}
            data_shape   of one sample, `None` where there is no generator of a known shape
            latent_dim   numbers in a code, or `None`
            conditional  whether samples are made of a label
            classes      how many labels there are, `None` where nothing tells
    """
    described = []
    for name in models.names():
        versions = list(_versions(models, name))
        if versions:
            described.append({"name": name, "versions": versions})
    return described


def _versions(models, name):
    for version in sorted(models.available(name), reverse=True):
        with contextlib.suppress(StatusError), models.lookup(name, version) as servable:
            yield _describe(servable)


def _describe(servable):
    # What has no input is there for the loader only.
    signatures = {name: each for name, each in servable.signatures.items() if each.inputs}
    default = signatures.get(DEFAULT_SIGNATURE)
    code = default and default.inputs.get("z")
    return {
        "version": str(servable.version),
        "signatures": {
            name: {"inputs": sorted(each.inputs), "outputs": sorted(each.outputs)}
            for name, each in sorted(signatures.items())
        },
        "data_shape": _row(default and default.outputs.get("x")) if code else None,
        "latent_dim": (_row(code) or [None])[0],
        "conditional": bool(code and "label" in default.inputs),
        "classes": _classes(signatures),
    }


def _row(spec):
    """Return the shape of one row, or `None` where a part of it is unknown."""
    if not spec or not spec.shape or None in spec.shape[1:]:
        return None
    return list(spec.shape[1:])


def _classes(signatures):
    found = signatures.get("invert")
    return (_row(found and found.outputs.get("probability")) or [None])[0]
