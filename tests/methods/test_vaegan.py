"""VAE/GAN by features and by pixels: its three losses, and what may not reach the encoder."""

import numpy as np
import pytest
from by_hand import close, fake_loss, features, forward, half_squares, real_loss, terms_of
from routing import all_routes

from keras_iidgan import methods, networks

NAMES = ("vaegan", "vaegan_pixel")
every_view = pytest.mark.parametrize("name", NAMES)


@pytest.fixture
def drawn(rows):
    """Data, codes and the noise of the encoder."""
    return rows(12), rows(12, dimensions=2, seed=5), rows(12, dimensions=2, seed=6)


def by_hand(model, x, z, noise):
    """Mean and log variance, G(z), G(z') and the reconstruction's value."""
    mean, log_variance = forward(model.encoder, x)
    rebuilt = forward(model.generator, mean + np.exp(log_variance / 2) * noise)
    pair = [x, rebuilt]
    if type(model).__name__ == "VAEGAN":
        pair = [features(model.discriminator, each) for each in pair]
    return (mean, log_variance), forward(model.generator, z), rebuilt, half_squares(*pair)


@every_view
def test_the_discriminator_rejects_generated_and_rebuilt_samples(
    make_model, drawn, monkeypatch, name
):
    model, (x, z, noise) = make_model(name), drawn
    _, x_fake, rebuilt, _ = by_hand(model, x, z, noise)
    real, fake, back = (forward(model.discriminator, each) for each in (x, x_fake, rebuilt))
    assert terms_of(model, "discriminator", x, [noise, z], monkeypatch) == {
        "adversarial": close(real_loss(real) + fake_loss(fake)),
        "adversarial_rebuilt": close(fake_loss(back)),
    }


@every_view
def test_the_encoder_minimises_a_bound(make_model, drawn, monkeypatch, name):
    model, (x, z, noise) = make_model(name, kl_weight=0.5, reconstruction_weight=7.0), drawn
    (mean, log_variance), _, _, error = by_hand(model, x, z, noise)
    kl = 0.5 * (np.exp(log_variance) + mean**2 - 1 - log_variance).sum(axis=1).mean()
    assert terms_of(model, "encoder", x, [noise], monkeypatch) == {
        "kl": close(0.5 * kl),
        "reconstruction": close(error),
    }


@every_view
def test_the_generator_fools_and_rebuilds(make_model, drawn, monkeypatch, name):
    model, (x, z, noise) = make_model(name, reconstruction_weight=7.0), drawn
    _, x_fake, rebuilt, error = by_hand(model, x, z, noise)
    fake, back = (forward(model.discriminator, each) for each in (x_fake, rebuilt))
    assert terms_of(model, "generator", x, [z, noise], monkeypatch) == {
        "adversarial": close(real_loss(fake)),
        "adversarial_rebuilt": close(real_loss(back)),
        "reconstruction": close(7 * error),
    }


@every_view
def test_the_encoder_learns_nothing_from_the_game(make_model, rows, name):
    assert all_routes(make_model(name), rows(8)) == {
        "discriminator": {
            "adversarial": {"discriminator"},
            "adversarial_rebuilt": {"discriminator"},
        },
        "encoder": {"kl": {"encoder"}, "reconstruction": {"encoder"}},
        "generator": {
            "adversarial": {"generator"},
            "adversarial_rebuilt": {"generator"},
            "reconstruction": {"generator"},
        },
    }


@pytest.mark.parametrize("name", [*NAMES, "ldmgan"])
def test_another_game_leaves_the_encoders_step_as_it_is(make_model, rows, name):
    """The weights after a whole step, bit by bit, with G's losses of two forms."""
    stepped = {}
    for adversarial in ("non_saturating", "saturating"):
        model = make_model(name, adversarial=adversarial, run_eagerly=True)
        model.train_on_batch(rows(8))
        stepped[adversarial] = model.encoder.get_weights(), model.generator.get_weights()
    (one, one_generator), (other, other_generator) = stepped.values()
    assert all((a == b).all() for a, b in zip(one, other, strict=True))
    assert any((a != b).any() for a, b in zip(one_generator, other_generator, strict=True))


@pytest.mark.parametrize("name", ["vaegan_pixel", "ldmgan"])
def test_another_discriminator_leaves_the_encoders_step_as_it_is(make_model, rows, name):
    encoders = []
    for scale in (1.0, -3.0):
        model = make_model(name, run_eagerly=True)
        weights = model.discriminator.get_weights()
        model.discriminator.set_weights([scale * w for w in weights])
        model.train_on_batch(rows(8))
        encoders.append(model.encoder.get_weights())
    assert all((a == b).all() for a, b in zip(*encoders, strict=True))


def test_the_features_are_those_of_the_discriminator_as_it_learns(make_model, rows):
    model, x = make_model("vaegan", run_eagerly=True), rows(8)
    before = networks.featured(model.discriminator)(x)[0].numpy()
    model.train_on_batch(x)
    after = networks.featured(model.discriminator)(x)[0].numpy()
    assert np.abs(after - before).max() > 1e-4
    np.testing.assert_allclose(after, features(model.discriminator, x), atol=1e-6)
    rebuilt = rows(8, seed=4)
    expected = half_squares(*(features(model.discriminator, each) for each in (x, rebuilt)))
    assert float(model.reconstruction(x, rebuilt)) == close(expected)


def test_defaults_are_the_papers(make_model):
    weights = {name: methods.hparams(name)["reconstruction_weight"] for name in NAMES}
    assert weights == {"vaegan": 5e-5, "vaegan_pixel": 1.0}
