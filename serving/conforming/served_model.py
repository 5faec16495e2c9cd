"""A served model: its metadata, and its signatures as functions of arrays."""

import base64
import json
import urllib.parse

import numpy as np

_TYPES = {"DT_FLOAT": "f4", "DT_DOUBLE": "f8", "DT_INT64": "i8", "DT_INT32": "i4"}


class ServedModel:
    """A model over REST.

    Args:
        server: A `Server`.
        name: The model's name.

    Raises:
        ValueError: The server has no such model, or its metadata isn't metadata.
        OSError: The server doesn't answer.
    """

    def __init__(self, server, name):
        self._server = server
        self._path = f"/v1/models/{urllib.parse.quote(name, safe='')}"
        answer = server.ask("GET", f"{self._path}/metadata")
        found = json.loads(answer.body)
        if answer.status != 200:
            raise ValueError(f"must name a model that is served; got {name}: {found['error']}")
        self.spec = found["model_spec"]
        signatures = found["metadata"]["signature_def"]["signature_def"]
        self.signatures = {
            name: signature
            for name, signature in signatures.items()
            if signature["inputs"] and not name.startswith("__")
        }

    def run(self, signature, inputs, row=False):
        """Run a signature.

        Args:
            signature: The signature's name.
            inputs: `{alias: array}`.
            row: Whether to ask in the row format, else in the columnar one.

        Returns:
            `{alias: array}`, with the types of the metadata.

        Raises:
            ValueError: The server refuses, or has other outputs than its metadata says.
        """
        content = {alias: _to_json(array) for alias, array in inputs.items()}
        if row:
            rows = zip(*content.values(), strict=True)
            content = [dict(zip(inputs, values, strict=True)) for values in rows]
        key = "instances" if row else "inputs"
        body = json.dumps({"signature_name": signature, key: content}).encode()
        answer = self._server.ask("POST", f"{self._path}:predict", body)
        found = json.loads(answer.body)
        if answer.status != 200:
            raise ValueError(f"{answer.status}: {found['error']}")
        return self._outputs(signature, found["predictions" if row else "outputs"], row)

    def _outputs(self, signature, found, row):
        declared = self.signatures[signature]["outputs"]
        if len(declared) == 1:
            found = {next(iter(declared)): found}
        elif row:
            found = {alias: [values[alias] for values in found] for alias in found[0]}
        if found.keys() != declared.keys():
            raise ValueError(f"outputs: expected {sorted(declared)}, got {sorted(found)}")
        return {alias: _array(found[alias], declared[alias]["dtype"]) for alias in declared}


def _to_json(array):
    if array.dtype == object:
        return [{"b64": base64.b64encode(value).decode()} for value in array]
    return array.tolist()


def _array(value, dtype):
    if dtype != "DT_STRING":
        return np.array(value, _TYPES[dtype])
    found = np.empty(len(value), object)
    found[:] = [base64.b64decode(v["b64"]) if isinstance(v, dict) else v.encode() for v in value]
    return found


def fits(array, info):
    """Say whether an array has a shape that the metadata allows; `info` is a TensorInfo."""
    shape = info["tensor_shape"]
    if shape.get("unknown_rank"):
        return True
    sizes = [int(dim["size"]) for dim in shape.get("dim", ())]
    return len(sizes) == array.ndim and all(
        size in (-1, found) for size, found in zip(sizes, array.shape, strict=True)
    )
