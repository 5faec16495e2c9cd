"""The comparison that an export has to pass: what it lets through, and what it finds."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan import export_check, methods, signatures


@pytest.fixture(scope="module")
def checked():
    """Endpoints of grey images of several classes, what they are fed, and what they answer."""
    keras.utils.set_random_seed(0)
    model = methods.create("iid_cgan", data_shape=(4, 4, 1), latent_dim=2, num_classes=3)
    endpoints = signatures.endpoints(model, refine_steps=4)
    feeds = export_check.inputs(model, endpoints)
    found = {
        f"{name}|{output}": np.asarray(tensor)
        for name, (function, specs) in endpoints.items()
        for output, tensor in function(*(feeds[f"{name}|{s.name}"] for s in specs)).items()
    }
    return endpoints, feeds, found


def fault(checked, **changed):
    endpoints, feeds, found = checked
    named = {key.replace("__", "|"): value for key, value in changed.items()}
    return export_check.fault(endpoints, feeds, found | named)


def test_the_functions_own_outputs_pass(checked):
    assert fault(checked) == ""


def test_every_output_of_every_signature_is_looked_at(checked):
    endpoints, feeds, found = checked
    for key in found:
        others = {name: value for name, value in found.items() if name != key}
        assert export_check.fault(endpoints, feeds, others).endswith(" differs by inf"), key
        # What depends on a code that isn't finite isn't finite either, and may be found first.
        strange = np.full_like(found[key], np.nan) if found[key].dtype == np.float32 else None
        if strange is not None:
            assert export_check.fault(endpoints, feeds, found | {key: strange}), key


@pytest.mark.parametrize(("steps", "message"), [(1, ""), (3, "generate_png|image_bytes differs")])
def test_one_step_of_a_pixel_is_rounding(checked, steps, message):
    files = checked[-1]["generate_png|image_bytes"].copy()
    pixels = tf.io.decode_png(files[1]).numpy()
    pixels[2, 2] += np.uint8(steps) if pixels[2, 2, 0] < 128 else np.uint8(256 - steps)
    files[1] = tf.io.encode_png(pixels).numpy()
    assert fault(checked, generate_png__image_bytes=files).startswith(message)
    assert bool(fault(checked, generate_png__image_bytes=files)) == bool(message)


def test_a_refinement_may_end_elsewhere_but_not_farther(checked):
    endpoints, feeds, found = checked
    x = feeds["invert_refined|x"]

    def ended_at(z):
        rebuilt = endpoints["serving_default"][0](z, found["invert_refined|label"])["x"].numpy()
        error = np.linalg.norm((x - rebuilt).reshape(len(x), -1), axis=1)
        refined = {"z": z, "x": rebuilt, "error": error}
        return fault(checked, **{f"invert_refined__{name}": v for name, v in refined.items()})

    before, after = found["invert|z"], found["invert_refined|z"]
    assert ended_at((after + 0.01 * (before - after)).astype(np.float32)) == ""
    assert ended_at(before + 100 * (before - after)).startswith("invert_refined|error differs by")
    changed = found["invert_refined|x"] + 0.01
    assert fault(checked, invert_refined__x=changed).startswith("invert_refined|x differs by")
