"""The adversarial autoencoder's losses against NumPy, and its phases."""

import pytest
from by_hand import close, fake_loss, forward, half_squares, real_loss, terms_of
from routing import all_routes


@pytest.mark.parametrize("adversarial", ["non_saturating", "saturating"])
def test_values(make_model, rows, monkeypatch, adversarial):
    x, z = rows(12), rows(12, dimensions=2, seed=5)
    model = make_model("aae", adversarial=adversarial, reconstruction_weight=0.5)
    codes = forward(model.encoder, x)
    error = half_squares(x, forward(model.generator, codes))
    found = terms_of(model, "generator", x, [], monkeypatch)
    assert found == {"reconstruction": close(0.5 * error)}
    real, fake = (forward(model.latent_discriminator, each) for each in (z, codes))
    found = terms_of(model, "latent_discriminator", x, [z], monkeypatch)
    assert found == {"adversarial": close(real_loss(real) + fake_loss(fake))}
    expected = real_loss(fake) if adversarial == "non_saturating" else -fake_loss(fake)
    found = terms_of(model, "encoder", x, [], monkeypatch)
    assert found == {"adversarial": close(expected)}


def test_the_decoder_learns_from_the_reconstruction_alone(make_model, rows):
    found = all_routes(make_model("aae"), rows(8))
    assert found == {
        "generator": {"reconstruction": {"generator", "encoder"}},
        "latent_discriminator": {"adversarial": {"latent_discriminator"}},
        "encoder": {"adversarial": {"encoder"}},
    }
    assert list(found) == ["generator", "latent_discriminator", "encoder"]


def test_refusals(make_model):
    with pytest.raises(ValueError, match=r"adversarial must be one of .*; got 'hinge'"):
        make_model("aae", adversarial="hinge")
    with pytest.raises(ValueError, match=r"reconstruction_weight must be .*; got -1"):
        make_model("aae", reconstruction_weight=-1)
