"""VEEGAN's losses against NumPy, its labels beside the authors', and who learns from which term."""

import numpy as np
import pytest
from by_hand import close, fake_loss, forward, half_squares, real_loss, terms_of
from routing import all_routes


@pytest.fixture
def drawn(rows):
    """Data, codes and the noise of R(x)."""
    return rows(12), rows(12, dimensions=2, seed=5), rows(12, dimensions=2, seed=6)


def pair_logits(model, x, z, noise):
    """Logits of (x, a draw of N(F(x), I)) and of (G(z), z)."""
    d = model.discriminator
    real = forward(d, x, forward(model.encoder, x) + noise)
    return real, forward(d, forward(model.generator, z), z)


def test_the_discriminator_sees_draws_of_codes_and_data_are_real(make_model, drawn, monkeypatch):
    model, (x, z, noise) = make_model("veegan"), drawn
    real, fake = pair_logits(model, x, z, noise)
    found = terms_of(model, "discriminator", x, [z, noise], monkeypatch)
    assert found == {"adversarial": close(real_loss(real) + fake_loss(fake))}


def test_the_generator_raises_its_logit_and_rebuilds_codes(make_model, drawn, monkeypatch):
    model, (x, z, noise) = make_model("veegan", z_reconstruction_weight=0.5), drawn
    _, fake = pair_logits(model, x, z, noise)
    z_back = forward(model.encoder, forward(model.generator, z))
    assert terms_of(model, "generator", x, [z], monkeypatch) == {
        "adversarial": close(-fake.mean()),
        "z_reconstruction": close(0.5 * half_squares(z, z_back)),
    }


def test_the_reconstruction_is_a_sum_over_latent_dimensions(make_model, drawn, monkeypatch):
    """An encoder that says 0: half the squared norm of z, not a mean of its squares."""
    model, (x, z, _) = make_model("veegan"), drawn
    model.encoder.set_weights([np.zeros_like(w) for w in model.encoder.get_weights()])
    found = terms_of(model, "generator", x, [z], monkeypatch)["z_reconstruction"]
    assert found == close((z**2).sum() / len(z) / 2)


def test_with_the_logits_sign_turned_the_losses_are_the_authors(make_model, drawn, monkeypatch):
    """Theirs: label 1 for the pairs of G, 0 for those of data, and G minimises the logit."""
    model, (x, z, noise) = make_model("veegan"), drawn
    real, fake = (-logits for logits in pair_logits(model, x, z, noise))
    theirs = {"discriminator": real_loss(fake) + fake_loss(real), "generator": fake.mean()}
    for player, draws in (("discriminator", [z, noise]), ("generator", [z])):
        found = terms_of(model, player, x, draws, monkeypatch)["adversarial"]
        assert found == close(theirs[player])


@pytest.mark.parametrize("adversarial", ["non_saturating", "saturating"])
def test_the_forms_of_gan_are_options(make_model, drawn, monkeypatch, adversarial):
    model, (x, z, noise) = make_model("veegan", adversarial=adversarial), drawn
    _, fake = pair_logits(model, x, z, noise)
    expected = real_loss(fake) if adversarial == "non_saturating" else -fake_loss(fake)
    found = terms_of(model, "generator", x, [z], monkeypatch)["adversarial"]
    assert found == close(expected)


def test_the_encoder_learns_from_the_reconstruction_alone(make_model, rows):
    assert all_routes(make_model("veegan"), rows(8)) == {
        "discriminator": {"adversarial": {"discriminator"}},
        "generator": {
            "adversarial": {"generator"},
            "z_reconstruction": {"generator", "encoder"},
        },
    }


def test_refusals(make_model):
    known = "adversarial must be one of logit, non_saturating, saturating; got 'hinge'"
    with pytest.raises(ValueError, match=known):
        make_model("veegan", adversarial="hinge")
    with pytest.raises(ValueError, match=r"z_reconstruction_weight must be a finite .*; got -1"):
        make_model("veegan", z_reconstruction_weight=-1)
