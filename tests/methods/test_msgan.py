"""MSGAN's terms by its formula in NumPy, the clipped reciprocal, and who learns from it."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from test_conditional import CLASSES, LABELS, LATENT, C, routes
from test_iidgan_values import softplus

from keras_iidgan import methods
from keras_iidgan.methods.base import Batch


def build(**values):
    keras.utils.set_random_seed(0)
    sizes = {"data_shape": (3,), "latent_dim": LATENT, "num_classes": CLASSES}
    model = methods.create("msgan", **sizes, **values)
    model.compile(run_eagerly=True, jit_compile=False)
    return model


@pytest.fixture
def batch(rows):
    return Batch(tf.constant(rows(12)), tf.constant(LABELS))


@pytest.fixture
def pair(monkeypatch, rows):
    """Two sets of codes, which the model draws by turns."""
    codes = [rows(12, dimensions=LATENT, seed=seed) for seed in (5, 6)]
    drawn = iter(codes * 2)
    monkeypatch.setattr(methods.get("msgan"), "draw_latents", lambda *_: tf.constant(next(drawn)))
    return codes


def logits(model, x):
    judged = model.discriminator([np.asarray(x), C.astype(np.float32)])
    return judged.numpy().astype(np.float64)


def samples(model, codes):
    return [model.generator([z, C.astype(np.float32)]).numpy() for z in codes]


def test_the_terms_are_those_of_the_formula(batch, pair):
    model = build(mode_seeking_weight=2.0, clip=1e5)
    found = {k: float(v) for k, v in model.generator_loss(batch).items()}
    x = samples(model, pair)
    ratio = np.abs(x[0] - x[1]).mean() / np.abs(pair[0] - pair[1]).mean()
    assert found == {
        "adversarial": pytest.approx(sum(softplus(-logits(model, each)).mean() for each in x)),
        "mode_seeking": pytest.approx(2 / (ratio + 1e-5), rel=1e-4),
    }


def test_the_discriminator_sees_real_data_twice_and_both_generated_ones(batch, pair):
    model = build()
    fakes = sum(softplus(logits(model, each)).mean() for each in samples(model, pair))
    real = 2 * softplus(-logits(model, batch.x)).mean()
    found = model.discriminator_loss(batch)
    assert {k: float(v) for k, v in found.items()} == {"adversarial": pytest.approx(real + fakes)}


def scaled_samples(model, scale):
    """The reciprocal and its gradient for samples that are `scale` times their codes, here 3-D."""
    z = [tf.constant(np.eye(4, 3) * k, tf.float32) for k in (0.0, 2.0)]
    x = tf.Variable(scale * z[1])
    with tf.GradientTape() as tape:
        value = model._reciprocal([tf.zeros_like(x), x], z)
    return float(value), tape.gradient(value, x).numpy()


def test_samples_as_far_apart_as_their_codes_cost_1():
    value, _ = scaled_samples(build(), 1.0)
    assert value == pytest.approx(1, rel=1e-4)


def test_a_collapsed_generator_costs_the_clip_and_still_has_a_gradient():
    model, free = build(clip=10.0), build(clip=1e5)
    for scale in (0.5, 0.01, 1e-3):
        clipped, plain = scaled_samples(model, scale), scaled_samples(free, scale)
        assert plain[0] == pytest.approx(1 / (scale + 1e-5), rel=1e-4)
        assert clipped[0] == pytest.approx(min(10, plain[0]), rel=1e-4)
        share = clipped[0] / plain[0]
        np.testing.assert_allclose(clipped[1], share * plain[1], rtol=1e-4)
        assert clipped[1].min() < 0  # Larger samples cost less.


def test_who_learns_from_which_term(rows):
    assert routes(build(), rows(12)) == {
        ("discriminator", "adversarial"): {"discriminator"},
        ("generator", "adversarial"): {"generator"},
        ("generator", "mode_seeking"): {"generator"},
    }
    assert ("generator", "mode_seeking") not in routes(build(mode_seeking_weight=0.0), rows(12))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"clip": 0}, "clip must be a finite number above 0; got 0"),
        ({"mode_seeking_weight": -1}, "mode_seeking_weight must be a finite number of at least 0"),
        ({"num_classes": 1}, "num_classes must be at least 2; got 1"),
    ],
)
def test_bad_values_are_refused(value, message):
    sizes = {"data_shape": (3,), "latent_dim": 2, "num_classes": 3}
    with pytest.raises(ValueError, match=message):
        methods.create("msgan", **(sizes | value))
