"""What must hold of every signature of a served GAN."""

import struct

import numpy as np

from conforming.served_model import fits

_SEEDS = np.array([1, 2, 3], np.int64)
_CLOSE = {"rtol": 1e-3, "atol": 1e-4}  # Sizes of batches change the order of sums.


def checks(model, rpc=None):
    """List the checks of a model.

    Args:
        model: A `ServedModel`.
        rpc: Function (signature, inputs) to outputs of the same model over gRPC, or `None`.

    Returns:
        `{name: function to a fault or None}`. The functions also raise ValueError and OSError.

    Raises:
        ValueError: The model can't be sampled, so that there is nothing to check the rest with.
    """
    inputs = _inputs(model)
    found = {"metadata": lambda: _metadata_fault(model)}
    found["same seed, same sample"] = lambda: _seed_fault(model, inputs)
    for name, signature in sorted(model.signatures.items()):
        missing = signature["inputs"].keys() - inputs.keys()
        if missing:
            found[name] = lambda missing=missing: f"unknown inputs {sorted(missing)}"
            continue
        given = {alias: inputs[alias] for alias in signature["inputs"]}
        found[f"{name}: shapes"] = lambda n=name, g=given: _shape_fault(model, n, g)
        found[f"{name}: rows"] = lambda n=name, g=given: _difference(
            model.run(n, g), model.run(n, g, row=True)
        )
        if rpc:
            found[f"{name}: gRPC"] = lambda n=name, g=given: _difference(model.run(n, g), rpc(n, g))
    for needed, check in _RELATIONS:
        if needed <= model.signatures.keys():
            title = check.__name__.strip("_").replace("_", " ")
            found[title] = lambda check=check: check(model, inputs)
    return found


def _inputs(model):
    """Draw samples and make of them what the signatures take."""
    if "sample" not in model.signatures:
        known = ", ".join(sorted(model.signatures))
        raise ValueError(f"must have the signature sample; got {known}")
    found = {"seed": _SEEDS, "label": np.zeros(len(_SEEDS), np.int64)}
    found |= _run(model, "sample", found)
    for alias in {"x", "z"} & found.keys():
        found |= {f"{alias}0": found[alias], f"{alias}1": found[alias][::-1]}
    found["t"] = np.tile(np.array([0, 0.25, 1], np.float32), (len(_SEEDS), 1))
    if "sample_png" in model.signatures:
        found["image_bytes"] = _run(model, "sample_png", found)["image_bytes"]
    files = found.get("image_bytes", [None] * len(_SEEDS))
    found["examples"] = np.array(
        [_example(file, x) for file, x in zip(files, found["x"], strict=True)], object
    )
    return found


def _run(model, signature, inputs):
    given = {alias: inputs[alias] for alias in model.signatures[signature]["inputs"]}
    return model.run(signature, given)


def _example(file, x):
    """Serialize a tf.Example with the feature `image`, if there is a file, else `x`."""

    def field(number, data):
        length, size = b"", len(data)
        while size > 127:
            length, size = length + bytes([size & 127 | 128]), size >> 7
        return bytes([number << 3 | 2]) + length + bytes([size]) + data

    if file is not None:
        name, feature = b"image", field(1, field(1, file))
    else:
        numbers = np.ravel(x).tolist()
        name, feature = b"x", field(2, field(1, struct.pack(f"<{len(numbers)}f", *numbers)))
    return field(1, field(1, field(1, name) + field(2, feature)))


def _metadata_fault(model):
    if not (model.spec["name"] and model.spec["version"].isdecimal()):
        return f"model_spec: expected a name and a version, got {model.spec}"
    for name, signature in sorted(model.signatures.items()):
        for alias, info in (*signature["inputs"].items(), *signature["outputs"].items()):
            shape = info["tensor_shape"]
            if shape["unknown_rank"] or not shape["dim"] or shape["dim"][0]["size"] != "-1":
                return f"{name}: expected {alias} to have rows, got {shape}"
    return None


def _seed_fault(model, inputs):
    given = {alias: inputs[alias] for alias in model.signatures["sample"]["inputs"]}
    again, alone = model.run("sample", given), {k: v[1:2] for k, v in given.items()}
    if not np.array_equal(again["z"], inputs["z"]):
        return "z of the same seeds differs from one request to the next"
    if not np.array_equal(model.run("sample", alone)["z"], inputs["z"][1:2]):
        return "z of a seed depends on the other rows"
    if len(np.unique(inputs["z"], axis=0)) < len(_SEEDS):
        return "different seeds have the same z"
    return None


def _shape_fault(model, name, given):
    for alias, array in model.run(name, given).items():
        info = model.signatures[name]["outputs"][alias]
        if not fits(array, info) or len(array) != len(_SEEDS):
            return f"{alias}: expected {info['tensor_shape']['dim']}, got {array.shape}"
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            return f"{alias}: not finite"
    return None


def _difference(left, right):
    for alias in left:
        if left[alias].dtype == object:
            equal = left[alias].tolist() == right[alias].tolist()
        else:
            equal = left[alias].shape == right[alias].shape and np.allclose(
                left[alias], right[alias], **_CLOSE
            )
        if not equal:
            return f"{alias} differs"
    return None


def _samples_are_generated_from_their_codes(model, inputs):
    x = _run(model, "serving_default", inputs)["x"]
    return _difference({"x": x}, inputs)


def _codes_of_invert_and_reconstruct_agree(model, inputs):
    z = _run(model, "invert", inputs)["z"]
    if z.shape != inputs["z"].shape:
        return f"z: expected {inputs['z'].shape}, got {z.shape}"
    return _difference({"z": z}, _run(model, "reconstruct", inputs))


def _the_squared_norm_is_that_of_the_code(model, inputs):
    z = _run(model, "invert", inputs)["z"]
    norm = np.sum(z**2, axis=1)
    return _difference({"squared_norm": norm}, _run(model, "score", inputs))


def _interpolation_begins_and_ends_where_it_should(model, inputs):
    z = _run(model, "interpolate", inputs)["z"]
    ends = {"z0": inputs["z0"], "z1": inputs["z1"]}
    return _difference(ends, {"z0": z[:, 0], "z1": z[:, -1]})


def _refinement_makes_no_error_larger(model, inputs):
    found = _run(model, "invert_refined", inputs)
    larger = found["error"] > found["error_before"] * (1 + 1e-5)
    return f"rows {np.flatnonzero(larger).tolist()}" if larger.any() else None


# The signatures that each needs.
_RELATIONS = [
    ({"serving_default"}, _samples_are_generated_from_their_codes),
    ({"invert", "reconstruct"}, _codes_of_invert_and_reconstruct_agree),
    ({"invert", "score"}, _the_squared_norm_is_that_of_the_code),
    ({"interpolate"}, _interpolation_begins_and_ends_where_it_should),
    ({"invert_refined"}, _refinement_makes_no_error_larger),
]
