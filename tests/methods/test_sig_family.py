"""SIG and GAN-SI: their terms in SciPy, who learns from them, and what they sample."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from routing import all_routes
from scipy import special, stats
from test_iidgan_values import close, forward, softplus

from keras_iidgan import methods
from keras_iidgan.methods.base import Batch


@pytest.fixture
def terms(monkeypatch, rows):
    """The generator's terms on known data and codes: one set for D, one for the mixture."""
    x, z, shared = rows(12), rows(12, dimensions=2, seed=5), rows(20, dimensions=2, seed=6)

    def draw(model, batch, shape):
        del model, batch
        assert shape == [20, 2]
        return tf.constant(shared)

    def compute(model):
        monkeypatch.setattr(type(model), "draw_latents", lambda self, batch: tf.constant(z))
        monkeypatch.setattr(type(model), "draw_shared", draw)
        found = model.generator_loss(Batch(tf.constant(x)))
        return {k: float(v) for k, v in found.items()}, x.astype(np.float64), z, shared

    return compute


def cross_entropy(x, theta, scale):
    densities = stats.norm.logpdf(x[:, None], theta, scale).sum(axis=-1)  # [N, M]
    return -np.mean(special.logsumexp(densities, axis=1) - math.log(len(theta)))


@pytest.mark.parametrize("scale", [0.1, 2.0])
def test_sig_is_the_cross_entropy_of_the_mixture(make_model, terms, scale):
    model = make_model("sig", mixture_draws=20, scale=scale)
    found, x, _, shared = terms(model)
    expected = cross_entropy(x, forward(model.generator, shared), scale)
    assert found == {"cross_entropy": close(expected)}


@pytest.mark.parametrize("weight", [2.5, "auto"])
def test_gan_si_adds_it_to_the_game(make_model, terms, weight):
    """Eq. 12. By line 6 of algorithm 1 its sign would be the other one."""
    model = make_model("gan_si", mixture_draws=20, scale=0.4, semi_implicit_weight=weight)
    found, x, z, shared = terms(model)
    adversarial = softplus(-forward(model.discriminator, forward(model.generator, z))).mean()
    value = cross_entropy(x, forward(model.generator, shared), 0.4)
    if weight == "auto":
        weight = adversarial / (value + 3 * stats.norm.logpdf(0, scale=0.4))
    assert found == {"adversarial": close(adversarial), "semi_implicit": close(weight * value)}
    assert value > 0


def test_the_defaults_are_the_papers():
    assert methods.hparams("sig") == {
        "likelihood": "gaussian",
        "mixture_draws": 100,
        "scale": 0.1,
    }
    own = {"semi_implicit_weight": "auto", "mixture_draws": 100, "scale": 0.1}
    assert own.items() <= methods.hparams("gan_si").items()


@pytest.mark.parametrize("weight", [2.5, "auto"])
def test_wgan_gp_si_adds_it_to_the_critics_game(make_model, terms, weight):
    values = {"mixture_draws": 20, "scale": 0.4, "semi_implicit_weight": weight}
    model = make_model("wgan_gp_si", critic_steps=1, **values)
    found, x, z, shared = terms(model)
    score = forward(model.discriminator, forward(model.generator, z)).mean()
    value = cross_entropy(x, forward(model.generator, shared), 0.4)
    if weight == "auto":
        weight = abs(score) / (value + 3 * stats.norm.logpdf(0, scale=0.4))
    assert found == {"adversarial": close(-score), "semi_implicit": close(weight * value)}


def gradients(model, x, term):
    with tf.GradientTape() as tape:
        value = model.generator_loss(Batch(tf.constant(x)))[term]
    return tape.gradient(value, model.generator.trainable_variables)


def test_the_automatic_weight_is_a_constant_to_the_gradient(make_model, rows):
    x = rows(12)
    auto = make_model("gan_si", mixture_draws=20)
    terms = auto.generator_loss(Batch(tf.constant(x)))
    plain = make_model("gan_si", mixture_draws=20, semi_implicit_weight=1.0)
    value = plain.generator_loss(Batch(tf.constant(x)))["semi_implicit"]
    weight = float(terms["semi_implicit"]) / float(value)
    for one, other in zip(
        gradients(auto, x, "semi_implicit"), gradients(plain, x, "semi_implicit"), strict=True
    ):
        np.testing.assert_allclose(one, weight * other, rtol=1e-3, atol=1e-7)


def test_steps_down_its_gradient_make_the_data_likelier(make_model, rows):
    """The sign, by what training does: data at 3, samples that begin around 0."""
    x = (0.1 * rows(32) + 3).astype(np.float32)
    for name in ("sig", "gan_si"):
        model = make_model(name, optimizer=keras.optimizers.Adam(0.05), scale=0.5)
        before = np.abs(model.sample(500) - x.mean(axis=0)).mean()
        model.fit(x, batch_size=32, epochs=80, verbose=0)
        assert np.abs(model.sample(500) - x.mean(axis=0)).mean() < 0.5 * before, name


def test_who_learns_from_which_term(make_model, rows):
    alone = {"generator"}
    assert all_routes(make_model("sig"), rows(8)) == {"generator": {"cross_entropy": alone}}
    discriminator = {"discriminator": {"adversarial": {"discriminator"}}}
    for weight in (0.3, "auto"):
        model = make_model("gan_si", semi_implicit_weight=weight)
        both = {"adversarial": alone, "semi_implicit": alone}
        assert all_routes(model, rows(8)) == discriminator | {"generator": both}
    without = make_model("gan_si", semi_implicit_weight=0)
    assert all_routes(without, rows(8)) == discriminator | {"generator": {"adversarial": alone}}
    critic = all_routes(make_model("wgan_gp_si"), rows(8))
    assert set(critic["discriminator"]) == {"adversarial", "penalty"}
    assert critic["generator"] == both


@pytest.mark.parametrize("draws", [1, 7, 40])
def test_the_number_of_draws_is_not_that_of_the_batch(make_model, rows, draws):
    model = make_model("sig", mixture_draws=draws, steps=2, jit=True)
    logs = model.fit(rows(16), batch_size=8, verbose=0).history
    assert np.isfinite(logs["generator_cross_entropy"]).all()


# What is sampled.


def test_samples_of_points_are_theta_with_noise(make_model):
    model = make_model("sig", scale=0.3)
    theta, x = model.generate(model.latents(20_000, seed=4)), model.sample(20_000, seed=4)
    noise = x - theta
    assert noise.std() == pytest.approx(0.3, rel=0.02)
    assert np.abs(noise.mean(axis=0)).max() < 0.01
    correlation = np.corrcoef(noise.T, theta.T)
    assert np.abs(correlation - np.eye(6))[:3].max() < 0.04
    np.testing.assert_array_equal(np.concatenate([*model.sample_chunks(20_000, seed=4)]), x)
    assert (model.sample(100, seed=4)[:, 0] != model.sample(100, seed=5)[:, 0]).all()


def test_samples_of_images_are_theta():
    model = methods.create("sig", data_shape=(8, 8, 1), latent_dim=2)
    expected = model.generate(model.latents(5, seed=2))
    np.testing.assert_array_equal(model.sample(5, seed=2), expected)
    np.testing.assert_array_equal(next(model.sample_chunks(5, seed=2)), expected)


def test_a_gan_with_the_regulariser_samples_theta(make_model):
    model = make_model("gan_si")
    np.testing.assert_array_equal(model.sample(9), model.generate(model.latents(9)))


@pytest.fixture
def poisson():
    keras.utils.set_random_seed(1)
    model = methods.create(
        "sig", data_shape=(1,), latent_dim=10, likelihood="poisson", ema=0.9, seed=3
    )
    model.compile(keras.optimizers.Adam(5e-3), steps_per_execution=50, jit_compile=True)
    return model


def test_counts_are_learnt_and_sampled_as_counts(poisson, tmp_path):
    """Half the data near 20, half near 2: two modes, and a variance no single Poisson has."""
    generator = np.random.default_rng(0)
    x = generator.poisson(np.where(np.arange(4096) % 2, 20.0, 2.0))[:, None].astype(np.float32)
    poisson.fit(x, batch_size=128, epochs=12, verbose=0)
    found = poisson.sample(20_000)
    assert found.dtype == np.float32 and (found == found.round()).all() and found.min() >= 0
    assert found.mean() == pytest.approx(x.mean(), rel=0.1)
    assert found.var() == pytest.approx(x.var(), rel=0.2)
    shares = np.histogram(found, [0, 6.5, 12.5, 100])[0] / len(found)
    assert np.abs(shares - np.histogram(x, [0, 6.5, 12.5, 100])[0] / len(x)).max() < 0.06
    poisson.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.sample(50), poisson.sample(50))


def test_rates_are_above_0(poisson):
    rates = poisson.generate(np.full((4, 10), -100.0))
    assert (rates >= 0).all() and (poisson.generate(poisson.latents(100)) > 0).all()


@pytest.mark.parametrize("name", ["sig", "gan_si"])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"mixture_draws": 0}, "mixture_draws must be a whole number of at least 1; got 0"),
        ({"mixture_draws": 1.5}, "mixture_draws must be a whole number of at least 1; got 1.5"),
        ({"scale": 0}, "scale must be a finite number above 0; got 0"),
        ({"scale": "auto"}, "scale must be a finite number above 0; got 'auto'"),
    ],
)
def test_bad_values_are_refused(name, value, message):
    with pytest.raises(ValueError, match=message):
        methods.create(name, data_shape=(2,), latent_dim=2, **value)


def test_bad_values_of_one_of_them_are_refused():
    sizes = {"data_shape": (8, 8, 1), "latent_dim": 2}
    with pytest.raises(ValueError, match="likelihood must be one of gaussian, poisson; got 'x'"):
        methods.create("sig", **sizes, likelihood="x")
    with pytest.raises(ValueError, match="likelihood must be gaussian for images; got 'poisson'"):
        methods.create("sig", **sizes, likelihood="poisson")
    with pytest.raises(ValueError, match="semi_implicit_weight must be a finite number"):
        methods.create("gan_si", **sizes, semi_implicit_weight="much")
