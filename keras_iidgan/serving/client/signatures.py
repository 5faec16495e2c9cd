"""The signatures of a served model, from its metadata; arrays with the types that they want."""

import numpy as np

from keras_iidgan.serving.registry.models import Signature, TensorSpec

_TYPES = {
    "DT_FLOAT": "float32",
    "DT_DOUBLE": "float64",
    "DT_BOOL": "bool",
    "DT_STRING": "string",
    "DT_HALF": "float16",
    "DT_BFLOAT16": "bfloat16",
}
_TYPES |= {
    f"DT_{kind}{bits}": f"{kind.lower()}{bits}"
    for kind in ("INT", "UINT")
    for bits in (8, 16, 32, 64)
}


def read(metadata):
    """Read the signatures of a model's metadata, as the REST interface has it.

    Args:
        metadata: The JSON of the answer.

    Returns:
        `{name: Signature}`, without what is there for the loader only and takes no inputs.
    """
    described = metadata["metadata"]["signature_def"]["signature_def"]
    return {
        name: Signature(_specs(each["inputs"]), _specs(each["outputs"]))
        for name, each in described.items()
        if each.get("inputs")
    }


def _specs(described):
    return {alias: _spec(info) for alias, info in described.items()}


def _spec(info):
    dtype = _TYPES.get(info["dtype"], info["dtype"])
    shape = info["tensor_shape"]
    if shape.get("unknown_rank"):
        return TensorSpec(dtype, None)
    sizes = [int(dim["size"]) for dim in shape.get("dim", ())]
    return TensorSpec(dtype, tuple(None if size < 0 else size for size in sizes))


def typed(inputs, signature):
    """Turn values into arrays of a signature's types, as a REST server does with numbers.

    Args:
        inputs: `{alias: value}`, or the value alone where the signature has one input.
        signature: The `Signature`, or `None` where there is none of that name.

    Returns:
        `{alias: array}`; aliases that the signature has not are left as they are.

    Raises:
        ValueError: A value is of another kind than its type, or no alias is known for it.
    """
    if not isinstance(inputs, dict):
        if signature is None:
            return {}
        if len(signature.inputs) != 1:
            known = ", ".join(sorted(signature.inputs))
            raise ValueError(f"inputs: expected a value for each of {known}, got one array")
        inputs = {alias: inputs for alias in signature.inputs}
    specs = signature.inputs if signature else {}
    return {
        alias: _typed(alias, value, specs[alias].dtype) if alias in specs else np.asarray(value)
        for alias, value in inputs.items()
    }


def _typed(alias, value, dtype):
    if dtype == "string":
        return np.asarray(value, dtype=object)
    array = np.asarray(value)
    if array.dtype.kind not in "biuf" or not np.can_cast(array.dtype, dtype, "same_kind"):
        raise ValueError(f"inputs: expected {dtype} for {alias!r}, got {array.dtype}")
    return array.astype(dtype)
