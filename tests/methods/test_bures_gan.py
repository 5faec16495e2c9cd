"""BuresGAN's terms by its formula in NumPy and SciPy; see test_gdpp for who learns from them."""

import numpy as np
import pytest
import scipy.linalg
import tensorflow as tf
from test_gdpp import hidden
from test_iidgan_values import close, forward, softplus

from keras_iidgan.methods.base import Batch


def covariance(features):
    features = features - features.mean(axis=0)
    features = features / np.linalg.norm(features, axis=1, keepdims=True)
    return features.T @ features


@pytest.mark.parametrize(("count", "weights"), [(24, (2.0, 3.0)), (24, None)])
def test_the_terms_are_those_of_the_formula(make_model, rows, monkeypatch, count, weights):
    x, z = rows(count), rows(count, dimensions=2, seed=5)
    values = dict(zip(("adversarial_weight", "bures_weight"), weights or (), strict=False))
    model = make_model("bures_gan", **values)
    monkeypatch.setattr(type(model), "draw_latents", lambda self, batch: tf.constant(z))
    found = {k: float(v) for k, v in model.generator_loss(Batch(tf.constant(x))).items()}
    x_fake = forward(model.generator, z)
    real, fake = (covariance(hidden(model.discriminator, each)) for each in (x, x_fake))
    root = scipy.linalg.sqrtm(real)
    distance = (
        np.trace(real) + np.trace(fake) - 2 * np.trace(scipy.linalg.sqrtm(root @ fake @ root))
    )
    adversarial, bures = weights or (0.5, 0.5)
    logits = forward(model.discriminator, x_fake)
    assert found == {
        "adversarial": close(adversarial * softplus(-logits).mean()),
        "bures": pytest.approx(bures * distance.real, rel=1e-3),
    }
    assert found["bures"] > 0.1
