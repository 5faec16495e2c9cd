"""Refined codes: nearer for a generator that is known, never worse, each row on its own."""

import numpy as np
import pytest
import tensorflow as tf

from keras_iidgan import methods, signatures
from keras_iidgan.signatures import refinement


def refined(generate, x, z, steps):
    run = tf.function(lambda x, z: refinement.refine(generate, x, z, steps), autograph=False)
    return [np.asarray(part) for part in run(tf.constant(x), tf.constant(z))]


@pytest.fixture
def linear(rows):
    """A generator z A + b, 4 to 6 dimensions, with singular values from 0.1 to 3."""
    u, _, v = np.linalg.svd(rows(4, 6), full_matrices=False)
    matrix = ((u * np.array([3, 1, 0.3, 0.1])) @ v).astype(np.float32)
    return lambda z: z @ matrix + 0.5, matrix


def test_a_linear_generator_is_inverted(linear, rows):
    generate, matrix = linear
    x, z = rows(20, 6, seed=3), rows(20, 4, seed=4)
    nearest = (x - 0.5) @ np.linalg.pinv(matrix)
    best = np.linalg.norm(x - nearest @ matrix - 0.5, axis=1)
    found, before, after = refined(generate, x, z, 60)
    np.testing.assert_allclose(before, np.linalg.norm(x - z @ matrix - 0.5, axis=1), rtol=1e-4)
    np.testing.assert_allclose(after, np.linalg.norm(x - found @ matrix - 0.5, axis=1), rtol=1e-3)
    assert (after < before).all()
    assert (after - best < 0.01 * (before - best)).all()


def test_a_row_does_not_depend_on_the_others(linear, rows):
    generate, _ = linear
    x, z = rows(5, 6, seed=3), rows(5, 4, seed=4)
    x[3] = np.nan
    alone = [refined(generate, x[i : i + 1], z[i : i + 1], 5) for i in range(5)]
    together = refined(generate, x, z, 5)
    for part, parts in zip(together, zip(*alone, strict=True), strict=True):
        np.testing.assert_allclose(part, np.concatenate(parts), rtol=1e-3, atol=1e-4)
    np.testing.assert_array_equal(together[0][3], z[3])


@pytest.mark.parametrize(
    "generate",
    [
        lambda z: tf.sin(40 * z),
        lambda z: 1e18 * z**3,
        lambda z: tf.math.log(z),
        lambda z: tf.sign(z),
        tf.zeros_like,
    ],
)
def test_no_row_gets_worse_and_codes_stay_finite(generate, rows):
    x, z = rows(50, 2, seed=1), np.abs(rows(50, 2, seed=2))
    found, before, after = refined(generate, x, z, 20)
    assert (after <= before).all() and np.isfinite(found).all()


def test_the_signature_begins_at_the_code_of_the_encoder(make_model, rows):
    model, x = make_model("iidgan"), rows(6)
    endpoints = signatures.endpoints(model, refine_steps=7)
    found = {k: v.numpy() for k, v in endpoints["invert_refined"][0](x).items()}
    before = np.linalg.norm(x - model.reconstruct(x), axis=1)
    np.testing.assert_allclose(found["error_before"], before, rtol=1e-4)
    np.testing.assert_allclose(found["x"], model.generate(found["z"]), atol=1e-5)
    after = np.linalg.norm(x - found["x"], axis=1)
    np.testing.assert_allclose(found["error"], after, rtol=1e-3, atol=1e-5)
    assert (found["error"] < before).all()
    assert "invert_refined" not in signatures.endpoints(model, refine_steps=0)


def test_a_conditional_model_keeps_the_class_that_it_sees():
    model = methods.create("iid_cgan", data_shape=(3,), latent_dim=2, num_classes=3)
    x = model.sample(9, seed=2)
    found = signatures.endpoints(model)["invert_refined"][0](x)
    np.testing.assert_array_equal(found["label"], model.classify(x).argmax(axis=1))
    expected = model.generate(found["z"].numpy(), found["label"].numpy())
    np.testing.assert_allclose(found["x"], expected, atol=1e-5)
