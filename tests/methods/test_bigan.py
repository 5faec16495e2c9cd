"""BiGAN's losses on pairs against NumPy, and who learns from which pair."""

import numpy as np
import pytest
from by_hand import close, fake_loss, forward, real_loss, terms_of
from routing import all_routes


@pytest.fixture
def pairs(rows):
    x, z = rows(12), rows(12, dimensions=2, seed=5)

    def compute(model):
        """Logits of (x, F(x)) and of (G(z), z)."""
        d = model.discriminator
        real = forward(d, x, forward(model.encoder, x))
        return real, forward(d, forward(model.generator, z), z)

    return x, z, compute


def test_data_with_their_codes_are_real(make_model, pairs, monkeypatch):
    model, (x, z, compute) = make_model("bigan"), pairs
    real, fake = compute(model)
    found = terms_of(model, "discriminator", x, [z], monkeypatch)
    assert found == {"adversarial": close(real_loss(real) + fake_loss(fake))}


def test_both_pairs_have_the_other_label_for_generator_and_encoder(make_model, pairs, monkeypatch):
    model, (x, z, compute) = make_model("bigan"), pairs
    real, fake = compute(model)
    # And there is no other term: nothing is compared with its reconstruction.
    assert terms_of(model, "generator", x, [z], monkeypatch) == {
        "adversarial_real": close(fake_loss(real) / 2),
        "adversarial_fake": close(real_loss(fake) / 2),
    }


def test_the_saturating_game_is_half_the_discriminators_loss_turned_round(
    make_model, pairs, monkeypatch
):
    model, (x, z, _) = make_model("bigan", adversarial="saturating"), pairs
    paid = terms_of(model, "discriminator", x, [z], monkeypatch)["adversarial"]
    gained = terms_of(model, "generator", x, [z], monkeypatch)
    assert sum(gained.values()) == close(-paid / 2)


def test_a_discriminator_that_cannot_tell_costs_the_logarithms_of_2(make_model, pairs, monkeypatch):
    model, (x, z, _) = make_model("bigan"), pairs
    model.discriminator.set_weights([np.zeros_like(w) for w in model.discriminator.get_weights()])
    found = terms_of(model, "discriminator", x, [z], monkeypatch)
    assert found == {"adversarial": close(2 * np.log(2))}
    found = terms_of(model, "generator", x, [z], monkeypatch)
    half = close(np.log(2) / 2)
    assert found == {"adversarial_real": half, "adversarial_fake": half}


@pytest.mark.parametrize("adversarial", ["non_saturating", "saturating"])
def test_each_pair_teaches_the_network_that_made_it(make_model, rows, adversarial):
    assert all_routes(make_model("bigan", adversarial=adversarial), rows(8)) == {
        "discriminator": {"adversarial": {"discriminator"}},
        "generator": {"adversarial_real": {"encoder"}, "adversarial_fake": {"generator"}},
    }


def test_instance_noise_is_on_the_samples_of_both_pairs_not_on_codes(
    make_model, pairs, rows, monkeypatch
):
    model, (x, z, _) = make_model("bigan", instance_noise=0.5), pairs
    d, real_noise, fake_noise = model.discriminator, rows(12, seed=8), rows(12, seed=9)
    found = terms_of(model, "discriminator", x, [z, real_noise, fake_noise], monkeypatch)
    real = forward(d, x + 0.5 * real_noise, forward(model.encoder, x))
    fake = forward(d, forward(model.generator, z) + 0.5 * fake_noise, z)
    assert found == {"adversarial": close(real_loss(real) + fake_loss(fake))}
