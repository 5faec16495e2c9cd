"""The bound of the VAE: its value, where it is exact, and who learns from which term."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from by_hand import close, forward, terms_of
from routing import all_routes
from scipy import stats

from keras_iidgan import methods


def kl(mean, log_variance):
    """Of N(mean, diag exp(log_variance)) from N(0, I), of each row."""
    return 0.5 * (np.exp(log_variance) + mean**2 - 1 - log_variance).sum(axis=1)


@pytest.mark.parametrize(("decoder_std", "kl_weight"), [(1.0, 1.0), (0.3, 2.0)])
def test_values(make_model, rows, monkeypatch, decoder_std, kl_weight):
    x, noise = rows(12), rows(12, dimensions=2, seed=5)
    model = make_model("vae", decoder_std=decoder_std, kl_weight=kl_weight)
    mean, log_variance = forward(model.encoder, x)
    rebuilt = forward(model.generator, mean + np.exp(log_variance / 2) * noise)
    density = stats.norm(rebuilt, decoder_std).logpdf(x).sum(axis=1)
    assert terms_of(model, "generator", x, [noise], monkeypatch) == {
        "kl": close(kl_weight * kl(mean, log_variance).mean()),
        "reconstruction": close(-density.mean()),
    }


def test_with_the_exact_posterior_the_bound_is_the_likelihood(monkeypatch):
    """G(z) = a z + b in one dimension, so that x ~ N(b, a^2 + s^2) and z given x is known.

    The bound is quadratic in the noise, so the draws 1 and -1 have its expectation exactly.
    """
    a, b, s = 1.5, -0.7, 0.6
    variance = a**2 + s**2
    x_in, z_in = keras.Input((1,)), keras.Input((1,))
    dense = keras.layers.Dense
    encoder = keras.Model(x_in, [dense(1)(x_in), dense(1)(x_in)])
    encoder.set_weights(
        [
            np.array([[a / variance]]),
            np.array([-a * b / variance]),
            np.zeros((1, 1)),
            np.array([np.log(s**2 / variance)]),
        ]
    )
    generator = keras.Model(z_in, dense(1)(z_in))
    generator.set_weights([np.array([[a]]), np.array([b])])
    model = methods.get("vae")(generator=generator, encoder=encoder, decoder_std=s)
    x = np.repeat(np.array([[-2.0], [0.1], [3.0]], np.float32), 2, axis=0)
    noise = np.tile(np.array([[1.0], [-1.0]], np.float32), [3, 1])
    terms = terms_of(model, "generator", x, [noise], monkeypatch)
    likelihood = stats.norm(b, np.sqrt(variance)).logpdf(x).mean()
    assert sum(terms.values()) == close(-likelihood)


def test_who_learns_from_which_term(make_model, rows):
    both = {"generator", "encoder"}
    assert all_routes(make_model("vae"), rows(8)) == {
        "generator": {"kl": {"encoder"}, "reconstruction": both}
    }


def test_the_code_of_a_sample_is_the_mean(make_model, rows):
    model, x = make_model("vae"), rows(9)
    mean, _ = forward(model.encoder, x)
    np.testing.assert_allclose(model.invert(x), mean, atol=1e-5)
    rebuilt = forward(model.generator, mean)
    np.testing.assert_allclose(model.reconstruct(x), rebuilt, atol=1e-5)


def test_every_step_draws_other_noise_for_the_codes(make_model, rows):
    model, x = make_model("vae"), tf.constant(rows(9))
    batch = methods.base.Batch(x)
    one, other = (float(model.generator_loss(batch)["reconstruction"]) for _ in range(2))
    assert one != other
    again = float(model.generator_loss(methods.base.Batch(x))["reconstruction"])
    assert again == one  # The noise is a function of seed, step and call.


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"decoder_std": 0}, "decoder_std must be above 0; got 0"),
        ({"decoder_std": -1.0}, "decoder_std must be a finite number of at least 0; got -1.0"),
        ({"decoder_std": "learned"}, "decoder_std must be a finite number .*; got 'learned'"),
        ({"kl_weight": float("nan")}, "kl_weight must be a finite number .*; got nan"),
    ],
)
def test_refusals(make_model, values, message):
    with pytest.raises(ValueError, match=message):
        make_model("vae", **values)
