"""Ready-to-paste curl lines for the signatures of a model."""

import json
import math

# In the order in which they say most about a GAN.
_TELLING = ("sample", "invert", "serving_default", "reconstruct", "score")
_LONGEST = 64  # values in a request that one still likes to paste
_ZEROS = {"string": "", "bool": False, "float32": 0.0, "float64": 0.0}


def public(signatures):
    """Leave out what is there for the loader only, such as `__saved_model_init_op`."""
    return {name: signature for name, signature in signatures.items() if signature.inputs}


def examples(url, signatures, count=2):
    """Write commands that a newcomer can paste.

    Args:
        url: The model's URL.
        signatures: `{name: Signature}`.
        count: How many commands.

    Returns:
        List of `str`: predict requests of small size, then the metadata and the status.
    """
    known = public(signatures)
    names = [name for name in _TELLING if name in known]
    names += sorted(known.keys() - set(names))
    lines = [_predict(url, name, known[name]) for name in names if _size(known[name]) <= _LONGEST]
    return [*lines, f"curl {url}/metadata", f"curl {url}"][:count]


def _predict(url, name, signature):
    inputs = {alias: _example(alias, spec) for alias, spec in signature.inputs.items()}
    body = {"signature_name": name, "inputs": inputs}
    if len(inputs) == 1 and all(spec.shape and spec.shape[0] is None for spec in _specs(signature)):
        body = {"signature_name": name, "instances": next(iter(inputs.values()))}
    return f"curl -d '{json.dumps(body, separators=(',', ':'))}' {url}:predict"


def _specs(signature):
    return signature.inputs.values()


def _size(signature):
    return sum(math.prod(size or 1 for size in spec.shape or ()) for spec in _specs(signature))


def _example(alias, spec):
    if alias == "seed":
        return [1, 2, 3]
    value = _ZEROS.get(spec.dtype, 0)
    for size in reversed(spec.shape or ()):
        value = [value] * (1 if size is None else size)
    return value
